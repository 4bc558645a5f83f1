from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import K20Case


@tagged('post_install', '-at_install')
class TestOwnership(K20Case):
    """Claim, transfer, release, loss by request: every move a row. (R051, R052, R060, R075, R181, R182, R183)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Assignment = cls.env['k20.customer.assignment']
        cls.pooled = cls.make_customer('channel', name="Pool Channel", phone='0512-15501234')
        cls.owned = cls.make_customer('channel', owner=cls.sales1)

    def claim(self, user, *customers, reason="I know them"):
        ids = [customer.id for customer in customers]
        self.env['k20.pool.customer'].with_user(user).browse(ids).action_claim(reason)
        return self.Assignment.search([('partner_id', 'in', ids), ('kind', '=', 'claim')], limit=len(ids))

    def ask(self, user, kind, customer, **values):
        return self.Assignment.with_user(user)._k20_request(kind, customer.ids, "A reason", **values)

    def grant(self, request):
        request.with_user(self.admin).action_k20_approve()

    # -- claim -------------------------------------------------------------------------------------------------------

    def test_a_granted_claim_makes_the_claimer_the_owner(self):
        """R059, R181: details open to the new owner; the customer leaves the pool; a row tells it."""
        claim = self.claim(self.sales1, self.pooled)
        self.assertFalse(self.pooled.user_id)
        self.grant(claim)
        self.assertEqual(self.pooled.user_id, self.sales1)
        self.assertEqual(self.pooled.with_user(self.sales1).phone, '0512-15501234')
        self.assertEqual((claim.kind, claim.to_user_id, bool(claim.date_done)), ('claim', self.sales1, True))
        self.assertFalse(self.pooled.k20_pool_since)
        self.assertFalse(self.env['k20.pool.customer'].search([('id', '=', self.pooled.id)]))

    def test_a_rejected_claim_leaves_it_in_the_pool(self):
        """R060, R182: and tells why; the pool shows that somebody asks, while somebody does."""
        claim = self.claim(self.sales1, self.pooled)
        pool = self.env['k20.pool.customer'].with_user(self.sales2).browse(self.pooled.id)
        self.assertTrue(pool.is_asked_for)
        claim.with_user(self.admin).action_k20_reject("Not your region")
        self.assertTrue(self.pooled.k20_in_pool)
        self.env.invalidate_all()
        self.assertFalse(pool.is_asked_for)
        self.claim(self.sales2, self.pooled)

    def test_a_customers_own_people_go_on_following(self):
        """R157: who sees the customer no more stops following it; the customer's portal users are no colleagues."""
        contact = self.make_contact(self.owned, email='portal@owned.example')
        portal = {'group_ids': [Command.set(self.env.ref('base.group_portal').ids)]}
        self.make_user('k20_portal', partner_id=contact.id, **portal)
        self.owned.message_subscribe((contact + self.sales1.partner_id).ids)
        self.owned.with_user(self.admin).user_id = self.sales3
        self.assertIn(contact, self.owned.message_partner_ids)
        self.assertNotIn(self.sales1.partner_id, self.owned.message_partner_ids)

    def test_what_is_not_in_the_pool_is_refused_in_the_same_words(self):
        """R060: owned, archived, of another company, contact, supplier, user, unknown: one sentence for all."""
        archived = self.make_customer('channel')
        archived.active = False
        company = self.env['res.company'].create({'name': "Second Company"})
        foreign = self.make_customer('channel', company_id=company.id)
        contact = self.make_contact(self.pooled)
        supplier = self.env['res.partner'].create({'name': "Supplier"})
        words = set()
        for customer_id in (
            self.owned.id, archived.id, foreign.id, contact.id, supplier.id, self.sales2.partner_id.id, 0, -1, 2**31 - 1
        ):  # fmt: skip
            with self.assertRefused("not in the pool") as _nothing:
                try:
                    self.env['k20.pool.customer'].with_user(self.sales1).browse(customer_id).action_claim()
                except Exception as error:
                    words.add(str(error))
                    raise
        self.assertEqual(len(words), 1)

    def test_several_ids_are_all_or_none(self):
        """R060: one that is not there refuses all."""
        second = self.make_customer('channel')
        with self.assertRefused("not in the pool"):
            self.claim(self.sales1, self.pooled, self.owned)
        self.assertFalse(self.Assignment.search([('partner_id', '=', self.pooled.id), ('kind', '=', 'claim')]))
        self.assertEqual(len(self.claim(self.sales1, self.pooled, second)), 2)

    def test_one_open_request_a_customer(self):
        """R060: the second is refused without naming anything of a colleague."""
        claim = self.claim(self.sales1, self.pooled)
        with self.assertRefused("already: wait") as refused:
            self.claim(self.sales2, self.pooled)
        self.assertNotIn(self.sales1.name, str(refused.exception))
        # What is not submitted holds nobody back, and the database knows it too.
        claim.with_user(self.sales1).action_k20_withdraw()
        self.claim(self.sales2, self.pooled)
        with self.assertRefused("already: wait"):
            claim.with_user(self.sales1).action_k20_submit()
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):
            self.env.cr.execute(
                "UPDATE k20_customer_assignment SET k20_approval_state = 'submitted' WHERE id = %s", [claim.id]
            )

    def test_only_who_sells_claims(self):
        """R060: a buyer has no pool."""
        with self.assertRaises(AccessError):
            self.env['k20.pool.customer'].with_user(self.buyer).search([])

    def test_the_pool_shows_nothing_that_reaches_the_customer(self):
        """R059: no phone, email, address or contact among its fields."""
        names = set(self.env['k20.pool.customer'].with_user(self.sales1).fields_get())
        hidden = {'phone', 'email', 'street', 'street2', 'zip', 'vat', 'child_ids', 'website', 'comment'}
        self.assertFalse(names & hidden)
        with self.assertRaises(AccessError):
            self.pooled.with_user(self.sales1).read(['phone'])

    def test_past_followups_are_masked(self):
        """R061: numbers, mails, messenger ids and contacts' names in the text, of contacts that have left too."""
        self.make_contact(self.pooled, name="王晓燕", active=False)
        self.env['k20.followup'].create({
            'partner_id': self.pooled.id,
            'content': "王晓燕 13812345678, wang@star.example, 微信: wxy_2020, 王经理 021-1550 1234 想要报价，"
            "王助理转达",
        })  # fmt: skip
        pool = self.env['k20.pool.customer'].with_user(self.sales1).browse(self.pooled.id)
        content = pool.followup_ids.content
        for secret in ("王晓燕", "13812345678", "wang@star", "wxy_2020", "王经理", "王助理", "1550"):
            self.assertNotIn(secret, content)
        self.assertIn("想要报价", content)
        self.assertEqual(pool.followup_count, 1)

    def test_past_followups_of_others_are_not_in_the_pool(self):
        """R061: neither of a colleague's customer nor of an archived one."""
        archived = self.make_customer('channel')
        entries = self.make_followup(self.owned) + self.make_followup(archived, self.admin)
        archived.active = False
        self.assertFalse(self.env['k20.pool.followup'].with_user(self.sales2).search([('id', 'in', entries.ids)]))

    def test_no_spelling_of_a_number_passes_the_mask(self):
        """R061: with dots, dashes, full-width digits and signs; the rest of the sentence stays."""
        masked = self.env['k20.pool.followup']._k20_masked
        for reach in (
            '138.1234.5678', '138·1234·5678', '138－1234－5678', '138—1234—5678', '138 1234 5678', '65551234',
            '１３８１２３４５６７８', '(0512)6555-1234', '+86 138 1234 5678', '138/1234/5678', '138*1234*5678',
            '138_1234_5678', 'wang＠star.example', 'wang @ star.example', '微信号是wxy_2020', '微信为 wxy_2020',
            'QQ：28384756', 'vx wxy_2020', 'john smith', '王晓燕',
        ):  # fmt: skip
            with self.subTest(reach=reach):
                self.assertEqual(
                    masked(f'联系 {reach}, 要报价 3 台', ["John Smith", "王晓燕"]), '联系 ***, 要报价 3 台'
                )
        self.assertEqual(masked("王总要报价 3 台", ["王晓燕"]), "***总要报价 3 台")

    def test_a_number_in_the_reason_of_a_release_is_masked_in_the_pool(self):
        """R059, R061: where all see why it is there; the request itself keeps the whole text for who may read it."""
        self.make_contact(self.owned, name="王晓燕", active=False)
        reason = "王晓燕 138-1234-5678 不再采购"
        request = self.Assignment.with_user(self.sales1)._k20_request('release', self.owned.ids, reason)
        self.grant(request)
        pool = self.env['k20.pool.customer'].with_user(self.sales2)
        self.assertEqual(pool.browse(self.owned.id).k20_pool_reason, "Release to the pool: *** *** 不再采购")
        for secret in ('138', '1234', "王晓燕"):
            self.assertFalse(pool.search([('k20_pool_reason', 'like', secret)]))
        self.assertEqual(request.reason, reason)

    def test_the_pool_speaks_the_readers_language(self):
        """R061: the status of past follow-ups too, in whatever language it is read."""
        field = self.env['k20.pool.followup']._fields['status']
        chinese = dict(field._description_selection(self.env(context={'lang': 'zh_CN'})))
        self.assertEqual(chinese['interested'], "有意向")

    # -- limits ------------------------------------------------------------------------------------------------------

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

    # -- transfer ----------------------------------------------------------------------------------------------------

    def test_a_transfer_moves_customer_contacts_and_reminders(self):
        """R051, R075: past follow-ups keep their author, the trace names both."""
        contact = self.make_contact(self.owned)
        followup = self.env['k20.followup'].with_user(self.sales1).create({
            'partner_id': self.owned.id,
            'next_date': fields.Date.add(fields.Date.today(), days=3),
            'next_plan': "Visit",
        })  # fmt: skip
        request = self.ask(self.sales1, 'transfer', self.owned, to_user_id=self.sales2.id)
        self.assertEqual(self.owned.user_id, self.sales1)
        self.grant(request)
        self.assertEqual((self.owned.user_id, contact.k20_owner_id), (self.sales2, self.sales2))
        self.assertEqual(followup.sudo().user_id, self.sales1)
        self.assertEqual((request.from_user_id, request.to_user_id), (self.sales1, self.sales2))
        self.assertEqual(self.owned.activity_ids.user_id, self.sales2)

    def test_transfers_that_make_no_sense_are_refused(self):
        """R051: to oneself, to an archived user, to someone without selling rights; a colleague's customer."""
        gone = self.make_user('k20_gone', 'salesperson')
        gone.active = False
        for receiver in (self.sales1, gone, self.buyer, self.outsider, self.env['res.users']):
            with self.assertRaises(Exception, msg=receiver.login), self.env.cr.savepoint():  # noqa: B017
                self.ask(self.sales1, 'transfer', self.owned, to_user_id=receiver.id)
        with self.assertRefused("choose a colleague"):  # not kept as a draft either
            values = {'kind': 'transfer', 'partner_id': self.owned.id, 'to_user_id': self.sales1.id}
            self.Assignment.with_user(self.sales1).create(values)
        with self.assertRefused("not yours"):
            self.ask(self.sales3, 'transfer', self.owned, to_user_id=self.sales3.id)
        self.assertFalse(self.owned.k20_assignment_ids.filtered(lambda row: row.kind == 'transfer'))

    def test_the_clock_restarts_only_if_the_approver_ticks_so(self):
        """R051: a transfer is no way around the loss clock."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=20)
        self.owned.k20_owned_since = since
        self.grant(self.ask(self.sales1, 'transfer', self.owned, to_user_id=self.sales2.id))
        self.assertEqual(self.owned.k20_owned_since, since)
        request = self.ask(self.sales2, 'transfer', self.owned, to_user_id=self.sales1.id)
        other = self.ask(self.sales1, 'extend', self.make_customer(owner=self.sales1), extend_days=3)
        (request + other).with_user(self.admin).action_k20_restart_clock()
        self.assertGreater(self.owned.k20_owned_since, since)
        self.assertEqual((request.restart_clock, other.restart_clock), (True, False))
        release = self.ask(self.sales1, 'release', self.owned)
        release.with_user(self.admin).action_k20_restart_clock()
        self.assertEqual((release.k20_approval_state, release.restart_clock), ('approved', False))

    # -- release and loss by request ---------------------------------------------------------------------------------

    def test_a_release_is_no_loss(self):
        """R183: who, when, why, from whom; counted in no loss figure."""
        request = self.ask(self.sales1, 'release', self.owned)
        self.grant(request)
        self.assertTrue(self.owned.k20_in_pool)
        self.assertEqual((request.kind, request.from_user_id, request.reason), ('release', self.sales1, "A reason"))
        self.assertFalse(self.owned.k20_assignment_ids.filtered(lambda row: row.kind == 'loss'))
        with self.assertRefused("no owner"):
            self.ask(self.sales1, 'release', self.owned)

    def test_a_granted_loss_counts_and_a_refused_one_stays(self):
        """R052: granted, it goes to the pool on that day; refused, it stays."""
        request = self.ask(self.sales1, 'loss', self.owned)
        request.with_user(self.admin).action_k20_reject("Try once more")
        self.assertEqual(self.owned.user_id, self.sales1)
        self.grant(self.ask(self.sales1, 'loss', self.owned))
        self.assertTrue(self.owned.k20_in_pool)
        lost = self.owned.k20_assignment_ids.filtered(lambda row: row.kind == 'loss' and row.date_done)
        self.assertEqual(len(lost), 1)

    def test_a_locked_customer_is_not_released(self):
        """DESIGN §5: unlock it first; a lock needs the owner, a day to come, the quota and the longest period."""
        today = self.env.company._k20_today()
        mine = self.owned.with_user(self.sales1)
        with self.assertRefused("ends? before"):
            mine.action_k20_lock(fields.Date.subtract(today, days=1))
        self.env.company.write({'k20_lock_quota': 1, 'k20_lock_max_days': 30})
        with self.assertRefused("30 days at most"):
            mine.action_k20_lock(fields.Date.add(today, days=31))
        self.assertTrue(mine.action_k20_lock(fields.Date.to_string(fields.Date.add(today, days=30))))
        with self.assertRefused("the most there may be"):
            self.make_customer(owner=self.sales1).with_user(self.sales1).action_k20_lock(today)
        with self.assertRaises(AccessError):
            self.owned.with_user(self.sales3).action_k20_unlock()
        with self.assertRefused("locked"):
            self.ask(self.sales1, 'release', self.owned)
        mine.action_k20_unlock()
        self.ask(self.sales1, 'release', self.owned)

    # -- the trace ---------------------------------------------------------------------------------------------------

    def test_every_owner_leaves_a_row(self):
        """R139, R181: first rows of new customers, the administrator's direct change; the open request goes."""
        for owner in (self.sales1, None):
            customer = self.make_customer('channel', owner=owner)
            row = customer.k20_assignment_ids
            self.assertEqual((row.kind, row.to_user_id, row.from_user_id.ids), ('assign', customer.user_id, []))
        request = self.ask(self.sales1, 'release', self.owned)
        self.owned.with_user(self.admin).user_id = self.sales3
        row = self.Assignment.search([('partner_id', '=', self.owned.id)], limit=1)
        self.assertEqual((row.kind, row.from_user_id, row.to_user_id), ('assign', self.sales1, self.sales3))
        self.assertEqual(request.k20_approval_state, 'rejected')

    def test_the_pool_has_its_first_row_too(self):
        """R184: made or imported without an owner: a row without a receiver."""
        row = self.make_customer('channel').k20_assignment_ids
        self.assertEqual((row.kind, row.from_user_id.ids, row.to_user_id.ids), ('assign', [], []))

    def test_archiving_is_written_down_and_stops_no_clock(self):
        """R157: archived and restored by the administrator; an open request ends, the owner and the clock stay."""
        since = self.owned.k20_owned_since
        request = self.ask(self.sales1, 'release', self.owned)
        for active, reason in ((False, "Archived"), (True, "Restored")):
            self.owned.with_user(self.admin).active = active
            row = self.Assignment.search([('partner_id', '=', self.owned.id)], limit=1)
            self.assertEqual((row.kind, row.to_user_id, row.reason), ('assign', self.sales1, reason))
        self.assertEqual(request.k20_approval_state, 'rejected')
        self.assertEqual(self.owned.k20_owned_since, since)

    def test_a_merge_keeps_every_row(self):
        """R157: also with an open request on each; the one that stays keeps its own, owner and clock included."""
        other = self.make_customer('channel', owner=self.sales2)
        kept = self.ask(self.sales1, 'release', self.owned)
        ended = self.ask(self.sales2, 'release', other)
        since = self.owned.k20_owned_since
        rows = (self.owned + other).k20_assignment_ids
        wizard = self.env['base.partner.merge.automatic.wizard'].with_user(self.admin).create({})
        wizard._merge((self.owned + other).ids, self.owned)
        history = self.Assignment.search([('partner_id', '=', self.owned.id)])
        self.assertLess(rows, history)
        merge = history - rows
        self.assertEqual((merge.from_user_id, merge.to_user_id), (self.sales2, self.sales1))
        self.assertIn("Merged", merge.reason)
        self.assertEqual((kept.k20_approval_state, ended.k20_approval_state), ('submitted', 'rejected'))
        self.assertEqual((self.owned.user_id, self.owned.k20_owned_since), (self.sales1, since))

    def test_going_to_the_pool_ends_what_the_owner_had(self):
        """R183, R184: locks and longer protection are the owner's; the reason shows no number typed into it."""
        self.owned.with_user(self.sales1).action_k20_lock(fields.Date.add(self.env.company._k20_today(), days=3))
        self.grant(self.ask(self.sales1, 'extend', self.owned, extend_days=5))
        self.assertTrue(self.owned.k20_protected_until)
        self.owned.with_user(self.sales1).action_k20_unlock()
        request = self.Assignment.with_user(self.sales1)._k20_request('release', self.owned.ids, "Call 13812345678")
        self.grant(request)
        self.assertFalse(self.owned.k20_protected_until or self.owned.k20_locked_until or self.owned.k20_owned_since)
        pool = self.env['k20.pool.customer'].with_user(self.sales2).browse(self.owned.id)
        self.assertIn("Call", pool.k20_pool_reason)
        self.assertNotIn("138", pool.k20_pool_reason)

    def test_what_the_administrator_puts_into_the_pool_keeps_nothing_of_its_owners(self):
        """R184: no clock, lock, protection or refused review: the next owner begins anew."""
        self.grant(self.ask(self.sales1, 'extend', self.owned, extend_days=5))
        self.ask(self.sales1, 'loss', self.owned).with_user(self.admin).action_k20_reject("Try once more")
        self.owned.with_user(self.sales1).action_k20_lock(fields.Date.add(self.env.company._k20_today(), days=3))
        names = ('k20_owned_since', 'k20_locked_until', 'k20_protected_until', 'k20_loss_refused_on')
        self.assertTrue(all(self.owned[name] for name in names))
        self.owned.with_user(self.admin).user_id = False
        self.assertFalse([name for name in names if self.owned[name]])

    def test_what_has_a_history_is_not_deleted(self):
        """R074: a claim, also one that was refused, or a former owner keeps a customer; an unused one goes."""
        self.claim(self.sales1, self.pooled).with_user(self.admin).action_k20_reject("No")
        with self.assertRefused("in use"):
            self.pooled.with_user(self.admin).unlink()
        moved = self.make_customer(owner=self.sales1)
        moved.with_user(self.admin).user_id = self.sales2
        with self.assertRefused("in use"):
            moved.with_user(self.sales2).unlink()
        self.assertTrue(self.owned.with_user(self.sales1).unlink())

    def test_a_partner_that_becomes_a_customer_has_all_that_one_has(self):
        """R047: company, code, first star, first row."""
        supplier = self.env['res.partner'].create({'name': "Sells and Buys", 'is_company': True})
        supplier.with_user(self.admin).k20_kind = 'end'
        self.assertTrue(supplier.k20_code)
        self.assertEqual((supplier.company_id, supplier.k20_star), (self.env.company, '1'))
        self.assertEqual(supplier.k20_assignment_ids.mapped('kind'), ['assign'])

    def test_nobody_writes_rows_of_the_history(self):
        """R157: not by create, write or unlink, for the administrator either."""
        for kind in ('assign', 'import', 'nonsense', False):
            with self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017
                self.Assignment.with_user(self.admin).create({'kind': kind, 'partner_id': self.owned.id})
        row = self.owned.k20_assignment_ids
        with self.assertRaises(AccessError):
            row.with_user(self.admin).reason = "Changed"
        with self.assertRaises(AccessError):
            row.with_user(self.admin).unlink()

    # -- leavers -----------------------------------------------------------------------------------------------------

    def test_nobody_leaves_with_customers(self):
        """R156: archived only after the handover; to a colleague or to the pool."""
        claim = self.claim(self.sales1, self.pooled)
        with self.assertRefused("hand it over"):
            self.sales1.with_user(self.admin).active = False
        with self.assertRaises(AccessError):
            self.env['k20.user.handover'].with_user(self.manager).create({'user_id': self.sales1.id}).action_apply()
        handover = self.env['k20.user.handover'].with_user(self.admin).create({
            'user_id': self.sales1.id, 'to_user_id': self.sales2.id
        })  # fmt: skip
        handover.action_apply()
        self.assertEqual((self.owned.user_id, claim.k20_approval_state), (self.sales2, 'rejected'))
        self.sales1.with_user(self.admin).active = False
        self.env['k20.user.handover'].with_user(self.admin).create({'user_id': self.sales2.id}).action_apply()
        self.assertTrue(self.owned.k20_in_pool)

    def test_what_a_leaver_leaves_is_counted(self):
        """R156: archived customers too, what was asked for, and approvals whose turn is still to come."""
        deputy = self.make_user('k20_deputy', 'admin')
        step = {'name': "Then", 'sequence': 20, 'approver_kind': 'users', 'user_ids': deputy.ids}
        self.env.ref('k20_base.k20_approval_flow_assignment').step_ids = [Command.create(step)]
        self.claim(self.sales1, self.pooled)
        self.ask(self.sales1, 'extend', self.owned, extend_days=5)  # ends with the ownership
        self.make_customer(owner=self.sales1).active = False
        self.assertEqual(self.sales1._k20_left_with(), {"customers": 2, "requests": 1})
        self.assertEqual(deputy._k20_left_with(), {"approvals": 2})
        for user in (self.sales1, deputy):
            with self.assertRefused("hand it over"):
                user.with_user(self.admin).active = False
        handover = self.env['k20.user.handover'].with_user(self.admin).create({'user_id': deputy.id})
        with self.assertRefused("name a colleague who decides"):
            handover.action_apply()
        handover.to_user_id = deputy
        with self.assertRefused("cannot be the receiver"):
            handover.action_apply()
