from odoo import api, fields, models

from ..tools.pinyin import pinyin

# Columns that a search by name looks into beside Odoo's own, each with a trigram index for "contains".
SEARCHED = ['k20_code', 'k20_pinyin', 'phone']


def _trigram(column):
    """Return an index that finds a part of a text in `column`."""
    return models.Index(lambda registry: f'USING gin ({column} gin_trgm_ops)' if registry.has_trigram else '')


class ResPartner(models.Model):
    """Customers are found by part of name, code, phone or pinyin. (R007)"""

    _inherit = 'res.partner'

    k20_pinyin = fields.Char("Pinyin", compute='_compute_k20_pinyin', store=True, index='trigram', copy=False)
    phone = fields.Char(index='trigram')
    email = fields.Char(index='trigram')

    # These have indexes of Odoo's, which stay beside ours: a field with one gets no second from `index='trigram'`. One
    # column without a trigram index, and PostgreSQL reads the whole table for a name.
    _k20_complete_name_trgm = _trigram('complete_name')
    _k20_ref_trgm = _trigram('ref')
    _k20_vat_trgm = _trigram('vat')
    _k20_company_registry_trgm = _trigram('company_registry')

    @property
    def _rec_names_search(self):
        return [*super()._rec_names_search, *SEARCHED]

    @api.depends('name')
    def _compute_k20_pinyin(self):
        for partner in self:
            partner.k20_pinyin = pinyin(partner.name) if partner.name and not partner.name.isascii() else False
