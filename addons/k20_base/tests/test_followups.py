from datetime import date, timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common import K20Case, profile

NOON = '2026-11-24 04:00:00'  # noon in Shanghai
TODAY = date(2026, 11, 24)

# What happens to the follow-ups of two customers: act, on which of them, how many days ago, next step after how many
acts = st.lists(
    st.tuples(
        st.sampled_from(['record', 'record', 'change', 'move', 'delete']),
        st.integers(0, 99),
        st.integers(0, 6),
        st.none() | st.integers(0, 9),
    ),
    max_size=14,
)


class FollowupCase(K20Case):
    """Tells what a customer shows of its follow-ups."""

    def latest(self, customer=None):
        customer = (customer or self.customer).sudo()
        return (
            customer.k20_last_followup_date,
            customer.k20_followup_status,
            customer.k20_next_followup_date,
            customer.k20_next_followup_plan,
        )


@tagged('post_install', '-at_install')
@freeze_time(NOON)
class TestFollowups(FollowupCase):
    """Contacts with customers and the next step. (R008, R055, R057, R077, R080)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer('channel', owner=cls.sales1)

    def test_the_customer_shows_its_latest_contact(self):
        """R008, R055, R077: by date, then by order of entry, whatever was recorded first."""
        self.make_followup(self.customer, date='2026-11-20', status='quoted', next_date='2026-11-30', next_plan="Visit")
        self.make_followup(self.customer, date='2026-11-10', status='interested')
        self.assertEqual(self.latest(), (date(2026, 11, 20), 'quoted', date(2026, 11, 30), "Visit"))
        self.assertEqual(self.customer.k20_days_since_followup, 4)
        self.make_followup(self.customer, date='2026-11-20', status='won')
        self.assertEqual(self.latest(), (date(2026, 11, 20), 'won', False, False))

    def test_the_page_lists_newest_first(self):
        """R055, R077: the order of the customer's page."""
        days = ('2026-11-10', '2026-11-20', '2026-11-15')
        first, last, middle = (self.make_followup(self.customer, date=day) for day in days)
        self.env.invalidate_all()
        self.assertEqual(self.customer.k20_followup_ids, last + middle + first)

    def test_deleting_the_latest_restores_the_earlier(self):
        """R057, R080: next step and last contact of before; none left, none shown."""
        self.make_followup(self.customer, date='2026-11-10', status='quoted', next_date='2026-11-25', next_plan="Call")
        newer = self.make_followup(self.customer, date='2026-11-20', status='won')
        newer.with_user(self.sales1).unlink()
        self.assertEqual(self.latest(), (date(2026, 11, 10), 'quoted', date(2026, 11, 25), "Call"))
        self.customer.k20_followup_ids.with_user(self.sales1).unlink()
        self.assertEqual(self.latest(), (False, False, False, False))

    def test_changing_an_entry_changes_what_the_customer_shows(self):
        """R057, R080: its content, its day, and its customer."""
        older = self.make_followup(self.customer, date='2026-11-10', status='quoted')
        newer = self.make_followup(self.customer, date='2026-11-20', status='won', next_plan="Pay")
        newer.with_user(self.sales1).next_plan = "Deliver"
        self.assertEqual(self.latest()[3], "Deliver")
        newer.with_user(self.sales1).date = '2026-11-01'
        self.assertEqual(self.latest()[0], older.date)
        other = self.make_customer(owner=self.sales1)
        older.with_user(self.sales1).partner_id = other
        self.assertEqual(self.latest()[1], 'won')
        self.assertEqual(self.latest(other)[1], 'quoted')

    def test_a_contact_in_the_future_is_refused(self):
        """R057: on every way in, by the day of the person's own zone."""
        Followup = self.env['k20.followup'].with_user(self.sales1)
        values = {'partner_id': self.customer.id, 'date': '2026-11-25'}
        with self.assertRefused("future", ValidationError):
            Followup.create(values)
        # Shanghai's evening is tomorrow on Kiritimati: what the client says of its zone opens nothing.
        with freeze_time('2026-11-24 12:00:00'), self.assertRefused("future", ValidationError):
            Followup.with_context(tz='Pacific/Kiritimati').create(values)
        entry = Followup.create({**values, 'date': '2026-11-24'})
        with self.assertRefused("future", ValidationError):
            entry.date = '2026-11-25'
        imported = Followup.load(['partner_id/.id', 'date'], [[self.customer.id, '2026-11-25']])
        self.assertIn("future", imported['messages'][0]['message'])
        self.assertEqual(self.customer.k20_followup_ids, entry)

    def test_today_begins_at_midnight_in_the_persons_zone(self):
        """R057, R177: 16:00 UTC is the next day in Shanghai, and not yet in London."""
        london = self.make_user('k20_london', 'salesperson', tz='Europe/London')
        customers = {user: self.make_customer(owner=user) for user in (self.sales1, london)}
        with freeze_time('2026-11-24 15:59:59'), self.assertRefused("future", ValidationError):
            self.make_followup(customers[self.sales1], date='2026-11-25')
        with freeze_time('2026-11-24 16:00:00'):
            entry = self.make_followup(customers[self.sales1], date='2026-11-25')
            self.assertEqual(entry.create({'partner_id': entry.partner_id.id}).date, date(2026, 11, 25))
            with self.assertRefused("future", ValidationError):
                self.make_followup(customers[london], date='2026-11-25')

    def test_the_next_step_does_not_lie_before_the_contact(self):
        """R048: the same day is allowed."""
        self.make_followup(self.customer, date='2026-11-24', next_date='2026-11-24')
        with self.assertRefused("before the contact", ValidationError):
            self.make_followup(self.customer, date='2026-11-24', next_date='2026-11-23')
        with self.assertRefused("before the contact", ValidationError):
            self.customer.k20_followup_ids.next_date = '2026-11-23'

    def test_only_customers_have_follow_ups(self):
        """R047: neither contacts nor suppliers."""
        for partner in (self.make_contact(self.customer), self.env['res.partner'].create({'name': "Supplier"})):
            with self.assertRefused("no customer", ValidationError):
                self.make_followup(partner, self.sales1)

    def test_late_entries_do_not_move_the_loss_clock(self):
        """R057, R073: as Settings say; what was in time goes on counting, and deleting it restores the earlier."""
        self.env.company.k20_followup_backdate_days = 3
        in_time = self.make_followup(self.customer, date='2026-11-21')
        self.make_followup(self.customer, date='2026-11-20')
        self.assertEqual(self.customer.k20_clock_followup_date, in_time.date)
        with freeze_time('2026-12-24 04:00:00'):
            late = self.make_followup(self.customer, date='2026-12-20')
            self.assertEqual(self.customer.k20_last_followup_date, late.date)
            self.assertEqual(self.customer.k20_clock_followup_date, in_time.date)
            late.with_user(self.sales1).date = '2026-12-21'
            self.assertEqual(self.customer.k20_clock_followup_date, late.date)
            late.with_user(self.sales1).unlink()
        self.assertEqual(self.customer.k20_clock_followup_date, in_time.date)

    def test_without_a_limit_every_entry_moves_the_loss_clock(self):
        """R057: shipped 0 = no limit; a negative limit is refused."""
        self.assertEqual(self.env.company.k20_followup_backdate_days, 0)
        self.make_followup(self.customer, date='2020-01-01')
        self.assertEqual(self.customer.k20_clock_followup_date, date(2020, 1, 1))

    def test_the_limit_is_that_of_the_customers_company(self):
        """R057: whichever company the person who records it works in."""
        self.other_company.k20_followup_backdate_days = 3
        self.sales1.company_ids += self.other_company
        theirs = self.make_customer(owner=self.sales1, company_id=self.other_company.id)
        for customer, moves in ((self.customer, True), (theirs, False)):
            self.assertEqual(self.make_followup(customer, date='2026-11-10').moves_clock, moves)

    def test_a_customer_with_follow_ups_is_not_deleted(self):
        """R050, R080: its history would go with it."""
        self.make_followup(self.customer)
        with self.assertRefused("in use"):
            self.customer.with_user(self.admin).unlink()
        self.assertTrue(self.customer.exists())

    def test_merging_brings_the_follow_ups_along(self):
        """R080, R157: the customer that stays shows the latest of all; its owner alone sees them and what they plan."""
        twin = self.make_customer('channel', owner=self.sales2)
        self.make_followup(self.customer, date='2026-11-10', next_date='2026-11-11')
        latest = self.make_followup(twin, date='2026-11-20', status='won', next_date='2026-11-30', next_plan="Visit")
        Wizard = self.env['base.partner.merge.automatic.wizard'].with_user(self.admin)
        Wizard._merge((self.customer + twin).ids, self.customer)
        self.assertEqual(self.latest(), (date(2026, 11, 20), 'won', date(2026, 11, 30), "Visit"))
        self.assertEqual(latest.with_user(self.sales1).partner_id, self.customer)
        step = self.env['mail.activity'].search([('k20_followup_id', 'in', self.customer.k20_followup_ids.ids)])
        self.assertEqual((step.k20_followup_id, step.user_id, step.res_id), (latest, self.sales1, self.customer.id))

    def test_follow_ups_are_imported(self):
        """R057: by name of customer, method and status."""
        rows = [[self.customer.name, f'2026-11-{day}', "Call", "Quoted"] for day in range(10, 20)]
        Followup = self.env['k20.followup'].with_user(self.sales1)
        result = Followup.load(['partner_id', 'date', 'method_id', 'status'], rows)
        self.assertFalse(result['messages'])
        self.assertEqual(self.latest()[:2], (date(2026, 11, 19), 'quoted'))


