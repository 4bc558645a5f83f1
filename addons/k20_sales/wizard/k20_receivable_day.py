from odoo import fields, models

from ..report.k20_receivable import DAY


class K20ReceivableDay(models.TransientModel):
    """Asks as of which day receivables are listed. (R091)"""

    _name = 'k20.receivable.day'
    _description = "Receivables as of a Day"

    day = fields.Date(required=True, default=lambda self: self.env.company._k20_today())

    def action_open(self):
        """Open the receivables as they stood at the end of the day.

        :return: an action
        """
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.k20_receivable_action')
        context = {DAY: fields.Date.to_string(self.day)}
        # Its address names no day: without one, a reload would show today under the same title.
        name = self.env._("Receivables as of %s", self.day)
        return {**action, 'display_name': name, 'name': name, 'path': False, 'context': context}
