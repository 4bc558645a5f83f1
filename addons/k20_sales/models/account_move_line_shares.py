from odoo import api, models


class AccountMoveLine(models.Model):
    """Of an invoice over several orders, the money of one of them settles that order's share. (R195, R200)"""

    _inherit = 'account.move.line'

    def reconcile(self):
        """Match these lines; where an invoice over several orders meets money of several, order by order. (R200)

        :return: what Odoo's returns of the last matching
        """
        result = None
        for lines in self._k20_by_order():
            result = super(AccountMoveLine, lines).reconcile()
        return result

    def _k20_by_order(self):
        """Yield what of these lines is matched together, one after the other: all, or what is of each order.

        What is of no order comes last, and takes what is left.
        """
        # sudo: whoever matches keeps the books, and may not read orders.
        documents = self.sudo().move_id
        shared = documents._k20_over_several_orders()
        orders = (documents - shared)._k20_claimants() if shared else ()
        if len(orders) < 2:
            yield self
            return
        for order in (*orders, orders.browse()):
            moves = (documents - shared).filtered(lambda move, order=order: move._k20_claimants() == order)
            lines = self.filtered(lambda line, moves=moves: line.move_id in moves)
            if lines:
                yield lines | self.filtered(lambda line: line.move_id in shared and not line.reconciled)

    @api.model
    def _prepare_reconciliation_plan(self, plan, amls_values_map, shadowed_aml_values=None):
        # sudo: whoever matches keeps the books, and may not read orders.
        plan['amls'].sudo()._k20_keep_to_share(amls_values_map)
        return super()._prepare_reconciliation_plan(plan, amls_values_map, shadowed_aml_values)

    def _k20_keep_to_share(self, amounts):
        """Leave of the documents over several orders what is one order's, where all the rest here is of that one.

        :param amounts: {line: dict of amount_residual, amount_residual_currency}, what Odoo is about to match
        """
        shared = self.move_id._k20_over_several_orders()
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
