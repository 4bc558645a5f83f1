from odoo import models
from odoo.exceptions import UserError

from odoo.addons.k20_base.tools.opening import opened


class SaleOrder(models.Model):
    """Finance invoices what is approved, though it changes no order: down payments leave their lines there."""

    _inherit = 'sale.order'

    def _create_down_payment_section_line_if_needed(self):
        self._k20_check_invoiceable()
        with opened(self):
            # sudo: finance may not add lines; what is added is Odoo's own, and worth nothing by itself.
            return super(SaleOrder, self.sudo())._create_down_payment_section_line_if_needed()

    def _create_down_payment_lines_from_base_lines(self, down_payment_base_lines):
        self._k20_check_invoiceable()
        with opened(self):
            lines = super(SaleOrder, self.sudo())._create_down_payment_lines_from_base_lines(down_payment_base_lines)
        return lines.sudo(self.env.su)

    def _create_invoices(self, grouped=False, final=False, date=None):
        self._k20_check_invoiceable()
        return super()._create_invoices(grouped=grouped, final=final, date=date)

    def _k20_check_invoiceable(self):
        """UserError for an order that is not approved, or completed."""
        self._k20_check_not_completed()
        for order in self:
            if order.state != 'sale':
                raise UserError(self.env._("%s is not approved: it is invoiced afterwards.", order.name))
