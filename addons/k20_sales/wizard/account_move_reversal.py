from odoo import models


class AccountMoveReversal(models.TransientModel):
    """Reversing an invoice to write it anew changes nothing of what the order claims. (DESIGN §6)"""

    _inherit = 'account.move.reversal'

    def reverse_moves(self, is_modify=False):
        return super(AccountMoveReversal, self.with_context(k20_is_modify=is_modify)).reverse_moves(is_modify)

    def _prepare_default_reversal(self, move):
        values = super()._prepare_default_reversal(move)
        return {**values, 'k20_claim_stays': bool(self.env.context.get('k20_is_modify'))}
