import doctest
from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from ..tools import days as days_tool
from .common import K20Case

NOON = '2026-11-24 04:00:00'  # noon in Shanghai


@tagged('post_install', '-at_install')
@freeze_time(NOON)
class TestReminders(K20Case):
    """跟单提醒: whose next step is due or overdue, and the next step as an activity. (R003, R048, R176, R177)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.overdue = cls.make_due('channel', cls.sales1, '2026-11-20')
        cls.today = cls.make_due('end', cls.sales1, '2026-11-24')
        cls.soon = cls.make_due('channel', cls.sales2, '2026-11-27')
        cls.later = cls.make_due('end', cls.sales3, '2026-11-28')
        cls.all = cls.overdue + cls.today + cls.soon + cls.later

    @classmethod
    def make_due(cls, kind, owner, next_date):
        """Make a customer whose next step falls on `next_date`."""
        customer = cls.make_customer(kind, owner=owner)
        cls.make_followup(customer, date='2026-11-10', status='quoted', next_date=next_date, next_plan="Call again")
        return customer

    def reminders(self, user, days=None):
        """Return what `user` finds when the reminders are opened for `days` ahead, in the order of the list."""
        Partner = self.env['res.partner'].with_user(user)
        action = Partner.action_k20_followup_reminders(days)
        asked = action['context']['search_default_k20_due_within_days']
        domain = [*self.evaluated(action['domain']), ('k20_due_within_days', '=', asked), ('id', 'in', self.all.ids)]
        return Partner.search(domain, order='k20_next_followup_date, id')

    @staticmethod
    def evaluated(domain):
        return [leaf for leaf in eval(domain) if isinstance(leaf, tuple)]

    def steps(self, customer):
        return self.env['mail.activity'].search([('res_model', '=', 'res.partner'), ('res_id', '=', customer.id)])

    def test_the_days_ahead_are_typed(self):
        """R048: any whole number from 0; overdue ones always; channels and end customers; sorted by next date."""
        self.assertEqual(self.reminders(self.admin, 0), self.overdue + self.today)
        self.assertEqual(self.reminders(self.admin, '3'), self.overdue + self.today + self.soon)
        self.assertEqual(self.reminders(self.admin, 4), self.all)
        self.assertEqual(self.reminders(self.admin, 10**12), self.all)

    def test_the_days_ahead_come_from_settings(self):
        """R048: shipped as 3; changed there, changed here."""
        self.assertEqual(self.env.company.k20_reminder_days, 3)
        self.assertEqual(self.reminders(self.admin), self.overdue + self.today + self.soon)
        self.env.company.k20_reminder_days = 0
        self.assertEqual(self.reminders(self.admin), self.overdue + self.today)

    def test_negative_days_and_text_are_refused(self):
        """R048: by the button's method and by the search box alike."""
        Partner = self.env['res.partner'].with_user(self.sales1)
        for days in (-1, '-1', "soon", '1.5', '', 2.5, True):
            with self.assertRefused("whole number"):
                Partner.action_k20_followup_reminders(days)
        for name in ('k20_due_within_days', 'k20_not_contacted_days'):
            for operator, value in (('ilike', '-1'), ('ilike', "soon"), ('=', '1.5'), ('in', ['3', "soon"])):
                with self.assertRefused("whole number"):
                    Partner.search([(name, operator, value)])

    def test_numbers_of_days_are_read_as_people_type_them(self):
        """R048: the examples of tools/days.py hold."""
        result = doctest.testmod(days_tool)
        self.assertTrue(result.attempted and not result.failed)

    def test_each_reminder_says_what_to_do(self):
        """R048: name, status, next date, next plan, salesperson, and how long overdue."""
        found = self.reminders(self.sales1).read(
            ['name', 'k20_followup_status', 'k20_next_followup_date', 'k20_next_followup_plan', 'k20_owner_id']
            + ['k20_followup_overdue_days', 'k20_kind']
        )
        self.assertEqual(
            [tuple(row.values())[1:] for row in found],
            [
                *[
                    (
                        customer.name,
                        'quoted',
                        customer.k20_next_followup_date,
                        "Call again",
                        (self.sales1.id, self.sales1.name),
                        days,
                        customer.k20_kind,
                    )
                    for customer, days in ((self.overdue, 4), (self.today, 0))
                ]
            ],
        )

    def test_due_soon_and_overdue_are_told_apart(self):
        """R176: the state that colours the rows, shown and searched."""
        Partner = self.env['res.partner'].with_user(self.admin)
        states = {'overdue': self.overdue, 'soon': self.today + self.soon, 'later': self.later}
        for state, customers in states.items():
            self.assertEqual(set(customers.with_user(self.admin).mapped('k20_reminder_state')), {state})
            found = Partner.search([('k20_reminder_state', '=', state), ('id', 'in', self.all.ids)])
            self.assertEqual(found, customers.with_user(self.admin).sorted())

    def test_own_team_all(self):
        """R176, R177: a salesperson gets own ones, a manager the team's, the administrator all."""
        for user, expected in (
            (self.sales1, self.overdue + self.today),
            (self.sales2, self.soon),
            (self.manager, self.overdue + self.today + self.soon),
            (self.admin, self.all),
            (self.finance, self.all),
        ):
            self.assertEqual(self.reminders(user, 30), expected, user.login)

    def test_who_reads_no_follow_ups_gets_no_reminders(self):
        """R157: buyers and storekeepers read customers, and not what was agreed with them."""
        for user in (self.buyer, self.storekeeper, self.outsider):
            with self.assertRaises(AccessError):
                self.env['res.partner'].with_user(user).action_k20_followup_reminders()
            with self.assertRaises(AccessError):
                self.env['res.partner'].with_user(user).search([('k20_reminder_state', '=', 'overdue')])
            with self.assertRaises(AccessError):
                self.env['res.partner'].with_user(user).search([('k20_due_within_days', '=', '3')])
        self.assertFalse(self.overdue.with_user(self.buyer).k20_reminder_state)
        with self.assertRaises(AccessError):
            self.overdue.with_user(self.buyer).read(['k20_next_followup_plan'])

    def test_whoever_leads_people_sees_them_by_person(self):
        """R177: grouped for manager and administrator, on wide screens only; not for a salesperson."""
        by_person = self.env.ref('k20_base.res_partner_view_list_reminder_by_person').id
        for user, grouped in ((self.sales1, False), (self.manager, True), (self.admin, True)):
            views = dict(
                (kind, view)
                for view, kind in self.env['res.partner'].with_user(user).action_k20_followup_reminders()['views']
            )
            self.assertEqual(views['list'] == by_person, grouped, user.login)
            kanban = self.env['res.partner'].with_user(user).get_view(views['kanban'], 'kanban')['arch']
            self.assertNotIn('default_group_by', kanban)

    def test_overdue_days_turn_at_the_persons_midnight(self):
        """R177: today − next date, in the zone of who looks."""
        london = self.make_user('k20_london', 'admin', tz='Europe/London')
        with freeze_time('2026-11-24 16:30:00'):  # half past midnight of the 25th in Shanghai
            self.env.invalidate_all()
            self.assertEqual(self.today.with_user(self.admin).k20_followup_overdue_days, 1)
            self.assertEqual(self.today.with_user(london).k20_followup_overdue_days, 0)
            self.assertIn(self.today, self.overdue_for(self.admin))
            self.assertNotIn(self.today, self.overdue_for(london))

    def overdue_for(self, user):
        Partner = self.env['res.partner'].with_user(user)
        return Partner.search([('k20_followup_overdue_days', '>', 0), ('id', 'in', self.all.ids)])

    def test_overdue_days_are_searched_as_shown(self):
        """R177: by any number of days."""
        for operator, value, expected in (
            ('>', 0, self.overdue),
            ('>=', 4, self.overdue),
            ('>', 4, self.overdue.browse()),
            ('=', 4, self.overdue),
            ('=', 0, self.today + self.soon + self.later),
            ('<', 4, self.today + self.soon + self.later),
        ):
            found = self.all.search([('k20_followup_overdue_days', operator, value), ('id', 'in', self.all.ids)])
            self.assertEqual(set(found), set(expected), f'{operator} {value}')
        with self.assertRefused("whole number"):
            self.all.search([('k20_followup_overdue_days', '>', -1)])

    def test_not_contacted_for_some_days(self):
        """R008: the days are typed; never contacted ones belong; all were contacted 14 days ago."""
        never = self.make_customer('channel', owner=self.sales1)
        self.make_followup(self.today, date='2026-11-22')
        asked = [('id', 'in', (self.all + never + self.make_contact(never)).ids)]  # a contact is no customer
        Partner = self.env['res.partner'].with_user(self.sales1)
        for days, expected in (
            ('0', never + self.overdue + self.today),
            ('2', never + self.overdue + self.today),
            ('3', never + self.overdue),
            ('14', never + self.overdue),
            ('15', never),
        ):
            found = Partner.search([('k20_not_contacted_days', 'ilike', days), *asked])
            self.assertEqual(set(found), set(expected), days)
        self.assertEqual(
            Partner.search([('k20_days_since_followup', '>=', 14), ('id', 'in', self.all.ids)]), self.overdue
        )

    def test_a_newer_follow_up_takes_the_reminder_away(self):
        """R176: with its activity, which is done; deleting the newer one brings both back."""
        step = self.steps(self.overdue)
        newer = self.make_followup(self.overdue)
        self.assertNotIn(self.overdue, self.reminders(self.sales1))
        self.assertFalse(step.active)
        self.assertEqual(step.state, 'done')
        newer.with_user(self.sales1).unlink()
        self.assertIn(self.overdue, self.reminders(self.sales1))
        self.assertTrue(step.active)

    def test_the_next_step_is_an_activity_of_the_owner(self):
        """R003, R176: with day and plan; one recorded by the manager too; it follows a change of the entry."""
        customer = self.make_customer(owner=self.sales1)
        entry = self.make_followup(customer, self.manager, next_date='2026-11-30', next_plan="Visit")
        step = self.steps(customer)
        self.assertEqual((step.user_id, step.date_deadline, step.summary), (self.sales1, date(2026, 11, 30), "Visit"))
        self.assertEqual(step.activity_type_id, self.env.ref('k20_base.mail_activity_type_followup'))
        entry.with_user(self.manager).write({'next_date': '2026-12-01', 'next_plan': "Call"})
        self.assertEqual((step.date_deadline, step.summary), (date(2026, 12, 1), "Call"))
        entry.with_user(self.manager).next_date = False
        self.assertFalse(self.steps(customer))

    def test_one_done_by_hand_stays_done(self):
        """R176: an older entry recorded, or deleted, afterwards does not bring it back."""
        step = self.steps(self.overdue)
        step.with_user(self.sales1).action_done()
        older = self.make_followup(self.overdue, date='2026-11-01')
        self.assertFalse(step.active)
        older.with_user(self.sales1).unlink()
        self.assertFalse(step.active)

    def test_an_entry_recorded_late_plans_nothing(self):
        """R176: the latest contact says what comes next, not the one written down last."""
        step = self.steps(self.overdue)
        self.make_followup(self.overdue, date='2026-11-01', next_date='2026-11-02')
        self.assertEqual(self.steps(self.overdue), step)

    def test_the_reminder_moves_with_the_customer(self):
        """R176: activity and list go to the new owner; in the pool it waits; the next owner gets it."""
        step = self.steps(self.overdue)
        self.overdue.with_user(self.admin).user_id = self.sales3
        self.assertEqual(step.user_id, self.sales3)
        self.assertIn(self.overdue, self.reminders(self.sales3))
        self.assertNotIn(self.overdue, self.reminders(self.sales1))
        self.overdue.with_user(self.admin).user_id = False
        self.assertFalse(step.user_id)
        self.assertNotIn(self.overdue, self.reminders(self.admin))
        self.overdue.with_user(self.admin).user_id = self.sales2
        self.assertEqual(step.user_id, self.sales2)

    def test_open_activities_of_contacts_move_too(self):
        """R157, R176: those of the former owner and nobody's; a manager who still sees the customer keeps own ones."""
        contact = self.make_contact(self.overdue)
        call, check, nobodys = (
            contact.activity_schedule(user_id=user.id, date_deadline=date.today())
            for user in (self.sales1, self.manager, self.env['res.users'])
        )
        self.overdue.with_user(self.admin).user_id = self.sales2
        self.assertEqual((call + nobodys).user_id, self.sales2)
        self.assertEqual(check.user_id, self.manager)
        self.overdue.with_user(self.admin).user_id = self.sales3
        self.assertEqual(check.user_id, self.sales3)

    def test_a_former_owner_who_still_sees_the_customer_hands_over_too(self):
        """R051, R176: a manager's own customer given to the team."""
        customer = self.make_customer(owner=self.manager)
        step = customer.activity_schedule(user_id=self.manager.id, date_deadline=date.today())
        customer.with_user(self.admin).user_id = self.sales1
        self.assertEqual(step.user_id, self.sales1)

    def test_nobody_gets_an_activity_on_a_customer_they_may_not_read(self):
        """R157, R176: neither made nor handed over."""
        for partner in (self.overdue, self.make_contact(self.overdue)):
            with self.assertRefused("may not read", ValidationError):
                partner.with_user(self.manager).activity_schedule(user_id=self.sales3.id)
        with self.assertRefused("may not read", ValidationError):
            self.steps(self.overdue).with_user(self.sales1).user_id = self.sales2
        self.assertEqual(self.steps(self.overdue).user_id, self.sales1)

    def test_a_former_owner_hears_no_more_of_the_customer(self):
        """R157: no follower any more, so not mailed; who still sees it stays, and so does the customer's own login."""
        portal = self.env.ref('base.group_portal')
        guest = self.env['res.users'].create({'name': "Guest", 'login': 'k20_guest', 'group_ids': portal.ids})
        self.overdue.message_subscribe((self.sales1 + self.manager + guest).partner_id.ids)
        self.overdue.with_user(self.admin).user_id = self.sales2
        followers = self.overdue.message_partner_ids
        self.assertNotIn(self.sales1.partner_id, followers)
        self.assertIn(self.manager.partner_id, followers)
        self.assertIn(guest.partner_id, followers)

    def test_activities_due_are_in_one_list(self):
        """R003: a salesperson sees own ones, a manager the team's."""
        steps = self.env['mail.activity'].search([('res_id', 'in', self.all.ids), ('k20_followup_id', '!=', False)])
        for user, customers in (
            (self.sales1, self.overdue + self.today),
            (self.manager, self.overdue + self.today + self.soon),
            (self.admin, self.all),
        ):
            found = steps.with_user(user).search([('id', 'in', steps.ids)])
            self.assertEqual(set(found.mapped('res_id')), set(customers.ids), user.login)
