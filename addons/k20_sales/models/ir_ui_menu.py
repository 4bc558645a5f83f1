from odoo import models


class IrUiMenu(models.Model):
    """What Odoo's own roots of selling offer stands in K20's menu; the administrator keeps them. (R040)"""

    _inherit = 'ir.ui.menu'

    def _k20_root_groups(self):
        return {
            **super()._k20_root_groups(),
            'crm.crm_menu_root': 'k20_base.group_k20_admin',
            'sale.sale_menu_root': 'k20_base.group_k20_admin',
        }
