from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class K20UserHandover(models.TransientModel):
    """离职交接: what a leaver looks after goes to a colleague, or the customers to the pool. (DESIGN §5)

    Higher addons hand over what they bring: projects, open orders, plans, issues (`_k20_hand_over`, `_k20_left_with`).
    """

    _name = 'k20.user.handover'
    _description = "Hand Over a Leaver's Work"

    user_id = fields.Many2one('res.users', "Leaver", required=True, domain=[('share', '=', False)])
    to_user_id = fields.Many2one(
        'res.users', "Receiver", domain=[('share', '=', False)], help="Empty: the customers go to the pool."
    )
    customer_count = fields.Integer("Customers", compute='_compute_counts')
    approval_count = fields.Integer("Open Approvals", compute='_compute_counts')

    @api.depends('user_id')
    def _compute_counts(self):
        for handover in self:
            handover.customer_count = len(handover.user_id._k20_owned_customers())
            handover.approval_count = len(handover.user_id._k20_awaited_tasks())

    def action_apply(self):
        """Hand everything over, in one go.

        :return: an action that closes the dialog
        :raise AccessError: for anybody but the administrator
        :raise UserError: for a receiver who cannot take it, or where somebody must be named
        """
        self.ensure_one()
        if not self.env.user._k20_administers():
            raise AccessError(self.env._("A leaver's work is handed over by the administrator: ask there."))
        if self.to_user_id == self.user_id:
            raise UserError(self.env._("The leaver cannot be the receiver: choose a colleague, or nobody."))
        self._k20_hand_over()
        return {'type': 'ir.actions.act_window_close'}

    def _k20_hand_over(self):
        """Hook: move each kind of thing; what higher addons bring, they move through super()."""
        customers = self.user_id._k20_owned_customers()
        if self.to_user_id:
            for customer in customers:
                customer._k20_check_may_own(self.to_user_id)
        customers.user_id = self.to_user_id
        self.user_id._k20_own_requests()._k20_close(self.env._("%s is leaving.", self.user_id.name))
        tasks = self.user_id._k20_awaited_tasks()
        if tasks and not self.to_user_id:
            raise UserError(
                self.env._("Approvals wait for %s: name a colleague who decides on them.", self.user_id.name)
            )
        tasks._k20_hand_over(self.user_id, self.to_user_id)
