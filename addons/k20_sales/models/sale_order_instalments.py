from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class SaleOrder(models.Model):
    """When an order's money is due, by its instalments or else by its payment term. (R091; DESIGN §6)"""

    _inherit = 'sale.order'

    k20_instalment_ids = fields.One2many(
        'k20.order.instalment',
        'order_id',
        "Instalments",
        copy=True,
        groups='k20_base.group_k20_salesperson,account.group_account_readonly,account.group_account_invoice',
    )
    k20_due_date = fields.Date(
        "Due Date",
        compute='_compute_k20_due_date',
        store=True,
        copy=False,
        help="Deal date plus payment term, or plus the customer's credit term: for what no instalment plans.",
    )
    k20_next_due_date = fields.Date(
        "Next Due Date", compute='_compute_k20_next_due_date', store=True, copy=False, index='btree_not_null'
    )
    k20_amount_overdue = fields.Monetary("Overdue Amount", compute='_compute_k20_overdue')
    k20_overdue_days = fields.Integer("Days Overdue", compute='_compute_k20_overdue', search='_search_k20_overdue_days')

    @api.depends('k20_deal_date', 'payment_term_id')
    def _compute_k20_due_date(self):
        for order in self:
            day = order.k20_deal_date
            lines = order.payment_term_id.sudo().line_ids
            if day and lines:
                day = max(line._get_due_date(day) for line in lines)
            elif day:
                # The term agreed on the day of the deal: a later change of it moves no order.
                day = fields.Date.add(day, days=order.sudo().partner_id.commercial_partner_id.k20_credit_days)
            order.k20_due_date = day

    @api.depends(
        'state',
        'k20_due_date',
        'k20_amount_open',
        'k20_instalment_ids.due_date',
        'k20_instalment_ids.open_amount',
    )
    def _compute_k20_next_due_date(self):
        for order in self:
            order.k20_next_due_date = min((day for day, _amount in order._k20_dues() if day), default=False)

    @api.depends('k20_next_due_date', 'k20_amount_open')
    def _compute_k20_overdue(self):
        for order in self:
            today = (order.company_id or self.env.company)._k20_today()
            day = order.k20_next_due_date
            is_overdue = bool(day) and day < today
            order.k20_overdue_days = (today - day).days if is_overdue else 0
            order.k20_amount_overdue = (
                sum(amount for day, amount in order._k20_dues() if day and day < today) if is_overdue else 0.0
            )

    def _search_k20_overdue_days(self, operator, value):
        if operator not in {'>', '>='}:
            return NotImplemented
        at_least = value + 1 if operator == '>' else value
        if at_least <= 0:
            return Domain.TRUE
        companies = self.env['res.company'].browse(self.env.companies.ids).sudo()
        return Domain.OR(
            Domain('company_id', '=', company.id)
            & Domain('k20_next_due_date', '<=', fields.Date.subtract(company._k20_today(), days=at_least))
            for company in companies
        )

    def _k20_dues(self):
        """Return [(day, what is open of it)] of an approved order: its instalments, and the order's day for the rest.

        The amounts add up to what is open.
        """
        self.ensure_one()
        left = self.k20_amount_open
        if self.state != 'sale' or self.currency_id.compare_amounts(left, 0) <= 0:
            return []
        dues = []
        # sudo: the plan decides, whoever reads the order.
        for instalment in self.sudo().k20_instalment_ids._k20_oldest_first():
            amount = min(instalment.open_amount, left)
            if self.currency_id.compare_amounts(amount, 0) > 0:
                dues.append((instalment.due_date, amount))
                left = self.currency_id.round(left - amount)
        if self.currency_id.compare_amounts(left, 0) > 0:
            dues.append((self.k20_due_date, left))
        return dues

    def _k20_amount_covered(self):
        """Return what is no longer claimed of the contract: received, given up or credited."""
        self.ensure_one()
        received = self.k20_amount_collected - self.k20_amount_refunded
        return received + self.k20_amount_credited + self.k20_amount_written_off

    # -- the plan ----------------------------------------------------------------------------------------------------

    def _k20_approval_check(self):
        super()._k20_approval_check()
        for order in self:
            order._k20_check_instalments()

    def _k20_check_instalments(self):
        """UserError where this order has instalments and they are no plan of its contract amount."""
        planned = self.sudo().k20_instalment_ids
        if not planned:
            return
        if not all(planned.mapped('due_date')):
            raise UserError(
                self.env._("An instalment of %s has no day: say when it is due before you submit it.", self.name)
            )
        if not all(self.currency_id.compare_amounts(amount, 0) > 0 for amount in planned.mapped('amount')):
            raise UserError(self.env._("An instalment of %s is over nothing: type its amount or delete it.", self.name))
        total = sum(planned.mapped('amount'))
        if self.currency_id.compare_amounts(total, self.amount_total):
            raise UserError(
                self.env._(
                    "The instalments of %(order)s add up to %(total)s and its contract amount is %(contract)s: correct"
                    " them, or split it anew.",
                    order=self.name,
                    total=self._k20_format(total),
                    contract=self._k20_format(self.amount_total),
                )
            )

    def action_k20_split_instalments(self):
        """Open the dialog that splits the contract amount of this order into instalments.

        :return: an action
        """
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.k20_instalment_split_action')
        return {**action, 'context': {'default_order_id': self.id}}
