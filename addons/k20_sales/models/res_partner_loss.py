from odoo import models
from odoo.fields import Domain

from odoo.addons.k20_base.tools.days import shift


class ResPartner(models.Model):
    """Open business holds the loss of a customer back, as far as its rule says so. (DESIGN §5)"""

    _inherit = 'res.partner'

    def _k20_loss_exempt(self, rule):
        exempt = super()._k20_loss_exempt(rule)
        if rule.exempt_open_order:
            exempt |= self._k20_with_open_order()
        if rule.exempt_project_days:
            exempt |= self._k20_with_project_step(rule.exempt_project_days)
        return exempt

    def _k20_with_open_order(self):
        """Return those of these customers with an order in approval, or approved and not delivered or collected."""
        Order = self.env['sale.order'].sudo()
        orders = Order.search(Domain('k20_customer_id', 'in', self.ids) & Order._k20_unfinished_domain())
        unfinished = orders.filtered(
            lambda order: order.k20_approval_state == 'submitted' or order._k20_is_unfinished()
        )
        return self & unfinished.k20_customer_id.with_env(self.env)

    def _k20_with_project_step(self, days):
        """Return those of these customers with an open project that has a next step within so many days."""
        Lead = self.env['crm.lead'].sudo()
        held = self.browse()
        for company, customers in self.grouped(lambda customer: customer._k20_company()).items():
            today = company._k20_today()
            leads = Lead.search(
                Domain('partner_id.commercial_partner_id', 'in', customers.ids)
                & Domain(Lead._k20_open_domain())
                & Lead._k20_next_step_domain(today, shift(today, days))
            )
            held |= leads.partner_id.commercial_partner_id.with_env(self.env)
        return self & held
