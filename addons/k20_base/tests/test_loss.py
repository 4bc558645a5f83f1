import random
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .loss_case import LossCase


@tagged('post_install', '-at_install')
class TestLoss(LossCase):
    """When a customer is lost, the warning, the review, the job. (R082, R083, R184, R185, R190)"""

    def test_the_day_is_clock_plus_days(self):
        """R184: the latest of owned since, last deal, last follow-up, as the condition looks at them."""
        self.make_rule()
        customer = self.make_owned(10)
        add = fields.Date.add
        self.assertEqual(customer.k20_loss_date, add(self.today, days=20))
        self.env['k20.followup'].create({'partner_id': customer.id, 'date': fields.Date.subtract(self.today, days=4)})
        self.assertEqual(customer.k20_loss_date, add(self.today, days=26))
        customer.k20_last_deal_date = fields.Date.subtract(self.today, days=1)
        self.assertEqual(customer.k20_loss_date, add(self.today, days=29))

    def test_the_conditions(self):
        """R071, R072: no first deal, no deal, neither deal nor follow-up."""
        customer = self.make_owned(10)
        self.env['k20.followup'].create({'partner_id': customer.id})
        day = fields.Date.add(self.today, days=20)
        rule = self.make_rule(condition='no_conversion')
        self.assertEqual(customer.k20_loss_date, day)
        customer.write({'k20_first_deal_date': self.today, 'k20_last_deal_date': self.today})
        self.assertFalse(customer.k20_loss_date)
        rule.days = 25  # which dates all its customers in one statement
        self.assertFalse(customer.k20_loss_date)
        rule.write({'days': 30, 'condition': 'no_deal'})
        self.assertEqual(customer.k20_loss_date, fields.Date.add(self.today, days=30))

    def test_a_due_customer_goes_to_the_pool_on_its_day(self):
        """R184: with a row that names the rule and the former owner; one not yet due stays."""
        rule = self.make_rule()
        due, later = self.make_owned(30), self.make_owned(29)
        self.run_job()
        self.assertTrue(due.k20_in_pool)
        self.assertEqual(later.user_id, self.sales1)
        row = due.k20_assignment_ids.sorted('id')[-1]
        self.assertEqual((row.kind, row.from_user_id, row.rule_id), ('loss', self.sales1, rule))
        self.assertEqual(row.k20_approval_state, 'approved')
        self.assertEqual(due.k20_pool_reason, rule.name)

    def test_what_the_job_writes_down_is_in_the_companys_language(self):
        """R184: the reason in the pool is read by the people there, whatever language the job's user speaks."""
        rule = self.make_rule()
        rule.update_field_translations('name', {'zh_CN': "三十天没有跟单"})
        customer = self.make_owned(30)
        self.env.company.partner_id.lang = 'zh_CN'
        self.run_job()
        self.assertEqual(customer.k20_pool_reason, "三十天没有跟单")

    def test_running_it_twice_changes_nothing_more(self):
        """R185: the outcome is the same."""
        self.make_rule()
        due = self.make_owned(30)
        soon = self.make_owned(26)
        self.run_job()
        rows, activities = len(due.k20_assignment_ids), len(soon.activity_ids)
        self.assertTrue(activities)
        self.run_job()
        self.assertEqual((len(due.k20_assignment_ids), len(soon.activity_ids)), (rows, activities))

    def test_the_owner_is_warned_the_days_before(self):
        """R185: once for each date."""
        self.make_rule()
        customer, early = self.make_owned(25), self.make_owned(24)
        self.run_job()
        self.assertEqual(customer.activity_ids.user_id, self.sales1)
        self.assertEqual(customer.activity_ids.date_deadline, customer.k20_loss_date)
        self.assertFalse(early.activity_ids)

    def test_a_review_decides_where_the_rule_asks_for_one(self):
        """R083, R190: granted it is lost, refused it stays and is not proposed until newly due; one open review."""
        self.make_rule(needs_review=True)
        kept, lost = self.make_owned(40), self.make_owned(40)
        self.run_job()
        self.run_job()
        reviews = {row.partner_id: row for row in (kept + lost).k20_assignment_ids if row.kind == 'loss'}
        self.assertEqual(len((kept + lost).k20_assignment_ids.filtered(lambda row: row.kind == 'loss')), 2)
        self.assertEqual(kept.user_id, self.sales1)
        reviews[lost].with_user(self.admin).action_k20_approve()
        reviews[kept].with_user(self.admin).action_k20_reject("Still talking")
        self.assertTrue(lost.k20_in_pool)
        self.assertEqual(kept.user_id, self.sales1)
        self.assertEqual(kept.k20_loss_date, fields.Date.add(self.today, days=30))

    def test_the_owner_does_not_review_own_customers(self):
        """R083: the manager owns the customer and is asked for its review: somebody else decides."""
        self.make_rule(needs_review=True)
        customer = self.make_customer(owner=self.manager)
        customer.k20_owned_since = fields.Datetime.subtract(fields.Datetime.now(), days=40)
        step = self.env.ref('k20_base.k20_approval_flow_assignment').step_ids
        board = self.env['res.groups'].create({'name': "Board", 'user_ids': (self.manager + self.admin).ids})
        step.write({'approver_kind': 'group', 'group_id': board.id})
        self.run_job()
        review = customer.k20_assignment_ids.filtered(lambda row: row.kind == 'loss')
        with self.assertRefused("own request or customer"):
            review.with_user(self.manager).action_k20_approve()
        review.with_user(self.admin).action_k20_approve()
        step.write({'approver_kind': 'users', 'user_ids': self.manager.ids})
        other = self.make_customer(owner=self.manager)
        with self.assertRefused("nobody who could decide"):
            self.env['k20.customer.assignment'].with_user(self.admin)._k20_request('loss', other.ids, "Gone")

    def test_a_release_asked_for_holds_the_loss_back(self):
        """R183: granted after the due date it counts in no loss figure."""
        self.make_rule()
        customer = self.make_owned(40)
        Assignment = self.env['k20.customer.assignment'].with_user(self.sales1)
        request = Assignment._k20_request('release', customer.ids, "Gone")
        self.run_job()
        self.assertEqual(customer.user_id, self.sales1)
        request.with_user(self.admin).action_k20_approve()
        self.assertTrue(customer.k20_in_pool)
        self.assertFalse(customer.k20_assignment_ids.filtered(lambda row: row.kind == 'loss'))

    def test_a_locked_or_longer_protected_customer_is_kept(self):
        """DESIGN §5: until its lock ends; an extend request adds days."""
        self.make_rule()
        locked, extended = self.make_owned(40), self.make_owned(40)
        until = fields.Date.add(self.today, days=3)
        locked.with_user(self.sales1).action_k20_lock(until)
        self.assertEqual(locked.k20_loss_date, fields.Date.add(until, days=1))
        request = (
            self.env['k20.customer.assignment']
            .with_user(self.sales1)
            ._k20_request('extend', extended.ids, "They decide next month", extend_days=15)
        )
        request.with_user(self.admin).action_k20_approve()
        self.assertEqual(extended.k20_loss_date, fields.Date.add(self.today, days=15))
        self.run_job()
        self.assertEqual((locked + extended).user_id, self.sales1)
        for days in (0, -3):
            with self.assertRefused("number of days"):
                self.env['k20.customer.assignment'].with_user(self.sales1)._k20_request(
                    'extend', locked.ids, "x", extend_days=days
                )

    def test_the_dialog_locks_at_once(self):
        """DESIGN §5: the owner's, without an approval and without a reason."""
        self.make_rule()
        customer = self.make_owned(29)
        until = fields.Date.add(self.today, days=9)
        Move = self.env['k20.customer.move'].with_user(self.sales1)
        Move.create({'kind': 'lock', 'partner_ids': customer.ids, 'date_until': until}).action_apply()
        self.assertEqual(customer.k20_locked_until, until)
        self.assertEqual(customer.k20_loss_date, fields.Date.add(until, days=1))
        self.assertEqual(len(customer.k20_assignment_ids), 1)

    def test_days_are_the_companys(self):
        """R184: 23:59 in Shanghai is the day before, one minute later it is due; leap days count."""
        self.make_rule(days=1, warn_days=0)
        with freeze_time('2028-02-28 15:59:00'):  # 28 February, 23:59 in Shanghai
            customer = self.make_customer(owner=self.sales1)
            self.assertEqual(fields.Date.to_string(customer.k20_loss_date), '2028-02-29')
        with freeze_time('2028-02-28 15:59:59'):
            self.run_job()
            self.assertEqual(customer.user_id, self.sales1)
        with freeze_time('2028-02-28 16:00:00'):
            self.run_job()
            self.assertTrue(customer.k20_in_pool)

    def test_one_that_fails_is_logged_and_the_others_are_done(self):
        """R185: the failing one is left for the next run."""
        self.make_rule()
        customers = self.make_owned(40) + self.make_owned(40) + self.make_owned(40)
        bad = customers[1]
        Partner = self.env.registry['res.partner']
        lose = Partner._k20_lose

        def fail(records):
            if bad in records:
                raise ValueError("broken")
            return lose(records)

        with (
            patch.object(Partner, '_k20_lose', fail),
            self.assertLogs('odoo.addons.k20_base.models.res_partner_loss', 'ERROR'),
        ):
            self.run_job()
        self.assertEqual(bad.user_id, self.sales1)
        self.assertFalse((customers - bad).user_id)

    def test_a_job_without_time_goes_on_where_it_stopped(self):
        """R185: Odoo gives it some seconds at a time; begun anew it might never get past what stays due."""
        self.make_rule()
        customers = self.make_owned(40) + self.make_owned(40) + self.make_owned(40)
        stays, *others = customers
        cron = self.env.ref('k20_base.ir_cron_loss')
        Partner = self.env.registry['res.partner']

        def run_a_bit():
            job, _progress = cron.with_context(cron_id=cron.id)._add_progress()
            with patch.object(Partner, '_k20_loss_exempt', lambda records, rule: records & stays):
                job.env['res.partner']._cron_judge_losses()
            return job.env['ir.cron.progress']._k20_current()

        def commit(self, processed=0, *, remaining=None):
            progress = self.env['ir.cron.progress']._k20_current()
            left = progress.remaining - processed if remaining is None else remaining
            progress.write({'done': progress.done + processed, 'remaining': left})
            return 0.0

        with (
            patch.object(self.env.registry['ir.cron'], '_commit_progress', commit),
            patch('odoo.addons.k20_base.models.res_partner_loss.BATCH', 1),
        ):
            for number, lost in enumerate((0, 1, 2)):
                self.assertEqual(len(customers.filtered('k20_in_pool')), max(0, number - 1))
                progress = run_a_bit()
                self.assertEqual((progress.done, progress.remaining), (1, 2 - number))
                self.assertEqual(len(customers.filtered('k20_in_pool')), lost)
            self.assertFalse([customer for customer in others if customer.user_id])
            self.assertEqual(run_a_bit().remaining, 0, "It came to its end: the next day begins with the first again.")

    def test_a_followup_of_the_moment_keeps_a_claim(self):
        """R060: what landed after the job made its list counts."""
        self.env.company.k20_claim_followup_days = 5
        customer = self.make_customer()
        self.env['k20.pool.customer'].with_user(self.sales1).browse(customer.id).action_claim()
        customer.k20_assignment_ids.with_user(self.admin).filtered(lambda row: row.kind == 'claim').action_k20_approve()
        self.make_followup(customer)
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=6)):
            customer._k20_give_back()
        self.assertEqual(customer.user_id, self.sales1)

    def test_a_claimed_customer_must_be_followed_up(self):
        """R060: else it goes back to the pool after the days of Settings, which is no loss; 0 is off."""
        self.env.company.k20_claim_followup_days = 5
        customers = self.make_customer() + self.make_customer() + self.make_customer()
        pool = self.env['k20.pool.customer'].with_user(self.sales1).browse(customers.ids)
        pool.action_claim()
        claims = customers.k20_assignment_ids.filtered(lambda row: row.kind == 'claim')
        claims.with_user(self.admin).action_k20_approve()
        worked, idle, given = customers
        self.env['k20.followup'].with_user(self.sales1).create({'partner_id': worked.id})
        given.with_user(self.admin).user_id = self.sales2  # no claim any more
        now = fields.Datetime.now()
        for days, back in ((5, False), (6, True)):
            with freeze_time(fields.Datetime.add(now, days=days)):
                self.run_job()
                self.assertEqual(idle.k20_in_pool, back, days)
        self.assertEqual((worked.user_id, given.user_id), (self.sales1, self.sales2))
        self.assertFalse(idle.k20_assignment_ids.filtered(lambda row: row.kind == 'loss'))

    def test_a_changed_rule_changes_the_dates(self):
        """R072: the administrator can change the period; switching off takes the date away."""
        rule = self.make_rule()
        customer = self.make_owned(10)
        rule.days = 40
        self.assertEqual(customer.k20_loss_date, fields.Date.add(self.today, days=30))
        rule.active = False
        self.assertFalse(customer.k20_loss_date)

    def test_the_preview_shows_whom_it_would_take(self):
        """DESIGN §5: before the rule is switched on."""
        due, later = self.make_owned(40), self.make_owned(3)
        rule = self.make_rule(active=False)
        action = rule.with_user(self.admin).action_k20_preview()
        found = self.env['res.partner'].search(action['domain'])
        self.assertIn(due, found)
        self.assertNotIn(later, found)

    def test_rules_cover_by_star(self):
        """R190: grades or stars it covers."""
        self.make_rule(star_max='2')
        self.assertTrue(self.make_owned(1, k20_star='2').k20_loss_date)
        self.assertFalse(self.make_owned(1, k20_star='3').k20_loss_date)

    def test_senseless_rules_are_refused(self):
        """R072: zero or negative days, a warning before the clock starts."""
        for values in ({'days': 0}, {'days': -5}, {'warn_days': 30}, {'warn_days': -1}):
            with self.assertRaises(IntegrityError, msg=values), mute_logger('odoo.sql_db'):
                self.make_rule(**values)
        with self.assertRefused("swap", ValidationError):
            self.make_rule(star_min='4', star_max='2')


