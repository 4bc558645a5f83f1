from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.days import shift


class K20CustomerMove(models.TransientModel):
    """Asks to transfer, release, give up or protect one or many customers at once; the rules live on the request.

    Locking asks nobody: it is the owner's within the quota of Settings, and done at once.
    """

    _name = 'k20.customer.move'
    _inherit = ['k20.chosen.customers.mixin']
    _description = "Move Customers"

    kind = fields.Selection(
        [
            ('transfer', "Transfer to a colleague"),
            ('release', "Release to the pool"),
            ('loss', "Give up as lost"),
            ('extend', "Protect longer"),
            ('lock', "Lock against loss (at once)"),
        ],
        required=True,
        default='transfer',
    )
    to_user_id = fields.Many2one('res.users', "New Owner", domain=[('share', '=', False)])
    extend_days = fields.Integer("Days More", default=30)
    date_until = fields.Date("Lock Until", default=lambda self: shift(self.env.user._k20_today(), 30))
    reason = fields.Text()

    def action_apply(self):
        """Ask for the move of all these customers, all or none, or lock them.

        :return: an action that closes the dialog
        :raise UserError: without a reason, or where one of them cannot be asked for
        """
        self.ensure_one()
        self.partner_ids.check_access('write')
        if not self.partner_ids:
            raise UserError(self.env._("No customer is chosen: tick at least one."))
        if self.kind == 'lock':
            self.partner_ids.action_k20_lock(self.date_until)
        else:
            self._k20_ask()
        return {'type': 'ir.actions.act_window_close'}

    def _k20_ask(self):
        if not (self.reason or '').strip():
            raise UserError(self.env._("The approver decides by your reason: say why."))
        values = {
            'transfer': {'to_user_id': self.to_user_id.id},
            'extend': {'extend_days': self.extend_days},
        }.get(self.kind, {})
        self.env['k20.customer.assignment']._k20_request(self.kind, self.partner_ids.ids, self.reason, **values)
