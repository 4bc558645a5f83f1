from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import K20Case


@tagged('post_install', '-at_install')
class TestBadInput(K20Case):
    """What makes no sense is refused with a sentence that says what to change, and leaves nothing behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Assignment = cls.env['k20.customer.assignment']
        cls.mine = cls.make_customer('channel', owner=cls.sales1)

    def ask(self, kind, customer=None, user=None, **values):
        Assignment = self.Assignment.with_user(user or self.sales1)
        return Assignment._k20_request(kind, (customer or self.mine).ids, "A reason", **values)

    def assertConstraint(self, name, act):
        """Expect the database constraint `name`, whose message is a sentence of ours."""
        with self.assertRaises(IntegrityError) as caught, mute_logger('odoo.sql_db'):
            act()
            self.env.flush_all()
        self.assertEqual(caught.exception.diag.constraint_name, name)

    # -- moves -------------------------------------------------------------------------------------------------------

    def test_a_claim_on_ones_own_customer(self):
        """R060: it is not in the pool, as little as a colleague's."""
        with self.assertRefused("not in the pool: look for another one"):
            self.env['k20.pool.customer'].with_user(self.sales1).browse(self.mine.id).action_claim()
        with self.assertRefused("not in the pool: look for another one"):
            self.ask('claim')

    def test_transfers_to_who_cannot_take_it(self):
        """R051: to oneself, to an archived colleague, to who does not sell, to nobody, to another company's."""
        gone = self.make_user('k20_gone', 'salesperson')
        gone.active = False
        works = {'company_id': self.other_company.id, 'company_ids': self.other_company.ids}
        foreign = self.make_user('k20_foreign', 'salesperson', **works)
        before = self.mine.k20_assignment_ids
        with self.assertRefused("looks after this customer already: choose a colleague"):
            self.ask('transfer', to_user_id=self.sales1.id)
        for receiver in (
            gone,
            self.buyer,
            self.outsider,
            foreign,
            self.env['res.users'],
            self.env.ref('base.public_user'),
        ):
            with self.subTest(receiver=receiver.login), self.assertRefused("choose an active colleague who sells"):
                self.ask('transfer', to_user_id=receiver.id)
        self.assertEqual(self.mine.k20_assignment_ids, before)

    def test_a_receiver_who_can_no_longer_take_it_stops_the_grant(self):
        """R051, R060: checked again when the yes comes; the request stays as it was."""
        request = self.ask('transfer', to_user_id=self.sales2.id)
        self.sales2.group_ids -= self.env.ref('k20_base.group_k20_salesperson')
        with self.assertRefused("choose an active colleague who sells"):
            request.with_user(self.admin).action_k20_approve()
        self.assertEqual((request.k20_approval_state, self.mine.user_id), ('submitted', self.sales1))

    def test_a_release_after_the_loss(self):
        """R183, R052: there is no owner any more whose customer it could be; asked again, or granted too late."""
        self.ask('loss').with_user(self.admin).action_k20_approve()
        self.assertTrue(self.mine.k20_in_pool)
        for kind in ('release', 'loss', 'extend', 'transfer'):
            with self.subTest(kind=kind), self.assertRefused("no owner: claim it from the pool"):
                self.ask(kind, to_user_id=self.sales2.id, extend_days=3)

    def test_moves_of_what_is_no_customer(self):
        """R157: contacts, suppliers, colleagues."""
        supplier = self.env['res.partner'].create({'name': "Supplier"})
        for partner in (supplier, self.make_contact(self.mine), self.sales2.partner_id):
            for kind in ('release', 'transfer', 'loss', 'extend'):
                with self.assertRefused("no owner: claim it from the pool"):
                    self.ask(kind, partner, to_user_id=self.sales2.id, extend_days=3)
            with self.assertRefused("not in the pool"):
                self.ask('claim', partner)

    def test_a_dialog_without_a_reason_or_a_customer(self):
        """R182, R051: the approver decides by the reason."""
        Move = self.env['k20.customer.move'].with_user(self.sales1)
        values = {'kind': 'release', 'partner_ids': self.mine.ids}
        for reason in (False, '', '  '):
            with self.assertRefused("say why"):
                Move.create({**values, 'reason': reason}).action_apply()
        with self.assertRefused("tick at least one"):
            Move.create({'kind': 'release', 'reason': "x"}).action_apply()

    def test_longer_protection_by_no_days_or_very_many(self):
        """R190: 1 or more; the calendar has an end."""
        for days in (0, -1, -(10**6)):
            with self.assertRefused("type 1 or more"):
                self.ask('extend', extend_days=days)
        self.ask('extend', extend_days=2**31 - 1).with_user(self.admin).action_k20_approve()
        self.assertEqual(self.mine.k20_protected_until, fields.Date.to_date('9999-12-31'))

    def test_locks_until_no_day(self):
        """R190: a day that is none, past, or at the end of the calendar."""
        mine = self.mine.with_user(self.sales1)
        for day in ('soon', '2027-02-30', 20270301, [2027]):
            with self.subTest(day=day), self.assertRefused("is no day: give one as in"):
                mine.action_k20_lock(day)
        for day in (False, None, '', '2020-01-01'):
            with self.subTest(day=day), self.assertRefused("choose a day from today on"):
                mine.action_k20_lock(day)
        self.assertTrue(mine.action_k20_lock('9999-12-31'))
        self.assertTrue(mine.action_k20_unlock())
        with self.assertRefused("no owner: there is nothing to protect"):
            self.make_customer().with_user(self.admin).action_k20_lock('2099-01-01')

    # -- Settings and rules ------------------------------------------------------------------------------------------

    def test_rules_with_no_days(self):
        """R190: zero or below; warned after the loss, or a negative number of days before."""
        rule = self.env['k20.loss.rule'].create({'name': "Rule", 'days': 30, 'warn_days': 5})
        for days in (0, -1):
            with self.subTest(days=days):
                self.assertConstraint(
                    'k20_loss_rule_days_positive', lambda days=days: rule.write({'days': days, 'warn_days': -2})
                )
        for warn_days in (-1, 30, 31):
            with self.subTest(warn_days=warn_days):
                self.assertConstraint(
                    'k20_loss_rule_warn_days_sound', lambda warn_days=warn_days: rule.write({'warn_days': warn_days})
                )
        rule.write({'days': 2**31 - 1})
        self.assertTrue(self.make_customer(owner=self.sales1).k20_loss_date)

    def test_limits_below_zero(self):
        """R060: each 0 is off, and none is less."""
        for name in (
            'k20_max_owned_channels', 'k20_max_owned_ends', 'k20_claims_per_day', 'k20_claim_cooldown_days',
            'k20_pool_rest_days', 'k20_claim_followup_days', 'k20_lock_quota', 'k20_lock_max_days',
        ):  # fmt: skip
            with self.subTest(name=name):
                self.assertConstraint(
                    'res_company_k20_limits_positive', lambda name=name: self.env.company.write({name: -1})
                )

    def test_limits_that_reach_beyond_the_calendar(self):
        """R060: very many days are refused in words, like few."""
        pooled = self.make_customer('channel')
        self.env.company.k20_pool_rest_days = 2**31 - 1
        with self.assertRefused("come back then"):
            self.env['k20.pool.customer'].with_user(self.sales1).browse(pooled.id).action_claim()
        self.env.company.write({'k20_pool_rest_days': 0, 'k20_claim_followup_days': 2**31 - 1})
        self.env['res.partner']._k20_unworked_claims(self.env.company)

    # -- approvals ---------------------------------------------------------------------------------------------------

    def test_flows_that_ask_nobody(self):
        """R158: without steps, a step without group or people, a negative minimum, a document that needs no yes."""
        Flow = self.env['k20.approval.flow']
        values = {'name': "Flow", 'model_id': self.env['ir.model']._get_id('k20.customer.assignment')}
        with self.assertRefused("add who must agree", ValidationError):
            Flow.create(values)
        for step, words in (
            ({'approver_kind': 'group'}, "choose one"),
            ({'approver_kind': 'users'}, "choose at least one person"),
        ):
            with self.assertRefused(words, ValidationError):
                Flow.create({**values, 'step_ids': [fields.Command.create({'name': "Step", **step})]})
        step = {'name': "Step", 'approver_kind': 'users', 'user_ids': self.admin.ids}
        values['step_ids'] = [fields.Command.create(step)]
        for domain in ('nonsense', "[('no_such_field', '=', 1)]", '[(', "__import__('os')"):
            with self.subTest(domain=domain), self.assertRefused("build it with the editor", ValidationError):
                Flow.create({**values, 'domain': domain})
        with self.assertRefused("choose another one", ValidationError):
            Flow.create({**values, 'model_id': self.env['ir.model']._get_id('res.partner')})
        self.assertConstraint(
            'k20_approval_flow_amount_min_positive', lambda: Flow.create({**values, 'amount_min': -1})
        )

    def test_delegations_that_lead_nowhere(self):
        """R159: the days the wrong way round; to oneself; round in a circle of three, made by a change, too."""
        Delegate = self.env['k20.approval.delegate']
        days = {'date_from': '2027-03-02', 'date_to': '2027-03-04'}
        self.assertConstraint(
            'k20_approval_delegate_dates_in_order',
            lambda: Delegate.create(
                {
                    'user_id': self.admin.id,
                    'delegate_id': self.manager.id,
                    'date_from': '2027-03-05',
                    'date_to': '2027-03-04',
                }
            ),
        )
        for user, delegate in ((self.admin, self.manager), (self.manager, self.finance)):
            Delegate.create({'user_id': user.id, 'delegate_id': delegate.id, **days})
        with self.assertRefused("choose another delegate", ValidationError):
            Delegate.create({'user_id': self.finance.id, 'delegate_id': self.admin.id, **days})
        later = {'date_from': '2027-03-05', 'date_to': '2027-03-06'}
        third = Delegate.create({'user_id': self.finance.id, 'delegate_id': self.admin.id, **later})
        with self.assertRefused("choose another delegate", ValidationError):
            third.date_from = '2027-03-04'

    def test_handovers_that_move_nothing(self):
        """R156: to the leaver; to who does not sell; by anybody but the administrator."""
        Handover = self.env['k20.user.handover']
        values = {'user_id': self.sales1.id}
        with self.assertRefused("choose a colleague"):
            Handover.with_user(self.admin).create({**values, 'to_user_id': self.sales1.id}).action_apply()
        with self.assertRefused("choose an active colleague who sells"):
            Handover.with_user(self.admin).create({**values, 'to_user_id': self.buyer.id}).action_apply()
        with self.assertRaises(AccessError):
            Handover.with_user(self.sales1).create(values)
        self.assertEqual(self.mine.user_id, self.sales1)