@tagged('post_install', '-at_install', 'k20_thorough')
class TestManyLosses(LossCase):
    """What holds for one customer holds for many at once. (R072, R185)"""

    def test_the_job_works_in_batches(self):
        """R185: ten times as many customers due cost no three times the queries; the former owner gets one message."""
        self.make_rule(star_max='2')
        self.make_rule(star_min='3', needs_review=True)
        counts = []
        for count in (2, 2, 20):  # the first one fills the caches
            for _number in range(count):
                due = self.make_owned(40, k20_star='1')
                self.make_contact(due)
                self.make_owned(40, k20_star='5')
                self.make_owned(27, k20_star='1')
            domain = [('res_id', '=', self.sales1.partner_id.id), ('message_type', '=', 'user_notification')]
            messages = self.env['mail.message'].search_count(domain)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.run_job()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(due.k20_in_pool)
            self.assertEqual(self.env['mail.message'].search_count(domain), messages + 1)
        self.assertLess(counts[2], 3 * counts[1])

    def test_a_changed_rule_dates_all_customers_as_one_alone(self):
        """R072: one statement for all, after a rule changed, says the same as what is worked out for each."""
        draw = random.Random('loss')
        self.other_company.partner_id.tz = 'America/New_York'
        self.sales1.company_ids += self.other_company

        def day(last=20):
            return draw.choice([False, fields.Date.add(self.today, days=draw.randint(-90, last))])

        customers = self.env['res.partner']
        for number in range(60):
            customer = self.make_customer(draw.choice(['end', 'channel']), draw.choice([None, self.sales1]))
            customer.write({
                'company_id': draw.choice([self.env.company.id, self.other_company.id]),
                'k20_star': draw.choice([False, '1', '3', '5']),
                'k20_first_deal_date': day(),
                'k20_last_deal_date': day(),
                'k20_clock_followup_date': day(),
                'k20_loss_refused_on': day(),
                'k20_protected_until': day(120),
                'k20_locked_until': day(120),
                'active': number % 10 != 0,
            })  # fmt: skip
            if customer.user_id and draw.random() < 0.8:
                customer.k20_owned_since = fields.Datetime.subtract(
                    fields.Datetime.now(), days=draw.randint(0, 90), hours=draw.randint(0, 23)
                )
            customers += customer
        for name, condition in enumerate(('no_conversion', 'no_deal', 'no_followup')):
            for kind in ('end', 'channel'):
                self.make_rule(
                    name=str(name), condition=condition, k20_kind=kind, days=draw.randint(20, 60),
                    sequence=draw.randint(1, 3), star_min=draw.choice([False, '2']), exempt_locked=draw.random() < 0.5,
                    company_id=draw.choice([False, self.env.company.id]),
                )  # fmt: skip
        names = ['k20_loss_date', 'k20_loss_rule_id', 'k20_loss_warn_date']
        of_all = customers.read(names, load=None)
        self.assertGreater(len(customers.filtered('k20_loss_date')), 10)
        self.env.add_to_compute(customers._fields['k20_loss_date'], customers)
        self.assertEqual(customers.read(names, load=None), of_all)
