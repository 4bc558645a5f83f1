from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import K20Case


@tagged('post_install', '-at_install')
@freeze_time('2026-11-24 04:00:00')
class TestFollowupRights(K20Case):
    """A follow-up is visible only with its customer, and changed by who wrote it. (R022, R057, R080, R157)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer('channel', owner=cls.sales1)
        cls.entry = cls.make_followup(cls.customer, content="Their phone is 13800000001")
        cls.managers = cls.make_followup(cls.customer, cls.manager)
        cls.others = cls.make_followup(cls.make_customer(owner=cls.sales3))
        cls.pooled = cls.make_followup(cls.make_customer(), cls.admin)
        cls.all = cls.entry + cls.managers + cls.others + cls.pooled

    def test_who_reads_what(self):
        """R022, R157: own, team, all; nothing without a role, nothing for who buys or ships."""
        for user, expected in (
            (self.sales1, self.entry + self.managers),
            (self.sales2, self.entry.browse()),
            (self.sales3, self.others),
            (self.manager, self.entry + self.managers),
            (self.finance, self.all),
            (self.admin, self.all),
        ):
            found = self.all.with_user(user).search([('id', 'in', self.all.ids)])
            self.assertEqual(set(found), set(expected), user.login)
        for user in (self.buyer, self.storekeeper, self.outsider):
            with self.assertRaises(AccessError, msg=user.login):
                self.all.with_user(user).search([])

    def test_a_colleagues_follow_ups_are_unreadable_over_every_call(self):
        """R157: read, search, count, group, export, name search, and through the customer."""
        entry = self.entry.with_user(self.sales2)
        mine = [('id', '=', entry.id)]
        self.assertFalse(entry.search(mine))
        self.assertFalse(entry.search_count(mine))
        self.assertFalse(entry.search_read(mine, ['content']))
        self.assertFalse(entry.web_search_read(mine, {'content': {}})['records'])
        self.assertFalse(entry._read_group(mine, ['partner_id'], ['__count']))
        self.assertFalse(entry.name_search(self.customer.name))
        self.assertFalse(entry.search([('content', 'ilike', '13800000001')]))
        for call in (
            lambda: entry.read(['content']),
            lambda: entry.web_read({'content': {}}),
            lambda: entry.export_data(['content']),
            lambda: entry.copy(),
            lambda: entry.write({'content': "Mine now"}),
            lambda: entry.unlink(),
            lambda: self.customer.with_user(self.sales2).read(['k20_followup_ids', 'k20_next_followup_plan']),
        ):
            with self.assertRaises(AccessError) as caught:
                call()
            self.assertNotIn(self.customer.name, str(caught.exception))

    def test_follow_ups_are_added_to_customers_one_sees(self):
        """R057, R080: the owner and the leader add; a colleague, finance, buyer and storekeeper do not."""
        for user in (self.sales1, self.manager, self.admin):
            entry = self.make_followup(self.customer, user)
            self.assertEqual(entry.user_id, user)
        for user in (self.sales2, self.finance, self.buyer, self.storekeeper, self.outsider):
            with self.assertRaises(AccessError, msg=user.login):
                self.make_followup(self.customer, user)

    def test_own_entries_only_are_changed_and_deleted(self):
        """R057, R080: the owner's by the owner, the leader's by the leader, any by the administrator."""
        for entry, user in (
            (self.managers, self.sales1),
            (self.entry, self.manager),
            (self.entry, self.finance),
        ):
            for act in (lambda e: e.write({'content': "Changed"}), lambda e: e.unlink()):
                with self.assertRaises(AccessError, msg=user.login):
                    act(entry.with_user(user))
            self.assertFalse(entry.with_user(user).can_edit)
        with self.assertRefused("Only who wrote a follow-up", AccessError):
            self.managers.with_user(self.sales1).content = "Changed"
        for entry, user in ((self.entry, self.sales1), (self.managers, self.manager), (self.others, self.admin)):
            self.assertTrue(entry.with_user(user).can_edit)
            entry.with_user(user).content = "Changed"
            self.assertEqual(entry.content, "Changed")
            entry.with_user(user).unlink()
            self.assertFalse(entry.exists())

    def test_a_former_owners_entries_are_read_only(self):
        """R057, R157: the new owner reads them and adds own ones; the former owner sees nothing any more."""
        self.customer.with_user(self.admin).user_id = self.sales3
        self.assertIn("13800000001", self.entry.with_user(self.sales3).content)
        with self.assertRefused("Only who wrote a follow-up", AccessError):
            self.entry.with_user(self.sales3).content = "Changed"
        with self.assertRefused("Only who wrote a follow-up", AccessError):
            self.entry.with_user(self.sales3).unlink()
        self.make_followup(self.customer, self.sales3)
        with self.assertRaises(AccessError):
            self.entry.with_user(self.sales1).read(['content'])
        with self.assertRefused("ask who looks after them", AccessError):  # not a word on who wrote it
            self.entry.with_user(self.sales1).content = "Changed"
        self.assertEqual(self.entry.sudo().user_id, self.sales1)

    def test_nobody_records_in_a_colleagues_name(self):
        """R057: by value, by default of the context, or afterwards; the administrator may."""
        with self.assertRefused("own name", ValidationError):
            self.make_followup(self.customer, self.manager, user_id=self.sales1.id)
        Followup = self.env['k20.followup'].with_user(self.sales1).with_context(default_user_id=self.sales2.id)
        with self.assertRefused("own name", ValidationError):
            Followup.create({'partner_id': self.customer.id})
        with self.assertRefused("own name", ValidationError):
            self.entry.with_user(self.sales1).user_id = self.sales2
        self.assertEqual(self.make_followup(self.customer, self.admin, user_id=self.sales1.id).user_id, self.sales1)

    def test_what_the_system_works_out_is_not_sent(self):
        """R057, R157: neither whose it is nor what it counts for, not even as a default of the context."""
        self.env.company.k20_followup_backdate_days = 3
        Followup = self.env['k20.followup'].with_user(self.sales1)
        values = {'partner_id': self.customer.id, 'date': '2026-10-01'}
        for forged in ({'moves_clock': True}, {'owner_id': self.sales2.id}, {'company_id': False}):
            with self.assertRefused("worked out"):
                Followup.create({**values, **forged})
            with self.assertRefused("worked out"):
                self.entry.with_user(self.sales1).write(dict(forged))
        late = Followup.with_context(default_moves_clock=True, default_owner_id=self.sales2.id).create(values)
        self.assertFalse(late.moves_clock)
        self.assertEqual(late.owner_id, self.sales1)

    def test_a_hidden_follow_up_is_not_named(self):
        """R157: an activity that names one would show whose it is."""
        step = self.customer.with_user(self.sales1).activity_schedule(user_id=self.sales1.id)
        with self.assertRaises(AccessError):
            step.k20_followup_id = self.others

    def test_customers_open_without_follow_ups_for_who_reads_none(self):
        """R022, R157: list, card and form of a customer show them to those who read them and to nobody else."""
        for user, shown in ((self.sales1, True), (self.finance, True), (self.buyer, False), (self.storekeeper, False)):
            for kind, name in (('form', 'k20_followup_ids'), ('list', 'k20_next_followup_date')):
                view = self.env.ref(f'k20_base.res_partner_view_{kind}_customer')
                arch = self.env['res.partner'].with_user(user).get_view(view.id, kind)['arch']
                self.assertEqual(f'"{name}"' in arch, shown, f'{user.login} {kind}')
            view = self.env.ref('k20_base.res_partner_view_kanban_customer')
            arch = self.env['res.partner'].with_user(user).get_view(view.id, 'kanban')['arch']
            self.assertEqual('k20_next_followup_plan' in arch, shown, user.login)

    def test_an_entry_is_not_moved_to_a_hidden_customer(self):
        """R157: naming it is refused like reading it."""
        hidden = self.others.partner_id
        with self.assertRaises(AccessError):
            self.entry.with_user(self.sales1).partner_id = hidden
        with self.assertRaises(AccessError):
            self.env['k20.followup'].with_user(self.sales1).with_context(default_partner_id=hidden.id).create({})
        self.assertEqual(self.entry.partner_id, self.customer)

    def test_whoever_sells_and_pays_sees_the_union(self):
        """R022: all are read; own customers' are added to, own entries changed."""
        both = self.make_user('k20_both', 'salesperson', 'finance')
        self.assertEqual(self.all.with_user(both).search_count([('id', 'in', self.all.ids)]), len(self.all))
        entry = self.make_followup(self.make_customer(owner=both))
        entry.content = "Changed"
        with self.assertRaises(AccessError):
            self.make_followup(self.customer, both)

    def test_follow_ups_of_another_company_are_hidden(self):
        """R022: also from the administrator who does not work there."""
        customer = self.make_customer(company_id=self.other_company.id)
        elsewhere = self.make_followup(customer, self.env.ref('base.user_root'))
        self.assertFalse(elsewhere.with_user(self.admin).search([('id', '=', elsewhere.id)]))

    def test_settings_are_whole_days_from_0(self):
        """R048: negative days are refused by the database."""
        for name in ('k20_reminder_days', 'k20_followup_backdate_days'):
            with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):
                self.env.company[name] = -1
                self.env.flush_all()
