from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .ownership_case import OwnershipCase


@tagged('post_install', '-at_install')
class TestOwnership(OwnershipCase):
    """Claim, transfer, release: who may ask for which customer, what the yes brings. (R051, R060, R075, R181, R183)"""

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

    def test_what_is_not_in_the_pool_is_refused_in_the_same_words(self):
        """R060: owned, archived, of another company, contact, supplier, user, unknown: one sentence for all."""
        archived = self.make_customer('channel')
        archived.active = False
        foreign = self.make_customer('channel', company_id=self.other_company.id)
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

    def test_a_customers_own_people_go_on_following(self):
        """R157: who sees the customer no more stops following it; the customer's portal users are no colleagues."""
        contact = self.make_contact(self.owned, email='portal@owned.example')
        portal = {'group_ids': [Command.set(self.env.ref('base.group_portal').ids)]}
        self.make_user('k20_portal', partner_id=contact.id, **portal)
        self.owned.message_subscribe((contact + self.sales1.partner_id).ids)
        self.owned.with_user(self.admin).user_id = self.sales3
        self.assertIn(contact, self.owned.message_partner_ids)
        self.assertNotIn(self.sales1.partner_id, self.owned.message_partner_ids)

    def test_transfers_that_make_no_sense_are_refused(self):
        """R051: to oneself, to an archived user, to someone without selling rights; a colleague's customer."""
        gone = self.make_user('k20_gone', 'salesperson')
        gone.active = False
        for receiver in (self.sales1, gone, self.buyer, self.outsider, self.env['res.users']):
            with self.assertRaises(Exception, msg=receiver.login), self.env.cr.savepoint():  # noqa: B017
                self.ask(self.sales1, 'transfer', self.owned, to_user_id=receiver.id)
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

    # -- release -----------------------------------------------------------------------------------------------------

    def test_a_release_is_no_loss(self):
        """R183: who, when, why, from whom; counted in no loss figure."""
        request = self.ask(self.sales1, 'release', self.owned)
        self.grant(request)
        self.assertTrue(self.owned.k20_in_pool)
        self.assertEqual((request.kind, request.from_user_id, request.reason), ('release', self.sales1, "A reason"))
        self.assertFalse(self.owned.k20_assignment_ids.filtered(lambda row: row.kind == 'loss'))
        with self.assertRefused("no owner"):
            self.ask(self.sales1, 'release', self.owned)

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
