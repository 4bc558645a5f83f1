from odoo import models
from odoo.exceptions import UserError

from odoo.addons.k20_base.tools.opening import opened


class K20UserHandover(models.TransientModel):
    """A leaver's open projects and orders go to the receiver; those of the pool's customers wait there."""

    _inherit = 'k20.user.handover'

    def _k20_hand_over(self):
        super()._k20_hand_over()  # first: what hangs on the customers has moved with them
        projects, orders = self.user_id._k20_open_projects(), self.user_id._k20_unapproved_orders()
        if (projects or orders) and not self.to_user_id:
            raise UserError(
                self.env._(
                    "%s has projects or orders of colleagues' customers: name a colleague who takes them.",
                    self.user_id.name,
                )
            )
        projects.user_id = self.to_user_id
        with opened(orders):
            orders.user_id = self.to_user_id
