from odoo import api, fields, models

from ..tools.opening import is_moving, moving, opened
from .base_import import is_importing


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

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        customers = partners.filtered('k20_kind')
        if customers:
            customers._k20_record_first_owner()
        return partners

    def _k20_record_first_owner(self):
        """Write the first row of new customers; those in the pool get theirs with the first owner."""
        owned = self.filtered('user_id')
        now = fields.Datetime.now()
        with moving():
            owned.sudo().k20_owned_since = now
        kind = 'import' if is_importing() else 'assign'
        self.env['k20.customer.assignment']._k20_record(kind, owned, dict.fromkeys(owned, self.env['res.users']))

    def _k20_owner_moved(self, before):
        result = super()._k20_owner_moved(before)
        if is_moving():
            return result  # the engine writes its own row
        moved = self.filtered(lambda customer: customer.k20_kind and customer.user_id != before[customer.id][1])
        if moved:
            moved._k20_close_requests()
            with moving():
                moved.sudo().k20_owned_since = fields.Datetime.now()
            self.env['k20.customer.assignment']._k20_record(
                'assign', moved, {customer: before[customer.id][1] for customer in moved}
            )
        return result

    def _k20_close_requests(self):
        """Close the open requests on these customers: the administrator has decided otherwise."""
        requests = (
            self.env['k20.customer.assignment']
            .sudo()
            .search([('partner_id', 'in', self.ids), ('k20_approval_state', 'in', ('draft', 'submitted'))])
        )
        for request in requests:
            with opened(request):
                request._k20_close_tasks()
                request.k20_approval_state = 'rejected'
                request._k20_tell_requester(self.env._("The administrator has assigned this customer meanwhile."))
