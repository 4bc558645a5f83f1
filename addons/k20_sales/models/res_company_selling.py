from odoo import fields, models

from .res_partner_selling import months_before


class ResCompany(models.Model):
    """When a customer that has bought counts as silent. (R197)"""

    _inherit = 'res.company'

    k20_silent_months = fields.Integer(
        "Silent after Months", default=6, help="Customers that bought before and nothing for so long; 0: none is."
    )

    _k20_silent_months_range = models.Constraint(
        'CHECK (k20_silent_months BETWEEN 0 AND 1200)', "Months are 0 (never silent) to 1200: correct them."
    )

    def _k20_silent_since(self):
        """Return the day on or before which the last deal of a silent customer lies, or False where none is silent."""
        self.ensure_one()
        months = self.sudo().k20_silent_months
        return bool(months) and months_before(self._k20_today(), months)
