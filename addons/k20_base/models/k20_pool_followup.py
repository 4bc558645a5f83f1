import re

from odoo import api, fields, models
from odoo.tools import SQL

# Phone numbers, email addresses, and what follows the names of messengers; typed into a text they would give all away.
REACHES = re.compile(
    r'[\w.+-]+\s?[@＠]\s?[\w-]+[.．。][\w.．-]+'
    r'|(?:微信|wechat|weixin|vx|qq|钉钉|dingtalk)\s*(?:号|id)?\s*(?:是|为|[:：])?\s*[\w-]{4,}'
    r'|[+(（]*\d[\d\s()（）.．·•_/~*－‐-―-]{5,}\d',
    re.IGNORECASE,
)
MASK = '***'
TITLES = re.compile(
    '(?=总|经理|主任|主管|主席|工|先生|女士|小姐|老师|助理|秘书|会计|书记|董|局|处长|科长|部长|厂长|店长|所长|院长|校长)'
)


class K20PoolFollowup(models.Model):
    """Past follow-ups of the customers in the pool, without what tells how to reach anybody. (R061)"""

    _name = 'k20.pool.followup'
    _description = "Follow-up of a Customer in the Pool"
    _auto = False
    _order = 'date desc, id desc'
    _depends = {
        'k20.followup': ['partner_id', 'date', 'method_id', 'status', 'content'],
        'res.partner': ['k20_in_pool', 'active'],
    }

    pool_id = fields.Many2one('k20.pool.customer', "Customer", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    date = fields.Date(readonly=True)
    method_id = fields.Many2one('k20.followup.method', readonly=True)
    status = fields.Selection('_followup_statuses', readonly=True)
    content = fields.Text(compute='_compute_content', help="Numbers, addresses and names of contacts are masked.")

    @api.model
    def _followup_statuses(self):
        return self.env['k20.followup']._fields['status']._description_selection(self.env)

    @property
    def _table_query(self):
        return SQL(
            "SELECT f.id, f.partner_id AS pool_id, partner.company_id, f.date, f.method_id, f.status"
            " FROM k20_followup f JOIN res_partner partner ON partner.id = f.partner_id"
            " WHERE partner.k20_in_pool IS TRUE AND partner.active AND partner.k20_kind IS NOT NULL"
        )

    def _compute_content(self):
        # sudo: the text is read to be masked, and only what is left is shown.
        followups = self.env['k20.followup'].sudo().browse(self.ids)
        names = followups.partner_id._k20_contact_names()
        for entry, followup in zip(self, followups, strict=True):
            entry.content = self._k20_masked(followup.content or '', names[followup.partner_id])

    @api.model
    def _k20_masked(self, text, names):
        """Return `text` without numbers, addresses, messenger ids and the `names` of contacts.

        A Chinese contact is masked by the whole name and by the family name with a title (王经理).
        """
        text = REACHES.sub(MASK, text)
        for name in sorted(filter(None, names), key=len, reverse=True):
            text = re.sub(re.escape(name), MASK, text, flags=re.IGNORECASE)
            if len(name) in (2, 3, 4) and not name.isascii():
                text = re.sub(re.escape(name[0]) + TITLES.pattern, MASK, text)
        return text
