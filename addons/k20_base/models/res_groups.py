from odoo import Command, api, fields, models

from .base import ids_in

GRANTING_FIELDS = {'user_ids', 'implied_ids', 'implied_by_ids', 'k20_kind', 'k20_function_ids'}


class ResGroups(models.Model):
    """K20's roles and functions (DESIGN §1): a role brings its functions when it is given, each may be taken alone.

    Whoever may edit Odoo's groups could hand them out that way, so here too it takes an administrator. (R021)
    """

    _inherit = 'res.groups'

    k20_kind = fields.Selection(
        [('role', "Role"), ('function', "Function"), ('reach', "Reach")],
        readonly=True,
        help="Roles and functions are ticked on the K20 page of a user; a reach comes with roles only.",
    )
    k20_function_ids = fields.Many2many(
        'res.groups',
        'k20_role_function_rel',
        'role_id',
        'function_id',
        string="Functions of the Role",
        domain=[('k20_kind', '=', 'function')],
        help="Ticked by themselves when this role is given to a person.",
    )

    @api.depends('k20_kind')
    def _compute_full_name(self):
        """Call Odoo's function Export, and not "Export / Allowed": the others have one name, too. (R021)"""
        functions = self.filtered(lambda group: group.k20_kind == 'function' and group.privilege_id)
        for function in functions:
            function.full_name = function.sudo().privilege_id.name
        return super(ResGroups, self - functions)._compute_full_name()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._k20_check_granting(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._k20_check_granting(vals)
        return super().write(vals)

    def unlink(self):
        self._k20_check_granting(dict.fromkeys(GRANTING_FIELDS))
        return super().unlink()

    @api.model
    def _k20_bring_function(self, function):
        """Tick `function` for those who hold a role that brings it: for an addon that is installed after the people.

        :param str function: external id of the group
        """
        group = self.env.ref(function)
        roles = self.search([('k20_function_ids', 'in', group.ids)])
        people = self.env['res.users'].with_context(active_test=False).search([('group_ids', 'in', roles.ids)])
        (people - group.user_ids).group_ids = [Command.link(group.id)]

    def _k20_check_granting(self, vals):
        """AccessError where `vals` touch who has rights of K20, or what those are, and the user may not."""
        touched = GRANTING_FIELDS & vals.keys()
        if not touched:
            return
        named = self.browse(ids_in(vals.get('implied_ids')))  # what this group would give from now on
        if vals.get('k20_kind') or any((self + named).sudo().mapped('all_implied_ids.k20_kind')):
            self.env.user._k20_check_administers()
