from odoo import models


class ResUsers(models.Model):
    """Nobody leaves with open projects or orders that are not approved yet. (DESIGN §5)"""

    _inherit = 'res.users'

    def _k20_left_with(self):
        left = super()._k20_left_with()
        found = {self.env._("projects"): self._k20_open_projects(), self.env._("orders"): self._k20_unapproved_orders()}
        return {**left, **{label: len(records) for label, records in found.items() if records}}

    def _k20_open_projects(self):
        """Return the open projects of this person, in sudo."""
        Lead = self.env['crm.lead'].sudo()
        return Lead.search([('user_id', 'in', self.ids), *Lead._k20_open_domain()])

    def _k20_unapproved_orders(self):
        """Return this person's quotations and orders that are not approved yet, in sudo."""
        Order = self.env['sale.order'].sudo()
        return Order.search([('user_id', 'in', self.ids), *Order._k20_unapproved_domain()])
