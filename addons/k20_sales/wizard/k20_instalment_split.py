import re

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.instalments import split

MOST = 60  # instalments


class K20InstalmentSplit(models.TransientModel):
    """Asks how an order's contract amount is split into instalments; these take the place of those it has."""

    _name = 'k20.instalment.split'
    _description = "Split into Instalments"

    order_id = fields.Many2one('sale.order', required=True, ondelete='cascade')
    method = fields.Selection([('even', "Evenly"), ('percent', "By percent")], required=True, default='even')
    count = fields.Integer("How Many", default=3)
    percents = fields.Char("Percentages", default='30/60/10', help="One for each instalment; together 100.")
    date_first = fields.Date("First due on", required=True, default=lambda self: self.env.company._k20_today())
    months = fields.Integer("Months between Them", default=1)

    def action_split(self):
        """Make the instalments.

        :return: an action that closes the dialog
        :raise UserError: for numbers that make no plan, and where the order is locked
        """
        self.ensure_one()
        weights = self._weights()
        order = self.order_id
        order.check_access('write')
        amounts = split(order.amount_total, weights, order.currency_id.round)
        order.k20_instalment_ids = [
            Command.clear(),
            *(
                Command.create({
                    'sequence': number,
                    'due_date': fields.Date.add(self.date_first, months=self.months * (number - 1)),
                    'percent': weight if self.method == 'percent' else 0.0,
                    'amount': amount,
                })
                for number, (weight, amount) in enumerate(zip(weights, amounts, strict=True), start=1)
            ),
        ]  # fmt: skip
        return {'type': 'ir.actions.act_window_close'}

    def _weights(self):
        if not 0 <= self.months <= MOST:
            raise UserError(self.env._("Between instalments lie 0 to %s months: correct it.", MOST))
        if self.method == 'even':
            if not 1 <= self.count <= MOST:
                raise UserError(self.env._("An order is split into 1 to %s instalments: correct it.", MOST))
            return [1] * self.count
        return self._read_percents()

    @api.model
    def _split_text(self, text):
        return [part for part in re.split(r'[\s/,;，；、%]+', text or '') if part]

    def _read_percents(self):
        parts = self._split_text(self.percents)
        numbers = [float(part) for part in parts if re.fullmatch(r'\d{1,3}(\.\d{1,2})?', part)]
        if len(numbers) != len(parts) or not all(numbers) or len(parts) > MOST or round(sum(numbers), 2) != 100:
            raise UserError(self.env._("The percentages together make 100, as in 30/60/10: correct them."))
        return numbers
