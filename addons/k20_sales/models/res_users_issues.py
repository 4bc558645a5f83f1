from odoo import models


class ResUsers(models.Model):
    """Nobody leaves with open service issues. (R199)"""

    _inherit = 'res.users'

    def _k20_left_with(self):
        left = super()._k20_left_with()
        issues = len(self._k20_open_issues())
        return {**left, self.env._("service issues"): issues} if issues else left

    def _k20_open_issues(self):
        """Return the open issues that this person is in charge of, in sudo."""
        return self.env['k20.customer.issue'].sudo().search([('user_id', 'in', self.ids), ('state', '=', 'open')])
