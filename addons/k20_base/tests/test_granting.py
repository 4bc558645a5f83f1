from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import K20Case, K20HttpCase, RpcError


class GrantingCase(K20Case):
    """Someone who administers people in Odoo, and what of K20 they might give."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # May edit people and groups in Odoo, and is no administrator of K20.
        cls.clerk = cls.make_user('k20_clerk')
        cls.clerk.group_ids += cls.env.ref('base.group_erp_manager') + cls.env.ref('base.group_partner_manager')
        cls.role = cls.env.ref('k20_base.group_k20_admin')
        cls.function = cls.env.ref('k20_base.group_k20_cost')
        cls.reach = cls.env.ref('k20_base.group_k20_all_customers')
        cls.group = cls.env['res.groups'].create({'name': "Clerks", 'user_ids': [Command.link(cls.clerk.id)]})


@tagged('post_install', '-at_install')
class TestGranting(GrantingCase):
    """Roles and functions are the administrator's to give and take. (R021, R155)"""

    def test_the_administrator_gives_and_takes(self):
        """R021: a role with its functions, and a function alone."""
        user = self.outsider.with_user(self.admin)
        user.k20_role_ids = self.env.ref('k20_base.group_k20_salesperson')
        self.assertTrue(self.outsider.has_group('base.group_allow_export'))
        self.assertEqual(user.k20_function_ids.mapped('display_name'), ['Export'])
        user.k20_function_ids += self.function
        self.assertTrue(self.outsider.has_group('k20_base.group_k20_cost'))
        user.k20_function_ids = False
        self.assertFalse(self.outsider.has_group('base.group_allow_export'))
        self.assertTrue(self.outsider.has_group('k20_base.group_k20_salesperson'))
        user.k20_role_ids = False
        self.assertFalse(self.outsider.has_group('k20_base.group_k20_salesperson'))

    def test_a_role_brings_what_is_not_taken_along_and_leaves_what_another_brings(self):
        """R021, R155: a function refused in the same call; one that two roles bring, when one of them is taken."""
        export, user = self.env.ref('base.group_allow_export'), self.outsider.with_user(self.admin)
        seller, payer = self.env.ref('k20_base.group_k20_salesperson'), self.env.ref('k20_base.group_k20_finance')
        user.write({'group_ids': [Command.link(seller.id), Command.unlink(export.id)]})
        self.assertEqual((user.k20_role_ids, export in user.k20_function_ids), (seller, False))
        user.k20_role_ids += payer
        self.assertIn(export, seller.k20_function_ids & payer.k20_function_ids & user.k20_function_ids)
        user.k20_role_ids -= payer
        self.assertIn(export, user.k20_function_ids)


