from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class K20PoolCustomer(models.Model):
    """What everybody who sells may know of a customer without owner: no phone, email, address or contact. (R059, R061)

    Its id is the customer's. Salespeople cannot read the customer itself.
    """

    _name = 'k20.pool.customer'
    _description = "Customer in the Pool"
    _auto = False
    _order = 'k20_pool_since desc, id'
    _rec_names_search = ['name', 'k20_code', 'k20_pinyin']
    _depends = {
        'res.partner': [
            'name', 'k20_code', 'k20_kind', 'k20_type_id', 'k20_star', 'state_id', 'city_id', 'k20_prefecture',
            'k20_in_pool', 'k20_pool_since', 'k20_pool_reason', 'k20_pinyin', 'company_id', 'active',
            'k20_last_followup_date', 'k20_first_deal_date', 'k20_last_deal_date', 'k20_deal_count',
        ],
        'k20.followup': ['partner_id'],
        'k20.customer.assignment': ['partner_id', 'k20_approval_state'],
    }  # fmt: skip

    name = fields.Char(readonly=True)
    k20_code = fields.Char("Customer Code", readonly=True)
    k20_kind = fields.Selection(
        [('channel', "Channel"), ('end', "End customer")], string="Customer Kind", readonly=True
    )
    k20_type_id = fields.Many2one('k20.customer.type', "Customer Type", readonly=True)
    k20_star = fields.Selection([(str(n), "★" * n) for n in range(1, 6)], string="Star", readonly=True)
    state_id = fields.Many2one('res.country.state', "Province", readonly=True)
    city_id = fields.Many2one('res.city', "District", readonly=True)
    k20_prefecture = fields.Char("City", readonly=True)
    k20_pool_since = fields.Datetime("In the Pool Since", readonly=True)
    k20_pool_reason = fields.Char("Why in the Pool", readonly=True)
    k20_pinyin = fields.Char("Pinyin", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    followup_count = fields.Integer("Number of Follow-ups", readonly=True)
    k20_last_followup_date = fields.Date("Last Follow-up", readonly=True)
    k20_first_deal_date = fields.Date("First Deal", readonly=True)
    k20_last_deal_date = fields.Date("Last Deal", readonly=True)
    k20_deal_count = fields.Integer("Deals", readonly=True)
    is_asked_for = fields.Boolean("Asked For", readonly=True, help="Somebody has asked for it; the decision is open.")
    followup_ids = fields.One2many('k20.pool.followup', 'pool_id', "Past Follow-ups", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            "SELECT %(columns)s FROM res_partner partner WHERE %(condition)s",
            columns=SQL(', ').join(self._query_columns()),
            condition=SQL("partner.k20_in_pool IS TRUE AND partner.active AND partner.k20_kind IS NOT NULL"),
        )

    def _query_columns(self):
        """Hook: the columns of the view; nothing that says how to reach the customer may be among them."""
        names = (
            'id', 'name', 'k20_code', 'k20_kind', 'k20_type_id', 'k20_star', 'state_id', 'city_id', 'k20_prefecture',
            'k20_pool_since', 'k20_pool_reason', 'k20_pinyin', 'company_id', 'k20_last_followup_date',
            'k20_first_deal_date', 'k20_last_deal_date', 'k20_deal_count',
        )  # fmt: skip
        return [
            *(SQL.identifier('partner', name) for name in names),
            SQL("(SELECT COUNT(*) FROM k20_followup f WHERE f.partner_id = partner.id) AS followup_count"),
            SQL(
                "EXISTS (SELECT FROM k20_customer_assignment a WHERE a.partner_id = partner.id"
                " AND a.k20_approval_state = 'submitted') AS is_asked_for"
            ),
        ]

    def _k20_is_there(self, customer):
        """Tell whether `customer` is in the pool, by searching it again."""
        return bool(customer) and bool(self.search_count([('id', '=', customer.id)], limit=1))

    def action_claim(self, reason=None):
        """Ask for these customers of the pool, all or none. (R060, R181)

        :param str reason: why, for the approver; optional
        :return: True
        :raise UserError: where one of them cannot be claimed; the words are the same for every id that is not there
        """
        # Found by searching the pool again as the user: an access check would let any id pass.
        found = self.search([('id', 'in', self.ids)])
        if not self or set(found._ids) != set(self._ids):  # `ids` would leave out 0
            raise UserError(self.env._("This customer is not in the pool: look for another one there."))
        self.env['k20.customer.assignment']._k20_request('claim', found.ids, reason)
        return True
