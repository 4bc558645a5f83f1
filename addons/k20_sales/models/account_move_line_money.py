from odoo import models

# What an entry says; the rest (matching, analytics, names) is free.
SAID = {
    'account_id', 'amount_currency', 'balance', 'credit', 'currency_id', 'debit', 'move_id', 'partner_id',
}  # fmt: skip


class AccountMoveLine(models.Model):
    """The lines of a confirmed payment's entry stay as they are. (R200)"""

    _inherit = 'account.move.line'

    def write(self, vals):
        if SAID & vals.keys():
            self.move_id.filtered(
                lambda move: move.state == 'posted' and move.origin_payment_id
            )._k20_check_entry_stays()
        return super().write(vals)
