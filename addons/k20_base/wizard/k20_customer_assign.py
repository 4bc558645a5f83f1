from itertools import cycle

from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class K20CustomerAssign(models.TransientModel):
    """The administrator gives customers out: to one person, in turn to several, or by region. (R181)"""

    _name = 'k20.customer.assign'
    _inherit = ['k20.chosen.customers.mixin']
    _description = "Assign Customers"

    how = fields.Selection(
        [('turns', "In turn"), ('region', "By province")],
        required=True,
        default='turns',
        help="In turn: one after the other, the fewest customers first. By province: all of one province together.",
    )
    user_ids = fields.Many2many('res.users', string="New Owners", domain=[('share', '=', False)])

    def action_apply(self):
        """Give the customers out.

        :return: an action that closes the dialog
        :raise AccessError: for anybody but the administrator
        :raise UserError: where nobody or nothing is chosen, or somebody cannot look after customers
        """
        self.ensure_one()
        if not self.env.user._k20_administers():
            raise AccessError(self.env._("Customers are assigned by the administrator: ask for a transfer instead."))
        if not self.user_ids or not self.partner_ids:
            raise UserError(self.env._("Nobody or nothing is chosen: name people and customers."))
        for user, customers in self._k20_shares().items():
            for customer in customers:
                customer._k20_check_may_own(user)
            customers.user_id = user
        return {'type': 'ir.actions.act_window_close'}

    def _k20_shares(self):
        """Return {user: customers}, even shares, who looks after fewest first."""
        owned = dict(
            self.env['res.partner']._read_group(
                [('k20_kind', '!=', False), ('user_id', 'in', self.user_ids.ids)], ['user_id'], ['__count']
            )
        )
        turns = cycle(self.user_ids.sorted(lambda user: (owned.get(user, 0), user.id)))
        shares = dict.fromkeys(self.user_ids, self.env['res.partner'])
        groups = self.partner_ids.grouped('state_id').values() if self.how == 'region' else self.partner_ids
        for customers in groups:
            shares[next(turns)] |= customers
        return {user: customers for user, customers in shares.items() if customers}
