from odoo import models
from odoo.exceptions import UserError


class ResUsers(models.Model):
    """Nobody leaves with customers: they would sit unworked with somebody who is gone. (DESIGN §5)"""

    _inherit = 'res.users'

    def write(self, vals):
        if vals.get('active') is False:
            self._k20_check_handed_over()
        return super().write(vals)

    def _k20_check_handed_over(self):
        for user in self:
            left = user._k20_left_with()
            if left:
                raise UserError(
                    self.env._(
                        "%(user)s still has work (%(left)s): hand it over first, under Configuration, Hand Over.",
                        user=user.name,
                        left=', '.join(f'{label}: {count}' for label, count in left.items()),
                    )
                )

    def _k20_left_with(self):
        """Hook: return {label: count} of what this person would leave behind; addons add what they bring."""
        self.ensure_one()
        left = {
            self.env._("customers"): len(self._k20_owned_customers()),
            self.env._("requests"): len(self._k20_own_requests()),
            self.env._("approvals"): len(self._k20_awaited_tasks()),
        }
        return {label: count for label, count in left.items() if count}

    def _k20_owned_customers(self):
        """Return the customers that this person looks after, archived ones included."""
        Partner = self.env['res.partner'].sudo().with_context(active_test=False)
        return Partner.search([('k20_kind', '!=', False), ('user_id', 'in', self.ids)]).sudo(False)

    def _k20_own_requests(self):
        """Return the open requests for customers that would come to this person, in sudo."""
        domain = [('to_user_id', 'in', self.ids), ('k20_approval_state', '=', 'submitted'), ('kind', '!=', 'extend')]
        return self.env['k20.customer.assignment'].sudo().search(domain)

    def _k20_awaited_tasks(self):
        """Return the approvals that wait for this person by name."""
        domain = [('state', 'in', ('open', 'waiting')), ('approver_ids', 'in', self.ids)]
        return self.env['k20.approval.task'].sudo().search(domain)
