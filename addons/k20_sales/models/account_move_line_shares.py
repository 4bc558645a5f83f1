from odoo import api, models


class AccountMoveLine(models.Model):
    """Of an invoice over several orders, the money of one of them settles that order's share. (R195, R200)"""

    _inherit = 'account.move.line'

    @api.model
    def _prepare_reconciliation_plan(self, plan, amls_values_map, shadowed_aml_values=None):
        # sudo: whoever matches keeps the books, and may not read orders.
        plan['amls'].sudo()._k20_keep_to_share(amls_values_map)
        return super()._prepare_reconciliation_plan(plan, amls_values_map, shadowed_aml_values)

    def _k20_keep_to_share(self, amounts):
        """Leave of the documents over several orders what is one order's, where all the rest here is of that one.

        :param amounts: {line: dict of amount_residual, amount_residual_currency}, what Odoo is about to match
        """
        invoices = self.move_id.filtered(lambda move: move.move_type in ('out_invoice', 'out_refund'))
        shared = invoices.filtered(lambda move: len(move._k20_claimants()) > 1)
        own = (self.move_id - shared)._k20_claimants() if shared else ()
        for move in shared if len(own) == 1 else ():
            left = move._k20_share_left(own)
            for line in self & move.line_ids:
                residual = amounts[line]['amount_residual_currency']
                kept = min(abs(residual), left)
                left -= kept
                part = kept / abs(residual) if residual else 0.0
                amounts[line]['amount_residual_currency'] = line.currency_id.round(residual * part)
                amounts[line]['amount_residual'] = line.company_currency_id.round(
                    amounts[line]['amount_residual'] * part
                )
