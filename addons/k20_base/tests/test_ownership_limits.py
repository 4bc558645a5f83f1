from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .ownership_case import OwnershipCase


@tagged('post_install', '-at_install')
class TestOwnershipLimits(OwnershipCase):
    """What counts against each limit of Settings and what does not, to the day and to the last one. (R060)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.today = cls.company._k20_today()
        for user in (cls.sales1, cls.admin):
            user.company_ids += cls.other_company

    def move_in_time(self, request, name, moment):
        """Say of a request that it was made, or carried out, at another moment."""
        self.env.flush_all()
        self.env.cr.execute(f'UPDATE k20_customer_assignment SET {name} = %s WHERE id = %s', (moment, request.id))
        self.env.invalidate_all()

    # -- as they are told --------------------------------------------------------------------------------------------

    def test_a_person_owns_no_more_than_settings_allow(self):
        """R060: owned and asked for, at the request and again at the grant."""
        self.env.company.k20_max_owned_channels = 2
        claim = self.claim(self.sales1, self.pooled)
        with self.assertRefused("the most there may be"):
            self.claim(self.sales1, self.make_customer('channel'))
        self.claim(self.sales1, self.make_customer('end'))
        self.env.company.k20_max_owned_channels = 1
        with self.assertRefused("the most there may be"):
            self.grant(claim)
        self.owned.sudo().k20_deal_count = 1
        self.env.company.k20_owned_without_deal_only = True
        self.grant(claim)
        self.assertEqual(self.pooled.user_id, self.sales1)

    def test_claims_a_day(self):
        """R060: counted from the day's requests whatever became of them; a new day in the company's time zone."""
        self.env.company.k20_claims_per_day = 1
        self.claim(self.sales1, self.pooled).with_user(self.sales1).action_k20_withdraw()
        with self.assertRefused("tomorrow"):
            self.claim(self.sales1, self.make_customer('channel'))
        self.claim(self.sales2, self.make_customer('channel'))

    def test_a_former_owner_waits(self):
        """R060: cooling-off days after giving a customer up."""
        self.env.company.k20_claim_cooldown_days = 10
        self.grant(self.ask(self.sales1, 'release', self.owned))
        with self.assertRefused("may claim it from"):
            self.claim(self.sales1, self.owned)
        self.claim(self.sales2, self.owned).with_user(self.sales2).action_k20_withdraw()

    def test_a_customer_rests_in_the_pool(self):
        """R060: days before anyone may claim it."""
        self.env.company.k20_pool_rest_days = 3
        with self.assertRefused("come back then"):
            self.claim(self.sales1, self.pooled)
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=3)):
            self.claim(self.sales1, self.pooled)

    # -- claims ------------------------------------------------------------------------------------------------------

    def test_the_claims_of_a_day(self):
        """R060: from the first to the last moment of it in the company's time zone; nothing but claims."""
        self.company.k20_claims_per_day = 1
        start, end = self.company._k20_day_bounds(self.today)
        self.ask(self.sales2, 'transfer', self.make_customer('channel', owner=self.sales2), to_user_id=self.sales1.id)
        self.claim(self.sales1, self.make_customer('channel', company_id=self.other_company.id))
        claim = self.claim(self.sales1, self.pooled)
        other = self.make_customer('channel')
        moment = timedelta(seconds=1)
        for made_at, counts in ((start - moment, False), (start, True), (end - moment, True), (end, False)):
            self.move_in_time(claim, 'create_date', made_at)
            with self.subTest(made_at=made_at):
                if counts:
                    with self.assertRefused("tomorrow"):
                        self.claim(self.sales1, other)
                else:
                    other._k20_check_claimable(self.sales1)

    def test_a_former_owner_waits_from_the_last_time(self):
        """R060: so many days after giving it up last; what was refused, and what others gave up, is no matter."""
        self.company.k20_claim_cooldown_days = 10
        first = self.ask(self.sales1, 'release', self.owned)
        self.grant(first)
        self.move_in_time(first, 'date_done', fields.Datetime.now() - timedelta(days=30))
        self.grant(self.claim(self.sales1, self.owned))
        self.grant(self.ask(self.sales1, 'release', self.owned))
        with self.assertRefused("may claim it from"):
            self.claim(self.sales1, self.owned)
        self.grant(self.claim(self.sales2, self.owned))
        self.ask(self.sales2, 'transfer', self.owned, to_user_id=self.sales1.id).with_user(
            self.admin
        ).action_k20_reject("No")
        self.owned.with_user(self.admin).user_id = False
        for days, waits in ((9, True), (10, False)):
            with freeze_time(fields.Datetime.now() + timedelta(days=days)), self.subTest(days=days):
                for user in (self.sales1, self.sales2):
                    if waits:
                        with self.assertRefused("may claim it from"):
                            self.owned._k20_check_claimable(user)
                    else:
                        self.owned._k20_check_claimable(user)

    def test_a_customer_rests_from_the_day_it_came(self):
        """R060: however long it has been a customer."""
        self.company.k20_pool_rest_days = 3
        release = self.ask(self.sales1, 'release', self.owned)
        with freeze_time(fields.Datetime.now() + timedelta(days=10)):
            self.grant(release)
        for days, rests in ((12, True), (13, False)):
            with freeze_time(fields.Datetime.now() + timedelta(days=days)), self.subTest(days=days):
                if rests:
                    with self.assertRefused("come back then"):
                        self.owned._k20_check_claimable(self.sales2)
                else:
                    self.owned._k20_check_claimable(self.sales2)

    def test_the_customers_a_person_has_room_for(self):
        """R060: of this kind and company, owned or asked for; a request is not counted against itself."""
        self.company.k20_max_owned_channels = 3
        self.make_customer('channel', owner=self.sales1, company_id=self.other_company.id)
        self.claim(self.sales1, self.make_customer('channel', company_id=self.other_company.id))
        self.make_customer('end', owner=self.sales1)
        self.claim(self.sales1, self.make_customer('end'))
        self.claim(self.sales1, self.make_customer('channel')).with_user(self.admin).action_k20_reject("No")
        theirs = self.make_customer('channel', owner=self.sales2)
        transfer = self.ask(self.sales2, 'transfer', theirs, to_user_id=self.sales1.id)
        claim = self.claim(self.sales1, self.pooled)
        for kind, who in (('claim', self.sales1), ('transfer', self.sales3)):
            with self.subTest(kind=kind), self.assertRefused("looks after or has asked for 3 customers"):
                if kind == 'claim':
                    self.claim(who, self.make_customer('channel'))
                else:
                    self.ask(who, kind, self.make_customer('channel', owner=who), to_user_id=self.sales1.id)
        self.grant(transfer)
        self.grant(claim)
        self.assertEqual((theirs + self.pooled).user_id, self.sales1)

    # -- asked again -------------------------------------------------------------------------------------------------

    def test_what_is_submitted_again_is_judged_again(self):
        """R060, R051: a draft that was withdrawn asks for a customer that has moved on meanwhile."""
        claim = self.claim(self.sales1, self.pooled)
        release = self.ask(self.sales1, 'release', self.owned)
        release.with_user(self.sales1).action_k20_withdraw()
        transfer = self.ask(self.manager, 'transfer', self.owned, to_user_id=self.sales3.id)
        for request in (claim, transfer):
            request.with_user(self.admin).action_k20_withdraw()
        self.pooled.with_user(self.admin).user_id = self.sales3
        self.owned.with_user(self.admin).user_id = self.sales2
        with self.assertRefused("asked for by somebody else", AccessError):
            claim.with_user(self.manager).action_k20_submit()
        for request, user, words in (
            (claim, self.sales1, "not in the pool"),
            (release, self.sales1, "not yours"),
            (transfer, self.manager, "another owner meanwhile"),
        ):
            with self.assertRefused(words):
                request.with_user(user).action_k20_submit()

    def test_a_granted_claim_starts_the_clock(self):
        """R181: the new owner has it from now on, or no rule would ever take it back."""
        self.grant(self.claim(self.sales1, self.pooled))
        self.assertTrue(self.pooled.k20_owned_since)

    def test_who_left_the_company_gets_no_customer_of_it(self):
        """R060, R051: asked for while still there."""
        theirs = self.make_customer('channel', company_id=self.other_company.id)
        claim = self.claim(self.sales1, theirs)
        self.sales1.company_ids -= self.other_company
        with self.assertRefused("choose an active colleague"):
            self.grant(claim)

    def test_what_the_administrator_decides_otherwise_is_closed(self):
        """R181: nobody is asked any more, and who asked is told."""
        for change in ({'user_id': self.sales3.id}, {'active': False}):
            request = self.ask(self.sales1, 'release', self.make_customer(owner=self.sales1))
            request.partner_id.with_user(self.admin).write(change)
            self.assertEqual(request.k20_approval_state, 'rejected')
            self.assertEqual(request._k20_tasks().mapped('state'), ['closed'])
            about = [('model', '=', request._name), ('res_id', '=', request.id)]
            self.assertIn(self.sales1.partner_id, self.env['mail.message'].search(about).notified_partner_ids)

    def test_whoever_decides_need_not_look_after_the_customer(self):
        """R051, R157: the rights of who asks count, and the companies of who gets it, also those one does not see."""
        step = self.env.ref('k20_base.k20_approval_flow_assignment').step_ids
        step.write({'approver_kind': 'users', 'user_ids': self.finance.ids})
        theirs = self.make_customer('channel', owner=self.sales2)
        asked = self.ask(self.sales2, 'transfer', theirs, to_user_id=self.sales1.id)
        asked += self.ask(self.sales1, 'release', self.owned)
        for request in asked:
            self.env.invalidate_all()
            request.with_user(self.finance).action_k20_approve()  # who does not work in all companies of sales1
        self.assertEqual((theirs.user_id, self.owned.k20_in_pool), (self.sales1, True))
        self.env.invalidate_all()
        theirs = theirs.with_user(self.finance)
        activity = theirs.activity_schedule('mail.mail_activity_data_todo', user_id=self.sales1.id)
        self.assertEqual(activity.user_id, self.sales1)

    def test_an_owner_is_there_or_the_pool(self):
        """R157: no archived owner, the administrator's choice either; the database itself holds one or the other."""
        gone = self.make_user('k20_gone', 'salesperson')
        gone.active = False
        with self.assertRefused("choose an active person", ValidationError):
            self.owned.with_user(self.admin).user_id = gone
        self.env.flush_all()
        for customer, in_pool in ((self.owned, True), (self.pooled, False)):
            with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
                self.env.cr.execute('UPDATE res_partner SET k20_in_pool = %s WHERE id = %s', (in_pool, customer.id))

    def test_a_dialog_is_its_makers_alone(self):
        """R157: the reasons and customers in it are for nobody else, of the same rights or more."""
        other = self.make_user('k20_second_admin', 'admin')
        for name, values in (
            ('k20.customer.move', {'partner_ids': self.owned.ids, 'reason': "Mine"}),
            ('k20.customer.star', {'partner_ids': self.owned.ids, 'reason': "Mine"}),
            ('k20.customer.assign', {'partner_ids': self.owned.ids}),
            ('k20.user.handover', {'user_id': self.sales1.id}),
            ('k20.approval.reject', {'reason': "Mine"}),
        ):
            dialog = self.env[name].with_user(self.admin).create(values)
            self.assertTrue(dialog.has_access('read'), name)
            self.assertFalse(dialog.with_user(other).has_access('read'), name)

    # -- locks -------------------------------------------------------------------------------------------------------

    def test_the_locks_of_a_person(self):
        """R072: those that hold today and no others; the one that is moved is not counted."""
        self.company.k20_lock_quota = 1
        theirs, past, mine = (self.make_customer(owner=user) for user in (self.sales2, self.sales1, self.sales1))
        theirs.with_user(self.sales2).action_k20_lock(self.today)
        elsewhere = self.make_customer(owner=self.sales1, company_id=self.other_company.id)
        elsewhere.with_user(self.sales1).action_k20_lock(self.today)
        with freeze_time(fields.Datetime.now() - timedelta(days=1)):
            past.with_user(self.sales1).action_k20_lock(self.company._k20_today())
        for _time in range(2):
            mine.with_user(self.sales1).action_k20_lock(self.today)
        with self.assertRefused("has locked 1 customers"):
            past.with_user(self.sales1).action_k20_lock(self.today)

    def test_the_days_of_a_lock(self):
        """R183: the last day is locked, too, and the longest period is allowed."""
        self.company.k20_lock_max_days = 30
        mine = self.owned.with_user(self.sales1)
        with self.assertRefused("30 days at most"):
            mine.action_k20_lock(self.today + timedelta(days=31))
        mine.action_k20_lock(self.today + timedelta(days=30))
        for day, locked in ((30, True), (31, False)):
            with freeze_time(fields.Datetime.now() + timedelta(days=day)):
                self.assertEqual(self.owned._k20_is_locked(), locked, day)
        mine.action_k20_lock(self.today)
        with self.assertRefused("locked"):
            self.ask(self.sales1, 'release', self.owned)

    def test_who_locks_and_unlocks(self):
        """R157: the owner, who leads the owner, the administrator, where they work; nobody what is in the pool."""
        for user, may in (
            (self.sales1, True), (self.manager, True), (self.admin, True),
            (self.sales2, False), (self.finance, False), (self.buyer, False), (self.storekeeper, False),
        ):  # fmt: skip
            customer = self.owned.with_user(user)
            for act in (lambda customer=customer: customer.action_k20_lock(self.today), customer.action_k20_unlock):
                with self.subTest(user=user.login):
                    if may:
                        self.assertTrue(act())
                    else:
                        with self.assertRaises(AccessError):
                            act()
        elsewhere = self.make_customer(owner=self.sales1, company_id=self.other_company.id).with_user(self.sales1)
        elsewhere = elsewhere.with_context(allowed_company_ids=self.company.ids)
        for act in (lambda: elsewhere.action_k20_lock(self.today), elsewhere.action_k20_unlock):
            with self.assertRaises(AccessError):
                act()
        for act in (lambda: self.pooled.action_k20_lock(self.today), self.pooled.action_k20_unlock):
            with self.assertRefused("no owner"):
                act()
