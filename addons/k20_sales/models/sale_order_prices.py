from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.k20_base.tools.opening import opened

# What changes the price, or whom it was given to, without a line being written.
PRICED_BY = {'partner_id', 'pricelist_id', 'currency_id', 'company_id'}


class SaleOrder(models.Model):
    """No order is submitted, or approved, with a line below its floor that has no approved special price. (R089)"""

    _inherit = 'sale.order'

    def _k20_approval_check(self):
        super()._k20_approval_check()
        self._k20_check_prices()

    def _k20_approval_granted(self):
        # Once more: the administrator may have changed a line since it was submitted.
        self._k20_check_prices()
        super()._k20_approval_granted()

    def _k20_check_prices(self):
        """UserError that names the lines below their floor without an approved special price that covers them."""
        for order in self:
            lines = order.order_line._k20_below_floor().filtered(lambda line: line._k20_special_price() != 'approved')
            if lines:
                raise UserError(
                    self.env._(
                        "%(order)s sells below the floor without an approved special price: %(lines)s. Ask for it on"
                        " the line, or raise the price.",
                        order=order.name,
                        lines=", ".join(lines.mapped('product_id.display_name')),
                    )
                )

    def _k20_kept_share(self, prices):
        """Return what is left of each 1.00 of the lines that sell, after what other lines of the order take off.

        Odoo's order-level discount is such a line, as is one with a negative price, or goods taken back.

        :param prices: {line: its untaxed price of one unit}, with at least all lines of the order
        """
        amounts = [prices[line] * line.product_uom_qty for line in self.order_line if not line.display_type]
        sold = sum(amount for amount in amounts if amount > 0)
        return 1 + sum(amount for amount in amounts if amount < 0) / sold if sold else 1.0

    # -- void --------------------------------------------------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if vals.get('state') == 'cancel':
            self._k20_live_price_requests()._k20_void(self.env._("The order was cancelled."))
        elif PRICED_BY & vals.keys():
            self._k20_void_changed_prices()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_price_requests(self):
        # Odoo deletes the lines in the database, past their own rules.
        requests = self.env['k20.price.request'].sudo().search([('order_id', 'in', self.ids)])
        with opened(requests):
            requests.unlink()

    def _k20_live_price_requests(self):
        """Return the requests of these orders that are open or approved, in sudo."""
        return self.env['k20.price.request'].sudo().search([('order_id', 'in', self.ids)])._k20_live()

    def _k20_void_changed_prices(self):
        """Make void what was asked for or approved on other terms than the lines have now. (R090)"""
        changed = self._k20_live_price_requests().filtered(lambda request: not request._k20_holds())
        changed._k20_void(self.env._("The line changed after the price was asked for."))
