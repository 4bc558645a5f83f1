from odoo import api, models


class ResUsers(models.Model):
    """Everybody with a role of K20 is an employee: Odoo lets nobody else enter an expense. (DESIGN §1)"""

    _inherit = 'res.users'

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._k20_make_employees()
        return users

    def write(self, vals):
        result = super().write(vals)
        if 'group_ids' in vals or 'company_id' in vals:
            self._k20_make_employees()
        return result

    def _k20_make_employees(self):
        """Make the employee record, in the own company, of those who have a role and none there."""
        # Core gives groups to users that have no name yet, and an employee needs one.
        for user in self.filtered(
            lambda user: user.name and any(kind == 'role' for kind in user._k20_rights().mapped('k20_kind'))
        ):
            # sudo: who hands out roles need not be of the personnel department.
            user = user.sudo().with_company(user.company_id)
            if not user.with_context(active_test=False).employee_id:
                user.action_create_employee()
