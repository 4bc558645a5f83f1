from odoo import api, models

from ..tools.locking import locked_fields
from ..tools.opening import is_open


class K20ApprovalLineMixin(models.AbstractModel):
    """A line of a document under approval: locked with it, and no way into or out of a locked document. (R193)

    class SaleOrderLine(models.Model):
        _name = 'sale.order.line'
        _inherit = ['sale.order.line', 'k20.approval.line.mixin']
        _k20_document_field = 'order_id'
        _k20_free_fields = {'qty_delivered', 'qty_invoiced'}
    """

    _name = 'k20.approval.line.mixin'
    _description = "Line of a Document under Approval"

    _k20_document_field = None
    _k20_free_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._k20_check_document()
        return lines

    def write(self, vals):
        if self._k20_locked_fields(vals):
            self._k20_check_document()
        result = super().write(vals)
        if self._k20_document_field in vals:
            self._k20_check_document()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self._k20_check_document()

    def _k20_check_document(self):
        """Hook: raise where these lines belong to documents that may not change; asked before and after a move."""
        self._k20_closed_documents()._k20_check_unlocked()

    def _k20_closed_documents(self):
        return self.sudo(False)[self._k20_document_field].filtered(lambda document: not is_open(document))

    def _k20_locked_fields(self, vals):
        return locked_fields(self, vals)
