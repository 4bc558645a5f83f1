from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrder(models.Model):
    """No order is submitted that takes its customer above the credit given, unless a flow decides on that. (DESIGN §6)

    What all colleagues have sold counts; only the customer's sums are told. A flow whose condition names
    `k20_over_credit` decides on such an order; where none fits, the order is not submitted.
    """

    _inherit = 'sale.order'

    k20_over_credit = fields.Boolean(
        "Above the Credit",
        readonly=True,
        copy=False,
        help="When it was submitted, this order took its customer above the credit limit, or the customer was overdue.",
    )

    def _k20_approval_check(self):
        super()._k20_approval_check()
        for order in self:
            order._k20_check_credit()

    def _k20_check_credit(self):
        """UserError where this order exceeds its customer's credit and no flow is there to decide on that."""
        reason = self._k20_credit_reason()
        if self.k20_over_credit != bool(reason):
            self._k20_write({'k20_over_credit': bool(reason)})
        if reason and not self._k20_flow_decides_credit():
            raise UserError(reason)

    def _k20_flow_decides_credit(self):
        [flow] = self.env['k20.approval.flow']._k20_match(self)
        return bool(flow) and any(
            condition.field_expr == 'k20_over_credit' for condition in flow.sudo()._k20_domain().iter_conditions()
        )

    def _k20_credit_reason(self):
        """Return in a sentence what of its customer's credit this order exceeds, None for nothing."""
        self.ensure_one()
        company = self.company_id.sudo()
        customer = self.sudo().partner_id.commercial_partner_id
        if not company.k20_credit_check:
            return None
        if company.k20_credit_overdue_days and self._k20_is_customer_overdue(customer, company.k20_credit_overdue_days):
            return self.env._(
                "%(customer)s is more than %(days)s days overdue: collect that first, or ask finance.",
                customer=customer.name,
                days=company.k20_credit_overdue_days,
            )
        if not customer.k20_credit_limit:
            return None
        above = self._k20_customer_owes(customer) - customer.k20_credit_limit
        if company.currency_id.compare_amounts(above, 0) <= 0:
            return None
        return self.env._(
            "With %(order)s, %(customer)s would be %(above)s above its credit limit of %(limit)s: collect first, or"
            " ask finance.",
            order=self.name,
            customer=customer.name,
            above=company.currency_id.format(above),
            limit=company.currency_id.format(customer.k20_credit_limit),
        )

    def _k20_customer_owes(self, customer):
        """Return what is open of `customer`'s approved and submitted orders and of this one, in company currency."""
        # Two orders at once: both write the customer's row, so that the second one is counted anew.
        self.env.cr.execute(
            SQL("UPDATE res_partner SET k20_credit_limit = k20_credit_limit WHERE id = %s", customer.id)
        )
        counted = Domain('state', '=', 'sale') | Domain('k20_approval_state', '=', 'submitted')
        # sudo: the customer owes what colleagues have sold, too; only sums are told.
        orders = self.sudo().search(
            counted
            & Domain('state', '!=', 'cancel')
            & Domain('k20_customer_id', '=', customer.id)
            & Domain('company_id', '=', self.company_id.id)
            & Domain('k20_amount_open', '>', 0)
        )
        return sum(order._k20_in_company_currency(order.k20_amount_open) for order in orders | self.sudo())

    def _k20_is_customer_overdue(self, customer, days):
        last = fields.Date.subtract(self.company_id._k20_today(), days=days)
        domain = [
            ('k20_customer_id', '=', customer.id),
            ('company_id', '=', self.company_id.id),
            ('k20_next_due_date', '<', last),
        ]
        return bool(self.sudo().search_count(domain, limit=1))
