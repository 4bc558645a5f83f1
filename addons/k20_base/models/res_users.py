from odoo import Command, api, fields, models
from odoo.exceptions import AccessError


class ResUsers(models.Model):
    """Roles and functions of a person, and whose customers that person sees. (R021, R022, R155)"""

    _inherit = 'res.users'

    k20_role_ids = fields.Many2many(
        'res.groups',
        string="K20 Roles",
        compute='_compute_k20_groups',
        inverse='_inverse_k20_role_ids',
        domain=[('k20_kind', '=', 'role')],
        help="What this person is in the company. A role brings its functions; each can be taken or given alone.",
    )
    k20_function_ids = fields.Many2many(
        'res.groups',
        string="K20 Functions",
        compute='_compute_k20_groups',
        inverse='_inverse_k20_function_ids',
        domain=[('k20_kind', '=', 'function')],
        help="Single rights beside the roles: without the tick exactly this function is refused.",
    )

    @api.depends('group_ids')
    def _compute_k20_groups(self):
        for user in self:
            user.k20_role_ids = user.group_ids.filtered(lambda group: group.k20_kind == 'role')
            user.k20_function_ids = user.group_ids.filtered(lambda group: group.k20_kind == 'function')

    def _inverse_k20_role_ids(self):
        self._k20_tick('role', 'k20_role_ids')

    def _inverse_k20_function_ids(self):
        self._k20_tick('function', 'k20_function_ids')

    def _k20_tick(self, kind, name):
        """Give and take groups of `kind` so that exactly those in field `name` are left."""
        ticked = {user: user[name] for user in self}
        for user, groups in ticked.items():
            held = user.group_ids.filtered(lambda group: group.k20_kind == kind)
            commands = [Command.unlink(group.id) for group in held - groups]
            commands += [Command.link(group.id) for group in groups - held]
            if commands:
                user.write({'group_ids': commands})

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        if any(users.mapped('all_group_ids.k20_kind')):
            self.env.user._k20_check_administers()
        for user in users:
            user._k20_follow_roles(self.env['res.groups'])
        users._k20_quiet_bot()
        return users

    def write(self, vals):
        if 'group_ids' not in vals:
            return super().write(vals)
        commands = vals['group_ids']
        before = {user: user._k20_rights() for user in self}
        # Asked beforehand: afterwards it may be the asking user who has become an administrator.
        if any(user._k20_rights(commands) != before[user] for user in self):
            self.env.user._k20_check_administers()
        result = super().write(vals)
        changed = self.filtered(lambda user: user._k20_rights() != before[user])
        refused = {command[1] for command in commands if len(command) > 1 and command[0] == Command.UNLINK}
        for user in changed:
            user._k20_follow_roles(before[user], refused)
        changed._k20_quiet_bot()
        return result

    def _k20_rights(self, commands=()):
        """Return the roles, functions and reaches of this user, also through other groups, as `commands` make them."""
        groups = self.sudo().group_ids
        if commands:
            groups = self.sudo().new({'group_ids': commands}, origin=self).group_ids._origin
        return groups.all_implied_ids.filtered('k20_kind')

    def _k20_administers(self):
        """Tell whether this user hands out roles and functions: an administrator, or the system itself. (R021)"""
        return self.id == api.SUPERUSER_ID or self.has_group('k20_base.group_k20_admin')

    def _k20_check_administers(self):
        """AccessError unless this user hands out roles and functions."""
        if not self._k20_administers():
            raise AccessError(self.env._("Roles and functions are given and taken by the administrator: ask there."))

    def _k20_follow_roles(self, before, refused=()):
        """Tick the functions of roles just given, untick those of roles just taken, unless another role keeps them.

        :param before: the K20 groups held until now
        :param refused: ids of groups that the same call takes away on purpose
        """
        self.ensure_one()
        roles = self.group_ids.filtered(lambda group: group.k20_kind == 'role')
        gained = (roles - before).k20_function_ids.filtered(lambda group: group.id not in refused)
        lost = (before - roles).k20_function_ids - roles.k20_function_ids
        commands = [Command.link(group.id) for group in gained - self.group_ids]
        commands += [Command.unlink(group.id) for group in lost & self.group_ids]
        if roles and not before.filtered(lambda group: group.k20_kind == 'role'):
            # K20 tells its people in the app; who wants mails instead chooses so in the preferences.
            commands.append(Command.link(self.env.ref('mail.group_mail_notification_type_inbox').id))
        if commands:
            super().write({'group_ids': commands})  # pylint: disable=super-method-mismatch

    def _k20_quiet_bot(self):
        # OdooBot's first-login chat covers a phone's whole screen; the field is there only where its addon is.
        if 'odoobot_state' in self._fields:
            self.filtered('k20_role_ids').sudo().odoobot_state = 'disabled'

    def _k20_reads_all_customers(self):
        """Tell whether no customer is hidden from this user (portal and public users have rules of their own)."""
        if self.share or self.has_group('k20_base.group_k20_all_customers'):
            return True
        buys_or_ships = self.has_group('k20_base.group_k20_buyer') or self.has_group('k20_base.group_k20_storekeeper')
        return buys_or_ships and not self.has_group('k20_base.group_k20_salesperson')

    def _k20_visible_user_ids(self):
        """Return the ids of the people whose customers this user sees: own id, and for a manager the led teams'."""
        if not self.has_group('k20_base.group_k20_salesperson'):
            return []
        user_ids = {self.id}
        if self.has_group('k20_base.group_k20_manager'):
            user_ids.update(self._k20_led_users().ids)
        return sorted(user_ids)

    def _k20_led_users(self):
        """Return the members of the teams that this user leads."""
        self.ensure_one()
        teams = self.env['crm.team'].sudo().search([('user_id', '=', self.id)])
        return teams.crm_team_member_ids.user_id

    def _k20_today(self):
        """Return the current date in this user's own time zone, whatever zone the client claims to be in."""
        self.ensure_one()
        zone = self.sudo().tz
        return fields.Date.context_today(self.with_context(tz=zone)) if zone else self.sudo().company_id._k20_today()
