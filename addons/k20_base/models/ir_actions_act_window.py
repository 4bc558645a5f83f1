from odoo import models


class IrActionsActWindow(models.Model):
    _inherit = 'ir.actions.act_window'

    def _get_action_dict(self):
        """Let no dialog open with what the browser remembers: neither K20's nor Odoo's. (R092)

        Odoo's client keeps the first answer of an action's form on the disk, shows it the next time and puts the new
        one in its place when it comes. A list gains by it; a dialog would begin with what was open before the last
        transfer, and what is done in its lines by then is lost.
        """
        action = super()._get_action_dict()
        if action['target'] == 'new':
            action['cache'] = False
        return action