@tagged('post_install', '-at_install', 'k20_thorough')
class TestGrantingDoors(GrantingCase):
    """They are nobody else's, whatever the way. (R021, R157)"""

    def test_nobody_else_gives_on_a_person(self):
        """R021: by any field of the person, by a new person, a copy or an import; own rights included."""
        group_ids = [Command.link(self.role.id)]
        for user in (self.sales1, self.manager, self.finance, self.clerk):
            for target in (user, self.outsider):
                for vals in (
                    {'group_ids': group_ids},
                    {'group_ids': [Command.link(self.reach.id)]},
                    {'k20_role_ids': group_ids},
                    {'k20_function_ids': [Command.link(self.env.ref('k20_base.group_k20_rules').id)]},
                ):
                    with self.subTest(user=user.login, target=target.login, vals=vals), self.assertRaises(AccessError):
                        target.with_user(user).write(dict(vals))
        Users = self.env['res.users'].with_user(self.clerk)
        with self.assertRaises(AccessError):
            Users.create({'name': "New", 'login': 'k20_new', 'group_ids': group_ids})
        with self.assertRaises(AccessError):
            self.admin.with_user(self.clerk).copy({'login': 'k20_copy'})
        result = Users.load(['name', 'login', 'group_ids/.id'], [["New", 'k20_new', str(self.role.id)]])
        self.assertFalse(result['ids'])
        Users.create({'name': "New", 'login': 'k20_new'})  # a person without rights of K20 is the clerk's

    def test_nobody_else_takes(self):
        """R021: taking away is a change as much as giving."""
        with self.assertRaises(AccessError):
            self.sales1.with_user(self.clerk).k20_role_ids = False
        with self.assertRaises(AccessError):
            self.sales1.with_user(self.clerk).group_ids = [Command.clear()]

    def test_nobody_else_gives_on_a_group(self):
        """R021: its members, what implies it or comes with it, a role's functions, a new group, a deleted one."""
        give = Command.link
        for group, vals in (
            (self.role, {'user_ids': [give(self.clerk.id)]}),
            (self.reach, {'user_ids': [give(self.clerk.id)]}),
            (self.role, {'all_user_ids': [give(self.clerk.id)]}),
            (self.role, {'implied_by_ids': [give(self.group.id)]}),
            (self.group, {'implied_ids': [give(self.role.id)]}),
            (self.group, {'implied_ids': [give(self.reach.id)]}),
            (self.env.ref('k20_base.group_k20_salesperson'), {'implied_ids': [give(self.reach.id)]}),
            (self.env.ref('k20_base.group_k20_salesperson'), {'k20_function_ids': [give(self.function.id)]}),
            (self.group, {'k20_kind': 'role'}),
            (self.function, {'k20_kind': False}),
        ):
            with self.subTest(group=group.name, vals=vals), self.assertRaises(AccessError):
                group.with_user(self.clerk).write(dict(vals))
        Groups = self.env['res.groups'].with_user(self.clerk)
        for vals in (
            {'implied_ids': [give(self.role.id)]},
            {'implied_by_ids': [give(self.group.id)], 'implied_ids': [give(self.function.id)]},
            {'k20_kind': 'function'},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                Groups.create({'name': "New", **vals})
        for group in (self.role, self.function, self.reach):
            with self.subTest(group=group.name), self.assertRaises(AccessError):
                group.with_user(self.clerk).unlink()
        self.group.with_user(self.clerk).name = "Odoo's own groups stay the clerk's"

    def test_nobody_else_changes_the_rules(self):
        """R021, R157: record rules and access rows hold the rights up."""
        rule = self.env.ref('k20_base.res_partner_rule_customer_read')
        row = self.env['ir.model.access'].search([('model_id.model', '=', 'k20.customer.nature')], limit=1)
        for record in (rule, row):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.clerk).active = False
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.clerk).unlink()
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.clerk).copy()


@tagged('post_install', '-at_install')
class TestGrantingSession(K20HttpCase):
    """R021: a change holds from the person's next request, without logging in again."""

    def test_a_role_and_a_function_taken_away_hold_from_the_next_request(self):
        """R021, R155: over HTTP, in a session that goes on."""
        mine = self.make_customer(owner=self.sales1)
        self.login(self.sales1)
        self.assertTrue(self.call('res.partner', 'read', mine.ids, ['name']))
        self.sales1.with_user(self.admin).k20_role_ids = False
        with self.assertRaises(RpcError):
            self.call('res.partner', 'read', mine.ids, ['name'])
        self.sales1.with_user(self.admin).k20_role_ids = self.env.ref('k20_base.group_k20_salesperson')
        self.assertTrue(self.call('res.partner', 'read', mine.ids, ['name']))
        self.assertTrue(self.call('res.users', 'has_group', self.sales1.ids, 'base.group_allow_export'))
        self.sales1.with_user(self.admin).k20_function_ids = False
        self.assertFalse(self.call('res.users', 'has_group', self.sales1.ids, 'base.group_allow_export'))

    def test_nobody_gives_to_oneself_over_http(self):
        """R021: the call of the client's own preferences page is refused too."""
        self.login(self.sales1)
        group = self.env.ref('k20_base.group_k20_admin').id
        for vals in ({'group_ids': [[4, group]]}, {'k20_role_ids': [[4, group]]}, {'role': 'group_system'}):
            for method, args in (
                ('write', (self.sales1.ids, vals)),
                ('web_save', (self.sales1.ids, vals, {'name': {}})),
            ):
                with self.subTest(vals=vals, method=method), self.assertRaises(RpcError):
                    self.call('res.users', method, *args)
        self.assertFalse(self.sales1.has_group('k20_base.group_k20_admin'))
