from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from odoo.addons.k20_base.tools.opening import opened


class SaleOrder(models.Model):
    """An order is completed (订单完成) once it is delivered and collected; then nothing changes any more. (R086)"""

    _inherit = 'sale.order'

    k20_completed = fields.Boolean("Completed", readonly=True, copy=False, index=True, tracking=True)
    k20_completed_on = fields.Date("Completed on", readonly=True, copy=False)
    k20_completed_by_id = fields.Many2one('res.users', "Completed by", readonly=True, copy=False)
    k20_completion_reason = fields.Char("Why Completed", readonly=True, copy=False)
    k20_is_open = fields.Boolean("Still to Deliver or Collect", compute='_compute_k20_is_open')

    def _compute_k20_is_open(self):
        for order in self:
            order.k20_is_open = order._k20_is_unfinished()

    def _k20_is_unfinished(self):
        """Tell whether something of this order is still to be delivered or collected."""
        return not (self._k20_is_delivered() and self._k20_is_settled())

    def _k20_is_delivered(self):
        """Hook: tell whether the goods of this order are delivered; services and notes are not asked for."""
        goods = self.order_line.filtered(lambda line: line.product_id.type == 'consu' and not line.is_downpayment)
        return all(
            float_compare(
                line.qty_delivered, line.product_uom_qty, precision_rounding=line.product_uom_id.rounding or 0.01
            )
            >= 0
            for line in goods
        )

    def _k20_is_settled(self):
        """Hook: tell whether nothing of this order is to be collected; the addon's money adds what it knows."""
        self.ensure_one()
        return self.currency_id.is_zero(self.amount_total)

    def action_k20_complete(self, reason=None):
        """Complete these approved orders: their salesperson once they are delivered and collected.

        :param str reason: why the administrator completes one that is not
        :return: True
        :raise UserError: for an order that is not approved, or still open without a reason
        :raise AccessError: for somebody else's orders, or open ones but to the administrator
        """
        self.check_access('read')
        self._k20_check_theirs()
        reason = (reason or '').strip()
        for order in self:
            order._k20_check_completable(reason)
        with opened(self):
            for company, orders in self.sudo().grouped('company_id').items():
                orders.write(
                    {
                        'k20_completed': True,
                        'k20_completed_on': company._k20_today(),
                        'k20_completed_by_id': self.env.uid,
                        'k20_completion_reason': reason,
                    }
                )
        return True

    def action_k20_ask_completion(self):
        """Open the dialog that asks why these orders are completed.

        :return: an action
        """
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Complete"),
            'res_model': 'k20.order.complete',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_order_ids': self.ids},
        }

    def _k20_check_completable(self, reason):
        self.ensure_one()
        self._k20_check_not_completed()
        if self.state != 'sale':
            raise UserError(self.env._("%s is not approved or was cancelled: there is nothing to complete.", self.name))
        self._k20_check_no_open_refund()
        if not self.sudo()._k20_is_unfinished():
            return
        if not self._k20_is_administrator():
            raise UserError(
                self.env._(
                    "%s is not delivered and collected yet: wait for it, or ask the administrator to complete it.",
                    self.name,
                )
            )
        if not reason:
            raise UserError(
                self.env._("%s is not delivered and collected yet: say why it is completed all the same.", self.name)
            )

    def action_k20_reopen(self):
        """Let completed orders be changed again; the administrator's.

        :return: True
        :raise AccessError: for anybody else
        """
        self._k20_check_administers()
        self.check_access('write')
        for order in self:
            if not order.k20_completed:
                raise UserError(self.env._("%s is not completed: it can be changed as it is.", order.name))
        with opened(self):
            self.write(
                {
                    'k20_completed': False,
                    'k20_completed_on': False,
                    'k20_completed_by_id': False,
                    'k20_completion_reason': False,
                }
            )
        return True

    def _k20_check_not_completed(self):
        """UserError for a completed order: nothing of it changes, by anybody, before it is reopened."""
        for order in self.sudo().filtered('k20_completed'):
            raise UserError(
                self.env._("%s is completed: the administrator reopens it before anything changes.", order.name)
            )
