import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# l10n_cn_city lists districts with the prefecture in front: 苏州市吴中区, 喀什地区疏附县, 兴安盟突泉县
PREFECTURE = re.compile(r'^(.+?(?:自治州|地区|盟|市))(?=.)')


class ResCity(models.Model):
    """Cities (市级): base data that the administrator alone changes; searched and grouped by prefecture. (R153)"""

    _name = 'res.city'
    _inherit = ['res.city', 'k20.rules.guard.mixin']

    k20_prefecture = fields.Char(
        "Prefecture",
        compute='_compute_k20_prefecture',
        store=True,
        readonly=False,
        index='btree_not_null',
        help="The city that this district belongs to; searching or grouping by it finds all its districts.",
    )

    _k20_name_uniq = models.UniqueIndex(
        "(state_id, (name->>'en_US')) WHERE state_id IS NOT NULL", "This city exists already in its province."
    )

    @api.constrains('name', 'country_id', 'state_id')
    def _check_name(self):
        for city in self:
            if not (city.name or '').strip():
                raise ValidationError(self.env._("The name is empty: type a name."))
            if city.country_id.code == 'CN' and not city.state_id:
                raise ValidationError(self.env._("%s has no province: choose the one it belongs to.", city.name))
            if city.state_id and city.state_id.country_id != city.country_id:
                raise ValidationError(
                    self.env._(
                        "%(city)s lies in %(country)s and %(state)s does not: choose a province of that country.",
                        city=city.name,
                        country=city.country_id.name,
                        state=city.state_id.name,
                    )
                )

    @api.depends('name', 'state_id.name')
    def _compute_k20_prefecture(self):
        for city in self:
            match = PREFECTURE.match(city.name or '')
            if match:
                city.k20_prefecture = match.group(1)
            elif (city.state_id.name or '').endswith('市'):  # the districts of the four municipalities
                city.k20_prefecture = city.state_id.name
            else:
                city.k20_prefecture = city.name
