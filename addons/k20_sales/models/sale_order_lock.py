from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.k20_base.tools.opening import is_open


class SaleOrder(models.Model):
    """Who changes and deletes an order: its salesperson until submission, then the administrator alone. (R192, R193)"""

    _inherit = 'sale.order'

    # Written by Odoo in sudo, for the customer or a job; for whoever writes by hand they are locked too.
    _k20_free_fields = frozenset({
        'access_token',  # the portal link, made when it is first shown
        'pending_email_template_id',  # the job that sends confirmations later notes what to send
        'signature', 'signed_by', 'signed_on',  # the customer signs in the portal, submitted or not
        'transaction_ids',  # the customer pays online
        'reference',  # of such a payment
    })  # fmt: skip

    k20_closed_to_me = fields.Boolean("Closed to Me", compute='_compute_k20_closed_to_me')

    @api.depends_context('uid')
    @api.depends('k20_approval_state', 'k20_completed')
    def _compute_k20_closed_to_me(self):
        """For the screen: what would be refused is not offered."""
        administrator = self._k20_is_administrator()
        for order in self:
            locked = order.k20_approval_state in {'submitted', 'approved'} and not administrator
            order.k20_closed_to_me = locked or order.k20_completed

    def write(self, vals):
        self.filtered(lambda order: not is_open(order))._k20_check_change(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_others(self):
        self._k20_check_theirs()
        self._k20_check_not_completed()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft_or_cancel(self):
        # A quotation that was sent is deleted like any other; what is submitted or approved is locked besides.
        others = self.filtered(lambda order: order.state != 'sent')
        return super(SaleOrder, others)._unlink_except_draft_or_cancel()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_invoiced_or_delivered(self):
        for order in self.sudo():
            if order.invoice_ids or any(order.order_line.mapped('qty_delivered')):
                raise UserError(
                    self.env._("%s was invoiced or delivered: cancel it instead of deleting it.", order.name)
                )

    def _k20_locked_fields(self, vals):
        if self.env.su:
            return super()._k20_locked_fields(vals)
        stored = [name for name in vals if name in self._fields and self._fields[name].store]
        names = dict.fromkeys([*super()._k20_locked_fields(vals), *stored])
        return [name for name in names if not name.startswith(('message_', 'activity_'))]

    def _k20_check_change(self, vals=None):
        """Refuse where `vals` (None: of its lines) change an order that is somebody else's, or completed."""
        if vals is None or (self and self._k20_locked_fields(vals)):
            self._k20_check_theirs()
            self._k20_check_not_completed()

    def _k20_check_may_submit(self):
        # Finance and stock have Odoo's right to write orders, for what they do to them, and submit none.
        super()._k20_check_may_submit()
        self._k20_check_theirs()

    def _k20_check_theirs(self):
        """AccessError but to who looks after these orders, who leads them, and the administrator.

        A customer has no rights on an order but what Odoo's portal does for them, in sudo and after its own checks.
        """
        user = self.env.user
        if user._k20_administers() or self._k20_is_portal():
            return
        mine = set(user._k20_visible_user_ids())
        for order in self.sudo():
            if not mine & {order.user_id.id, order.partner_id.k20_owner_id.id}:
                raise AccessError(self.env._("Orders are changed by their salesperson or who leads them: ask there."))

    def _k20_is_portal(self):
        """Tell whether Odoo's portal acts for a customer: a call of the customer's own comes without sudo."""
        return self.env.su and self.env.user.share

    def _k20_check_administers(self):
        if not self._k20_is_administrator():
            raise AccessError(
                self.env._("What is submitted or approved is changed by the administrator only: ask there.")
            )
