from odoo import models

from odoo.addons.k20_base.tools.opening import opened


class AccountMove(models.Model):
    """An invoice is named only by who may read it: other records copy from it what it knows of the customer. (R157)

    Odoo writes the lines of down payments on the order from the invoice, whoever handles that: the orders of these
    invoices are open to it meanwhile, and no value of a client's goes there.
    """

    _inherit = 'account.move'
    _k20_guarded = True

    def _k20_opened_orders(self):
        return opened(self.sudo().line_ids.sale_line_ids.order_id)

    def action_post(self):
        with self._k20_opened_orders():
            return super().action_post()

    def button_draft(self):
        with self._k20_opened_orders():
            return super().button_draft()

    def button_cancel(self):
        with self._k20_opened_orders():
            return super().button_cancel()

    def unlink(self):
        with self._k20_opened_orders():
            return super().unlink()