@tagged('post_install', '-at_install', 'k20_thorough')
@freeze_time(NOON)
class TestManyFollowups(FollowupCase):
    """What holds for one holds for many, in any order. (R057, R080, R176)"""

    def test_many_cost_as_many_queries_as_few(self):
        """R057: recording, changing and deleting; 200,000 of them must stay cheap."""
        self.costs(2)  # what is looked up once
        self.assertEqual(self.costs(2), self.costs(80))

    def costs(self, count):
        """Return how many queries recording, changing and deleting the latest entries of `count` customers take."""
        customers = [self.make_customer(owner=self.sales1) for _n in range(count)]
        entries = self.env['k20.followup'].with_user(self.sales1)
        values = [{'partner_id': customer.id, 'next_date': '2026-11-30'} for customer in customers]
        entries.create([{**step, 'date': '2026-11-10'} for step in values])
        return (
            self.queries(lambda: entries.create(values)),
            self.queries(lambda: self.newest(count).write({'next_date': '2026-12-01'})),
            self.queries(lambda: self.newest(count).unlink()),
        )

    def newest(self, count):
        return self.env['k20.followup'].with_user(self.sales1).search([], limit=count, order='id desc')

    def queries(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    @settings(profile, max_examples=30, phases=(Phase.generate,))  # shrinking would take minutes here
    @given(acts=acts)
    def test_the_customer_always_shows_what_a_recount_shows(self, acts):
        """R057, R080, R176: whatever is recorded, changed, moved and deleted; one open next step a customer at most."""
        with self.env.cr.savepoint() as savepoint:
            customers = [self.make_customer(owner=self.sales1), self.make_customer(owner=self.sales2)]
            for act in acts:
                self.perform(customers, *act)
            for customer in customers:
                self.recount(customer)
            savepoint.rollback()
        self.env.invalidate_all()

    def perform(self, customers, act, which, ago, ahead):
        day = TODAY - timedelta(days=ago)
        values = {'date': day, 'next_date': ahead is not None and day + timedelta(days=ahead), 'next_plan': str(which)}
        entries = self.env['k20.followup'].search([('partner_id', 'in', [c.id for c in customers])])
        entry = entries[which % len(entries)] if entries else entries
        if act == 'record':
            self.make_followup(customers[which % 2], **values)
        elif act == 'change':
            entry.write(values)
        elif act == 'move' and entry:
            entry.partner_id = customers[which % 2]
        elif act == 'delete':
            entry.unlink()

    def recount(self, customer):
        entries = self.env['k20.followup'].search([('partner_id', '=', customer.id)])
        last = max(entries, key=lambda entry: (entry.date, entry.id), default=entries)
        self.assertEqual(self.latest(customer), (last.date, last.status, last.next_date, last.next_plan))
        self.assertEqual(customer.k20_clock_followup_date, max(entries.mapped('date'), default=False))
        steps = self.env['mail.activity'].search([('res_model', '=', 'res.partner'), ('res_id', '=', customer.id)])
        self.assertEqual(steps.k20_followup_id, last if last.next_date else entries.browse())
        self.assertEqual(steps.mapped('date_deadline'), [last.next_date] if last.next_date else [])
        self.assertEqual(steps.user_id, customer.user_id if last.next_date else self.env['res.users'])
