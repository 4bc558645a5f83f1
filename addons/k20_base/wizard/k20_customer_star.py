from odoo import fields, models


class K20CustomerStar(models.TransientModel):
    """Asks why the stars of one or many end customers are raised or lowered; the rules live on the customer."""

    _name = 'k20.customer.star'
    _inherit = ['k20.chosen.customers.mixin']
    _description = "Raise or Lower Stars"

    direction = fields.Selection([('up', "One star more"), ('down', "One star less")], required=True, default='up')
    reason = fields.Text(required=True)

    def action_apply(self):
        """Move the stars of all these customers, all or none.

        :return: an action that closes the dialog
        :raise UserError, AccessError: as the customer's own actions
        """
        self.ensure_one()
        if self.direction == 'up':
            self.partner_ids.action_k20_upgrade(self.reason)
        else:
            self.partner_ids.action_k20_downgrade(self.reason)
        return {'type': 'ir.actions.act_window_close'}
