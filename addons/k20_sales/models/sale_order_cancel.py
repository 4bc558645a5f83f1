from odoo import models

from odoo.addons.k20_base.tools.opening import opened


class SaleOrder(models.Model):
    """Cancelled by its salesperson until submission, then by the administrator alone. (R193, DESIGN §4)

    A cancelled order waits for nobody's decision; set to quotation again, it needs a new approval.
    """

    _inherit = 'sale.order'

    def action_cancel(self):
        """Cancel these orders.

        :return: True
        :raise AccessError: for somebody else's orders, or submitted or approved ones but to the administrator
        """
        super().action_cancel()
        return True

    def _action_cancel(self):
        # Asked here, not in action_cancel: the mass action comes straight to it. A customer who declines a quotation
        # comes from Odoo's portal, which lets through what waits for the signature only.
        self._k20_check_may_cancel()
        with opened(self):
            self._k20_close_submission()
            # sudo: whoever sells may not touch what buying and stock hang on the order; checked above.
            result = super(SaleOrder, self.sudo())._action_cancel()
            self.sudo().filtered('k20_deal_date').k20_deal_date = False
        return result

    def _k20_check_may_cancel(self):
        self._k20_check_theirs()
        self._k20_check_not_completed()
        if not self._k20_is_portal() and self.filtered(lambda o: o.k20_approval_state in {'submitted', 'approved'}):
            self._k20_check_administers()

    def _k20_close_submission(self):
        """Take back what is submitted of these orders, with its tasks and activities."""
        for order in self.filtered(lambda order: order.k20_approval_state == 'submitted'):
            order.sudo()._k20_close_tasks()
            order._k20_move('withdraw')

    def action_draft(self):
        """Set cancelled or sent orders to quotation; one that was approved needs a new approval then.

        :return: True
        :raise AccessError: for an order that was approved, but to the administrator
        """
        approved = self.filtered(lambda order: order.state == 'cancel' and order.k20_approval_state == 'approved')
        if approved:
            self._k20_check_administers()
            approved.check_access('write')
            approved._k20_move('reopen')
        super().action_draft()
        return True

    def action_lock(self):
        super().action_lock()
        return True

    def action_unlock(self):
        super().action_unlock()
        return True

    def action_quotation_sent(self):
        super().action_quotation_sent()
        return True
