from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.instalments import fill


class K20OrderInstalment(models.Model):
    """One part of an order's contract amount and the day it is due: a line of the collection plan (回款计划).

    What is no longer open of the order fills its instalments, the oldest first, so that what they still claim is what
    is open: collected, less refunded, and what is credited or written off. (R091; DESIGN §6)

    Who may do what:
        whoever changes the order   plans, until it is submitted
        administrator               changes the plan of a submitted or approved order
    """

    _name = 'k20.order.instalment'
    _inherit = ['k20.order.line.mixin', 'k20.figures.mixin']
    _description = "Instalment"
    _order = 'order_id desc, due_date, sequence, id'
    _check_company_auto = True

    order_id = fields.Many2one('sale.order', required=True, index=True, ondelete='cascade', check_company=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True, precompute=True)
    currency_id = fields.Many2one(related='order_id.currency_id', store=True, precompute=True)
    partner_id = fields.Many2one(related='order_id.partner_id', string="Customer")
    user_id = fields.Many2one(related='order_id.user_id', string="Salesperson")
    sequence = fields.Integer("Number", default=10)
    due_date = fields.Date("Due on", index='btree_not_null')
    percent = fields.Float(
        digits=(5, 2), help="Of the contract amount, which this instalment then follows; 0: a fixed amount."
    )
    amount = fields.Monetary(compute='_compute_amount', store=True, readonly=False)
    paid_amount = fields.Monetary("Collected", compute='_compute_paid_amount', store=True)
    open_amount = fields.Monetary("Still Open", compute='_compute_paid_amount', store=True)
    state = fields.Selection(
        [('open', "Uncollected"), ('partial', "Partly Paid"), ('paid', "All Collected"), ('overdue', "Overdue")],
        compute='_compute_state',
        search='_search_state',
        help="Overdue is judged by the company's day, once the order is approved.",
    )

    _amount_positive = models.Constraint(
        'CHECK (amount IS NULL OR amount >= 0)', "The amount of an instalment is above zero: correct it."
    )
    _percent_range = models.Constraint(
        'CHECK (percent >= 0 AND percent <= 100)', "The percentage of an instalment is from 0 to 100: correct it."
    )

    # -- figures -----------------------------------------------------------------------------------------------------

    @api.depends('percent', 'order_id.amount_total')
    def _compute_amount(self):
        for order, mine in self.grouped('order_id').items():
            planned = order.k20_instalment_ids | mine
            for instalment in mine.filtered('percent'):
                instalment.amount = order.currency_id.round(order.amount_total * instalment.percent / 100)
            for instalment in mine - mine.filtered('percent'):
                instalment.amount = instalment.amount or 0.0
            last = planned._k20_oldest_first()[-1:]
            if all(planned.mapped('percent')) and last in mine and round(sum(planned.mapped('percent')), 2) == 100:
                last.amount = order.currency_id.round(order.amount_total - sum((planned - last).mapped('amount')))

    @api.depends(
        'amount',
        'due_date',
        'sequence',
        'order_id.k20_instalment_ids.amount',
        'order_id.k20_instalment_ids.due_date',
        'order_id.k20_instalment_ids.sequence',
        'order_id.k20_amount_collected',
        'order_id.k20_amount_refunded',
        'order_id.k20_amount_credited',
        'order_id.k20_amount_written_off',
    )
    def _compute_paid_amount(self):
        for order, mine in self.grouped('order_id').items():
            planned = (order.k20_instalment_ids | mine)._k20_oldest_first()
            rounded = order.currency_id.round if order.currency_id else float
            shares = fill(planned.mapped('amount'), order._k20_amount_covered() if order else 0.0)
            for instalment, share in zip(planned, shares, strict=True):
                if instalment in mine:
                    instalment.paid_amount = rounded(share)
                    instalment.open_amount = rounded(instalment.amount - share)

    @api.depends('paid_amount', 'open_amount', 'due_date', 'order_id.state')
    def _compute_state(self):
        overdue = self.filtered(lambda instalment: instalment._k20_is_overdue())
        for instalment in self:
            is_open = bool(instalment.open_amount) or not instalment.amount
            state = 'partial' if instalment.paid_amount and is_open else 'open' if is_open else 'paid'
            instalment.state = 'overdue' if instalment in overdue else state

    def _search_state(self, operator, value):
        if operator != 'in':
            return NotImplemented
        overdue = self._k20_overdue_domain()
        paid = Domain('open_amount', '=', 0) & Domain('amount', '>', 0)
        domains = {
            'overdue': overdue,
            'paid': paid,
            'partial': ~overdue & ~paid & Domain('paid_amount', '>', 0),
            'open': ~overdue & ~paid & Domain('paid_amount', '=', 0),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    def _k20_oldest_first(self):
        """Return these instalments in the order in which money fills them; those without a day come last."""
        return self.sorted(
            lambda instalment: (
                not instalment.due_date,
                instalment.due_date or fields.Date.today(),
                instalment.sequence,
                instalment._origin.id or 0,
            )
        )

    # -- overdue -----------------------------------------------------------------------------------------------------

    def _k20_is_overdue(self):
        self.ensure_one()
        claimed = self.order_id.state == 'sale' and self.open_amount and self.due_date
        return bool(claimed) and self.due_date < self.order_id.company_id._k20_today()

    @api.model
    def _k20_overdue_domain(self):
        """Return the domain of instalments of approved orders whose day has passed, by each company's own day."""
        # sudo: only to learn the companies' days.
        companies = self.env['res.company'].sudo().search([('id', 'in', self.env.companies.ids)])
        past = Domain.OR(
            Domain('company_id', '=', company.id) & Domain('due_date', '<', company._k20_today())
            for company in companies
        )
        return past & Domain('order_id.state', '=', 'sale') & Domain('open_amount', '>', 0)

    # -- the doors ---------------------------------------------------------------------------------------------------

    @api.model
    def _k20_is_figure(self, name):
        return name in {'paid_amount', 'open_amount'} or super()._k20_is_figure(name)

    def write(self, vals):
        if 'amount' in vals and 'percent' not in vals:
            vals = {**vals, 'percent': 0.0}  # typed in, it no longer follows the contract
        return super().write(vals)

    def copy_data(self, default=None):
        # A plan starts anew with its order: a day that has passed is chosen again before it is submitted.
        days = {instalment.id: instalment.company_id._k20_today() for instalment in self}
        return [
            {**vals, 'due_date': False} if instalment.due_date and instalment.due_date < days[instalment.id] else vals
            for instalment, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def action_k20_open_order(self):
        """Open the order of this instalment. (R091)

        :return: an action
        """
        self.ensure_one()
        self.check_access('read')
        return self.order_id.get_formview_action()

    @api.depends('order_id', 'sequence', 'due_date')
    def _compute_display_name(self):
        for instalment in self:
            instalment.display_name = self.env._(
                "%(order)s, due %(day)s", order=instalment.order_id.name or '', day=instalment.due_date or '-'
            )
