from odoo import models


class Base(models.AbstractModel):
    """Export by function, each one logged. (R039, R155)"""

    _inherit = 'base'

    def export_data(self, fields_to_export):
        Log = self.env['k20.export.log']
        Log._check_may_export()
        result = super().export_data(fields_to_export)
        Log._record(self._name, len(result['datas']), fields=fields_to_export)
        return result
