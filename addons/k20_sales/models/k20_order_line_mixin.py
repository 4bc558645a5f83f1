from odoo import models


class K20OrderLineMixin(models.AbstractModel):
    """A line of an order, or of its plan: changed by whom the order is, until it is completed. (R086, R192, R193)"""

    _name = 'k20.order.line.mixin'
    _inherit = ['k20.approval.line.mixin']
    _description = "Line of an Order"
    _k20_document_field = 'order_id'

    def _k20_check_document(self):
        self._k20_closed_documents().sudo(self.env.su)._k20_check_change()
        super()._k20_check_document()
