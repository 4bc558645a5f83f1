from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .loss_case import LossCase


@tagged('post_install', '-at_install', 'k20_thorough')
class TestLossRules(LossCase):
    """What each part of a rule takes and leaves, and what a claim must have by when. (R184, R190)"""

    def ask(self, kind, customer, **values):
        Assignment = self.env['k20.customer.assignment'].with_user(customer.user_id)
        return Assignment._k20_request(kind, customer.ids, "A reason", **values)

    # -- the day -----------------------------------------------------------------------------------------------------

    def test_the_earliest_of_several_rules_counts(self):
        """R184: whatever their order; one that does not cover the customer, by star or company, counts for nothing."""
        self.make_rule(days=40, sequence=1)
        first = self.make_rule(days=30, sequence=2)
        self.make_rule(days=20, star_min='5')
        self.make_rule(days=20, company_id=self.other_company.id)
        customer = self.make_owned(10)
        self.assertEqual(customer.k20_loss_rule_id, first)
        self.assertEqual(customer.k20_loss_date, self.today + timedelta(days=20))

    def test_nobody_loses_what_is_archived_or_in_the_pool(self):
        """R184: there is no clock for either."""
        self.make_rule()
        archived, pooled = self.make_owned(40), self.make_owned(40)
        archived.active = False
        pooled.user_id = False
        self.assertFalse(archived.k20_loss_date or pooled.k20_loss_date)
        self.run_job()
        self.assertEqual(archived.user_id, self.sales1)

    def test_rules_that_come_change_and_go(self):
        """R072: those it covers from now on are dated, those it covers no more are not; the preview says the same."""
        customers = self.make_owned(10) + self.make_owned(10, 'channel')
        self.assertEqual(customers.mapped('k20_loss_date'), [False, False])
        rule = self.make_rule(days=11)
        self.assertEqual(customers.mapped(lambda one: bool(one.k20_loss_date)), [True, False])
        rule.k20_kind = 'channel'
        self.assertEqual(customers.mapped(lambda one: bool(one.k20_loss_date)), [False, True])
        for days, due in ((11, customers.browse()), (10, customers[1])):
            rule.days = days
            self.assertEqual(customers & self.env['res.partner'].search(rule.action_k20_preview()['domain']), due)
        converted = self.make_owned(10)
        converted.k20_first_deal_date = self.today
        self.env.flush_all()
        self.make_rule(condition='no_conversion')
        self.assertFalse(converted.k20_loss_date)
        rule.unlink()
        self.assertEqual(customers.mapped(lambda one: bool(one.k20_loss_date)), [True, False])

    def test_who_changes_rules(self):
        """R072: who may define rules, and of the own companies only."""
        rule = self.make_rule()
        theirs = self.make_rule(company_id=self.other_company.id)
        for user in (self.sales1, self.manager, self.finance):
            mine = rule.with_user(user)
            for change in (lambda mine=mine: mine.write({'days': 90}), mine.unlink, mine.copy):
                with self.assertRaises(AccessError):
                    change()
        self.assertTrue(rule.with_user(self.admin).has_access('write'))
        self.assertFalse(theirs.with_user(self.admin).has_access('read'))

    def test_a_follow_up_is_no_deal(self):
        """R184: it holds back the rule that asks for follow-ups alone."""
        self.make_rule(condition='no_deal')
        customer = self.make_owned(10)
        self.make_followup(customer)
        self.assertEqual(customer.k20_loss_date, self.today + timedelta(days=20))

    def test_what_starts_the_clock_again(self):
        """R184: another owner by the administrator's own hand; no follow-up that was recorded too late."""
        self.make_rule()
        self.env.company.k20_followup_backdate_days = 2
        customer = self.make_owned(20)
        self.make_followup(customer, date=self.today - timedelta(days=3))
        self.assertEqual(customer.k20_loss_date, self.today + timedelta(days=10))
        customer.with_user(self.admin).user_id = self.sales2
        self.assertEqual(customer.k20_loss_date, self.today + timedelta(days=30))

    def test_the_clock_starts_on_the_companys_day(self):
        """R184: after midnight in Shanghai it is the next day there and not yet in Greenwich."""
        self.make_rule()
        customer = self.make_owned(0)
        for hour, day in (('15:59:59', '2027-03-31'), ('16:00:00', '2027-04-01')):
            customer.k20_owned_since = f'2027-03-01 {hour}'
            self.assertEqual(fields.Date.to_string(customer.k20_loss_date), day)

    def test_each_company_has_its_own_day(self):
        """R184: where the day has not begun yet, nobody is lost yet."""
        self.other_company.partner_id.tz = 'Pacific/Honolulu'
        self.sales1.company_ids += self.other_company
        self.make_rule(days=1, warn_days=0)
        customers = self.make_customer(owner=self.sales1)
        customers += self.make_customer(owner=self.sales1, company_id=self.other_company.id)
        customers.k20_owned_since = '2027-03-02 02:00:00'  # there it is the 1st
        for moment, lost in (('02 15:59', 0), ('02 16:00', 1), ('03 09:59', 1), ('03 10:00', 2)):
            customers[1].k20_owned_since = '2027-03-02 12:00:00'  # the 2nd
            with freeze_time(f'2027-03-{moment}:00'):
                self.run_job()
                self.assertEqual(len(customers.filtered('k20_in_pool')), lost, moment)

    def test_a_rule_may_take_locked_ones(self):
        """R184: where it says so."""
        rule = self.make_rule(exempt_locked=False)
        customer = self.make_owned(10)
        customer.with_user(self.sales1).action_k20_lock(self.today + timedelta(days=60))
        self.assertEqual(customer.k20_loss_date, self.today + timedelta(days=20))
        rule.exempt_locked = True
        self.assertEqual(customer.k20_loss_date, self.today + timedelta(days=61))

    def test_longer_protection_adds_to_what_is_left(self):
        """R190: to the day of the loss, or to today where that has passed."""
        self.make_rule()
        early, late = self.make_owned(10), self.make_owned(40)
        for customer, day in ((early, 20 + 15), (late, 15)):
            self.ask('extend', customer, extend_days=15).with_user(self.admin).action_k20_approve()
            self.assertEqual(customer.k20_loss_date, self.today + timedelta(days=day))

    def test_who_is_due_is_not_warned(self):
        """R185: the warning comes before the loss or not at all."""
        self.make_rule(needs_review=True)
        customer = self.make_owned(40)
        self.run_job()
        warning = self.env.ref('k20_base.mail_activity_type_loss')
        self.assertNotIn(warning, customer.activity_ids.activity_type_id)

    def test_what_is_refused_is_no_review(self):
        """R083: a transfer or release that is refused starts no clock again; a loss does."""
        self.make_rule()
        customer = self.make_owned(10)
        for kind, values in (('transfer', {'to_user_id': self.sales2.id}), ('release', {}), ('loss', {})):
            day = customer.k20_loss_date
            self.ask(kind, customer, **values).with_user(self.admin).action_k20_reject("No")
            self.assertEqual(customer.k20_loss_date > day, kind == 'loss', kind)

    def test_what_happens_while_the_job_runs_counts(self):
        """R185: who has a follow-up since the job made its list is kept."""
        self.make_rule()
        worked, lost = self.make_owned(40), self.make_owned(40)
        stages = self.env['res.partner']._k20_loss_stages([''])
        self.make_followup(worked)
        for _place, Customer, domain, work, owned in stages:
            Customer._k20_work_safely([customer_id for _owner_id, customer_id in owned], domain, work)
        self.assertEqual((worked.user_id, lost.user_id), (self.sales1, self.env['res.users']))

    def test_a_loss_names_its_rule_and_tells_the_owner(self):
        """R184, R083: also one that was reviewed."""
        reviewed, taken = self.make_rule(needs_review=True, star_min='2'), self.make_rule(star_max='1')
        customers = self.make_owned(40, k20_star='2') + self.make_owned(40, k20_star='1')
        self.run_job()
        losses = self.env['k20.customer.assignment'].search(
            [('partner_id', 'in', customers.ids), ('kind', '=', 'loss')], order='partner_id'
        )
        losses[0].with_user(self.admin).action_k20_approve()
        self.assertEqual([loss.rule_id for loss in losses], [reviewed, taken])
        told = self.env['mail.message'].search([('notified_partner_ids', 'in', self.sales1.partner_id.ids)])
        self.assertIn(customers[1].name, ' '.join(told.mapped('body')))

    # -- what was claimed --------------------------------------------------------------------------------------------

    def make_claimed(self):
        customer = self.make_customer()
        self.env['k20.pool.customer'].with_user(self.sales1).browse(customer.id).action_claim()
        customer.k20_assignment_ids.filtered(lambda row: row.kind == 'claim').with_user(self.admin).action_k20_approve()
        return customer

    def run_later(self, days):
        with freeze_time(fields.Datetime.now() + timedelta(days=days)):
            self.run_job()

    def test_what_does_not_count_as_work_on_a_claim(self):
        """R060: a refused request, longer protection, a follow-up from before the claim."""
        self.env.company.k20_claim_followup_days = 5
        idle, refused, extended, before = (self.make_claimed() for _number in range(4))
        self.ask('release', refused).with_user(self.admin).action_k20_reject("No")
        self.ask('extend', extended, extend_days=9).with_user(self.admin).action_k20_approve()
        self.make_followup(before, date=self.today - timedelta(days=1))
        customers = idle + refused + extended + before
        self.run_later(5)
        self.assertEqual(customers.user_id, self.sales1)
        self.run_later(6)
        self.assertEqual(customers.mapped('k20_in_pool'), [True] * 4)
        self.assertEqual(set(idle.k20_assignment_ids.mapped('kind')), {'assign', 'claim', 'release'})

    def test_what_keeps_a_claim(self):
        """R060: a follow-up on the day of the claim, a lock, an open request, another way of getting it."""
        self.env.company.k20_claim_followup_days = 5
        worked, locked, asked, mine = (self.make_claimed() for _number in range(4))
        self.make_followup(worked)
        locked.with_user(self.sales1).action_k20_lock(self.today + timedelta(days=6))
        self.ask('release', asked)
        mine.with_user(self.admin).user_id = self.sales2
        assigned = self.make_owned(40)
        customers = worked + locked + asked + mine + assigned
        owners = customers.mapped('user_id')
        self.run_later(6)
        self.assertEqual(customers.mapped('user_id'), owners)
        self.assertFalse(customers.filtered('k20_in_pool'))

    def test_claims_are_free_without_a_limit(self):
        """R060: 0 is off; another company's days hold for its own customers alone."""
        self.other_company.k20_claim_followup_days = 5
        customer = self.make_claimed()
        self.run_later(60)
        self.assertEqual(customer.user_id, self.sales1)
