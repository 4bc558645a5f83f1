from odoo import models


class IrUiMenu(models.Model):
    """One root menu for K20's people: Odoo's own roots are hidden by role, their data left untouched. (R040)"""

    _inherit = 'ir.ui.menu'

    def _load_menus_blacklist(self):
        return super()._load_menus_blacklist() + self._k20_hidden_roots()

    def _k20_hidden_roots(self):
        """Return the ids of Odoo's roots that none of the user's roles works with; hidden is not forbidden."""
        user = self.env.user
        if not user.has_group('base.group_user') or not user.k20_role_ids:
            return []
        roots = (
            self.env.ref(xmlid, raise_if_not_found=False)
            for xmlid, groups in self._k20_root_groups().items()
            if not user.has_groups(groups)
        )
        return [root.id for root in roots if root]

    def _k20_root_groups(self):
        """Return {root menu: groups that keep it}; addons extend it by the roots they bring in."""
        return {
            'account.menu_finance': 'k20_base.group_k20_finance,k20_base.group_k20_admin',
            'base.menu_management': 'k20_base.group_k20_admin',
            'contacts.menu_contacts': 'k20_base.group_k20_admin',
            'hr.menu_hr_root': 'k20_base.group_k20_admin',
            'utm.menu_link_tracker_root': 'k20_base.group_k20_admin',
        }
