from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..report.k20_order_movement import KINDS


class K20CustomerStatement(models.TransientModel):
    """A customer's statement of account (对账单) over a period, currency by currency. (DESIGN §6)

    It holds what its reader may read: a salesperson's has the orders of own customers, and names whose it is. The
    closing balance is what is open of these orders, less money that no approved order has yet.
    """

    _name = 'k20.customer.statement'
    _description = "Statement of Account"
    _rec_name = 'partner_id'

    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, ondelete='cascade', domain=[('k20_kind', '!=', False)]
    )
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    date_from = fields.Date("From", required=True, default=lambda self: self._default_date_from())
    date_to = fields.Date("Until", required=True, default=lambda self: self.env.company._k20_today())
    line_ids = fields.One2many('k20.customer.statement.line', 'statement_id', readonly=True)

    @api.model
    def _default_date_from(self):
        return self.env.company._k20_today().replace(month=1, day=1)

    # -- figures -----------------------------------------------------------------------------------------------------

    def _check_period(self):
        self.ensure_one()
        if self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it begins: correct the days."))
        if self.company_id not in self.env.companies:
            raise UserError(self.env._("This company is not among those you work in: switch to it first."))
        self.partner_id.check_access('read')

    def _movements(self):
        """Return what changed the balance until the last day, as far as the user may read it, the oldest first."""
        domain = [
            ('partner_id', 'child_of', self.partner_id.commercial_partner_id.id),
            ('company_id', '=', self.company_id.id),
            ('date', '<=', self.date_to),
        ]
        return self.env['k20.order.movement'].search(domain, order='date, id')

    def _k20_accounts(self):
        """Return [(currency, [row])], a row a dict of date, kind, label, order, reference, debit, credit, balance.

        The first row of each is the opening balance, the last one the closing balance.
        """
        self._check_period()
        by_currency = self._movements().grouped('currency_id')
        return [(currency, self._rows(currency, mine)) for currency, mine in sorted(
            by_currency.items(), key=lambda item: item[0].id
        )]  # fmt: skip

    def _rows(self, currency, movements):
        labels = dict(self.env['k20.order.movement']._fields['kind']._description_selection(self.env))
        balance = currency.round(sum(movements.filtered(lambda m: m.date < self.date_from).mapped('amount')))
        rows = [self._row(self.date_from, 'opening', self.env._("Opening Balance"), balance)]
        for movement in movements.filtered(lambda m: m.date >= self.date_from):
            amount = currency.round(movement.amount)
            balance = currency.round(balance + amount)
            rows.append({
                **self._row(movement.date, movement.kind, labels[movement.kind], balance),
                'order': movement.order_id,
                'reference': movement.reference or '',
                'debit': max(amount, 0.0),
                'credit': max(-amount, 0.0),
            })  # fmt: skip
        return [*rows, self._row(self.date_to, 'closing', self.env._("Closing Balance"), balance)]

    def _row(self, day, kind, label, balance):
        return {
            'date': day,
            'kind': kind,
            'label': label,
            'order': self.env['sale.order'],
            'reference': '',
            'debit': 0.0,
            'credit': 0.0,
            'balance': balance,
        }

    # -- buttons -----------------------------------------------------------------------------------------------------

    def action_show(self):
        """List the statement, to read and to export.

        :return: an action
        :raise AccessError: for a customer that the user may not read
        """
        self._make_lines()
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.k20_customer_statement_line_action')
        return {
            **action,
            'display_name': self._title(),
            'domain': [('statement_id', '=', self.id)],
        }

    def action_print(self):
        """Print the statement.

        :return: an action
        """
        self._check_period()
        return self.env.ref('k20_sales.k20_customer_statement_report').report_action(self)

    def _title(self):
        return self.env._(
            "Statement of %(customer)s, %(first)s to %(last)s",
            customer=self.partner_id.commercial_partner_id.name,
            first=self.date_from,
            last=self.date_to,
        )

    def _make_lines(self):
        commands = [
            Command.create({
                'sequence': number,
                'date': row['date'],
                'kind': row['kind'],
                'order_id': row['order'].id,
                'reference': row['reference'],
                'debit': row['debit'],
                'credit': row['credit'],
                'balance': row['balance'],
                'currency_id': currency.id,
            })
            for currency, rows in self._k20_accounts()
            for number, row in enumerate(rows)
        ]  # fmt: skip
        # sudo: nobody writes lines but the server; what they hold was read as the user.
        self.sudo().line_ids = [Command.clear(), *commands]


class K20CustomerStatementLine(models.TransientModel):
    """One line of a statement as it is shown and exported; written by the server alone."""

    _name = 'k20.customer.statement.line'
    _description = "Line of a Statement"
    _order = 'currency_id, sequence, id'

    statement_id = fields.Many2one('k20.customer.statement', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(readonly=True)
    date = fields.Date(readonly=True)
    kind = fields.Selection(
        [('opening', "Opening Balance"), *KINDS, ('closing', "Closing Balance")], "What", readonly=True
    )
    order_id = fields.Many2one('sale.order', readonly=True, ondelete='cascade')
    reference = fields.Char(readonly=True)
    debit = fields.Monetary("Owed", readonly=True)
    credit = fields.Monetary("Paid or Credited", readonly=True)
    balance = fields.Monetary(readonly=True, aggregator=None)
    currency_id = fields.Many2one('res.currency', readonly=True)
