from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResUsers(models.Model):
    """Leaders, and who stands in for whom, as approvals need them."""

    _inherit = 'res.users'

    k20_moves = fields.Integer("Counted Moves", copy=False, groups='base.group_system')
    k20_delegate_ids = fields.One2many('k20.approval.delegate', 'user_id', "Delegates")

    def _k20_leaders(self):
        """Return the leaders of the teams these users belong to, except themselves."""
        members = self.env['crm.team.member'].sudo().search([('user_id', 'in', self.ids)])
        return members.crm_team_id.user_id - self

    def _k20_delegates(self):
        """Return who stands in for these users today, in the company's time zone."""
        return self._k20_delegations(Domain('user_id', 'in', self.ids)).delegate_id

    def _k20_principals(self):
        """Return whom these users stand in for today."""
        return self._k20_delegations(Domain('delegate_id', 'in', self.ids)).user_id

    def _k20_delegations(self, domain):
        today = self.env.company._k20_today()
        domain &= Domain('date_from', '<=', today) & Domain('date_to', '>=', today)
        domain &= Domain('user_id.active', '=', True) & Domain('delegate_id.active', '=', True)
        return self.env['k20.approval.delegate'].sudo().search(domain)

    def _k20_serialize_moves(self):
        """Let one transaction at a time count what this person may own: a second one is retried and counts anew."""
        # Both write the same row, so that the database refuses the second; a lock alone would leave it a stale count.
        self.env.cr.execute(
            SQL("UPDATE res_users SET k20_moves = COALESCE(k20_moves, 0) + 1 WHERE id IN %s", tuple(self.ids))
        )
