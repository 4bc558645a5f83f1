from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.opening import is_importing, is_moving, moving

# What only an owner has: it ends when the customer goes to the pool.
OWNERS_FIELDS = ('k20_owned_since', 'k20_locked_until', 'k20_protected_until', 'k20_loss_refused_on')


class ResPartner(models.Model):
    """Every move of a customer leaves a row: the list of them is its history. (R139, R181, R184)"""

    _inherit = 'res.partner'

    k20_assignment_ids = fields.One2many(
        'k20.customer.assignment',
        'partner_id',
        "History",
        readonly=True,
        copy=False,
        groups='k20_base.group_k20_salesperson,k20_base.group_k20_finance',
    )
    k20_moves = fields.Integer("Counted Moves", copy=False, groups='base.group_system')

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        customers = partners.filtered('k20_kind')
        if customers:
            customers._k20_record_first_owner()
        return partners

    def _k20_record_first_owner(self):
        """Write the first row of new customers: whose they are, or that they are in the pool."""
        with moving():
            self.filtered('user_id').sudo().k20_owned_since = fields.Datetime.now()
        self._k20_record_move('import' if is_importing() else 'assign', dict.fromkeys(self, self.env['res.users']))

    @api.model
    def _k20_prepare_move(self, vals, in_pool):
        ends = dict.fromkeys(OWNERS_FIELDS, False) if in_pool else {}
        return {**super()._k20_prepare_move(vals, in_pool), **ends}

    def _k20_owner_moved(self, before):
        result = super()._k20_owner_moved(before)
        customers = self.filtered('k20_kind')
        made = customers.filtered(lambda customer: not before[customer.id].kind)
        moved = (customers - made).filtered(lambda customer: customer.user_id != before[customer.id].owner)
        if made:
            made._k20_record_first_owner()
        if not is_moving():  # the engine writes its own row
            moved._k20_record_direct_move({customer: before[customer.id].owner for customer in moved})
            (customers - made - moved)._k20_record_archiving(before)
        return result

    def _k20_record_direct_move(self, former_owners):
        """Write down that the administrator gave these customers to somebody else, or to the pool."""
        self._k20_close_requests(self.env._("The administrator has assigned this customer meanwhile."))
        with moving():
            self.filtered('user_id').sudo().k20_owned_since = fields.Datetime.now()
        self._k20_record_move('assign', former_owners)

    def _k20_record_archiving(self, before):
        """Write down that these customers were archived or restored; whose they are stays, and so does the clock."""
        for active, customers in (
            self.filtered(lambda one: one.active != before[one.id].active).grouped('active').items()
        ):
            customers._k20_close_requests(self.env._("The administrator has archived this customer meanwhile."))
            reason = self.env._("Restored") if active else self.env._("Archived")
            customers._k20_record_move('assign', {customer: customer.user_id for customer in customers}, reason)

    def _k20_record_move(self, kind, former_owners, reason=False):
        if self:
            self.env['k20.customer.assignment']._k20_record(kind, self, former_owners, reason)

    def _k20_open_requests(self):
        """Return the requests on these customers that wait for a decision, whoever asked; in sudo."""
        return (
            self.env['k20.customer.assignment']
            .sudo()
            .search([('partner_id', 'in', self.ids), ('k20_approval_state', '=', 'submitted')])
        )

    def _k20_close_requests(self, reason):
        """Close the open requests on these customers: the administrator has decided otherwise."""
        self._k20_open_requests()._k20_close(reason)

    def _k20_serialize_moves(self):
        """Let one transaction at a time ask for or move these customers: a second one is retried on fresh facts."""
        # Both write the same row, so that the database refuses the second; a lock alone would leave it a stale view.
        self.env.cr.execute(
            SQL("UPDATE res_partner SET k20_moves = COALESCE(k20_moves, 0) + 1 WHERE id IN %s", tuple(self.ids))
        )

    def _k20_usages(self):
        """What was asked for or decided on a customer keeps it too: its history is not lost. (R074)"""
        usages = super()._k20_usages()
        Assignment = self.env['k20.customer.assignment'].sudo()
        domain = [
            ('partner_id', 'in', self.ids),
            '|',
            ('kind', 'not in', ('assign', 'import')),
            ('from_user_id', '!=', False),
        ]
        for customer, count in Assignment._read_group(domain, ['partner_id'], ['__count']):
            usages.setdefault(customer.with_env(self.env), {})[self.env._("moves")] = count
        return usages
