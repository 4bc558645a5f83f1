from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import K20Case


@tagged('post_install', '-at_install')
class TestRequests(K20Case):
    """What is asked for in a dialog or by a claim, who decides, and what comes of it. (R052, R075, R182)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.make_customer('channel', owner=cls.sales1)
        cls.pooled = cls.make_customer('channel')
        cls.flow = cls.env.ref('k20_base.k20_approval_flow_assignment')

    def dialog(self, user, kind, customers, **values):
        values = {'kind': kind, 'partner_ids': customers.ids, 'reason': "A reason", **values}
        return self.env['k20.customer.move'].with_user(user).create(values)

    def rows(self, kind, customers):
        return customers.k20_assignment_ids.filtered(lambda row: row.kind == kind).sorted('id')

    def claim(self, user, customer):
        self.env['k20.pool.customer'].with_user(user).browse(customer.id).action_claim()
        return self.rows('claim', customer)[-1]

    def grant(self, requests):
        requests.with_user(self.admin).action_k20_approve()

    def told(self, request):
        """Return what was said to the requester about `request`."""
        about = [('model', '=', request._name), ('res_id', '=', request.id)]
        messages = self.env['mail.message'].search(about)
        return ' '.join(
            message.body for message in messages if request.k20_requester_id.partner_id in message.notified_partner_ids
        )

    # -- given up ----------------------------------------------------------------------------------------------------

    def test_a_channel_is_given_up_as_lost_with_a_reason(self):
        """R052: by its owner alone; granted, it is lost on that day, and the pool says why."""
        with self.assertRefused("say why"):
            self.dialog(self.sales1, 'loss', self.mine, reason=' ').action_apply()
        with self.assertRefused("not yours"):
            self.env['k20.customer.assignment'].with_user(self.sales2)._k20_request('loss', self.mine.ids, "x")
        self.dialog(self.sales1, 'loss', self.mine).action_apply()
        loss = self.rows('loss', self.mine)
        self.assertEqual((self.mine.user_id, loss.date_done), (self.sales1, False))
        self.grant(loss)
        self.assertEqual((self.mine.k20_in_pool, loss.from_user_id), (True, self.sales1))
        self.assertEqual(loss.date_done.date(), fields.Date.today())
        self.assertEqual(self.mine.k20_pool_reason, "Loss: A reason")

    def test_a_refused_loss_leaves_the_channel_with_its_owner(self):
        """R052: and another one may be asked for, which counts alone; of two open ones the second is refused."""
        self.dialog(self.sales1, 'loss', self.mine).action_apply()
        for kind in ('loss', 'release'):
            with self.subTest(kind=kind), self.assertRefused("already: wait"):
                self.dialog(self.sales1, kind, self.mine).action_apply()
        refused = self.rows('loss', self.mine)
        refused.with_user(self.admin).action_k20_reject("Try once more")
        self.assertEqual((self.mine.user_id, refused.k20_approval_state), (self.sales1, 'rejected'))
        self.dialog(self.sales1, 'loss', self.mine).action_apply()
        self.grant(self.rows('loss', self.mine)[-1])
        self.assertEqual(self.rows('loss', self.mine).mapped('k20_approval_state'), ['rejected', 'approved'])

    # -- transferred -------------------------------------------------------------------------------------------------

    def test_many_end_customers_are_transferred_at_once(self):
        """R075: each with its contacts and open reminders, and a row that names both."""
        ends = self.make_customer(owner=self.sales1) + self.make_customer(owner=self.sales1)
        contacts = self.env['res.partner'].union(*(self.make_contact(end) for end in ends))
        for end in ends:
            self.make_followup(end, next_date=fields.Date.add(fields.Date.today(), days=3), next_plan="Visit")
        self.dialog(self.sales1, 'transfer', ends, to_user_id=self.sales2.id).action_apply()
        requests = self.rows('transfer', ends)
        self.assertEqual(requests.partner_id, ends)
        self.assertEqual(ends.user_id, self.sales1)
        self.grant(requests)
        self.assertEqual((ends + contacts).user_id, self.sales2)
        self.assertEqual(ends.activity_ids.user_id, self.sales2)
        self.assertEqual(len(ends.activity_ids), 2)
        self.assertEqual((requests.from_user_id, requests.to_user_id), (self.sales1, self.sales2))
        self.assertEqual(self.env['k20.followup'].search([('partner_id', 'in', ends.ids)]).user_id, self.sales1)

    def test_an_end_customer_goes_to_who_can_look_after_it(self):
        """R075: not to who has it, nor to who does not sell; and nobody transfers a colleague's."""
        end = self.make_customer(owner=self.sales1)
        for receiver, words in ((self.sales1, "looks after this customer already"), (self.buyer, "choose an active")):
            with self.assertRefused(words):
                self.dialog(self.sales1, 'transfer', end, to_user_id=receiver.id).action_apply()
        with self.assertRaises(AccessError):
            self.dialog(self.sales3, 'transfer', end, to_user_id=self.sales3.id).action_apply()
        self.assertFalse(self.rows('transfer', end))

    # -- claimed -----------------------------------------------------------------------------------------------------

    def test_a_claim_changes_nothing_before_the_yes(self):
        """R182: nor after a no, whose reason the claimer reads; then it may be claimed again."""
        claim = self.claim(self.sales1, self.pooled)
        self.assertEqual((claim.k20_approval_state, claim.date_done), ('submitted', False))
        self.assertEqual((self.pooled.k20_in_pool, self.pooled.user_id.ids), (True, []))
        claim.with_user(self.admin).action_k20_reject("Not your region")
        self.assertEqual((claim.k20_approval_state, self.pooled.k20_in_pool), ('rejected', True))
        self.assertIn("Not your region", self.told(claim))
        self.grant(self.claim(self.sales1, self.pooled))
        self.assertEqual(self.pooled.user_id, self.sales1)

    def test_an_own_claim_is_decided_by_somebody_else(self):
        """R182: also where one is asked oneself; an administrator decides on an own one where the flow allows it."""
        people = self.manager + self.admin + self.finance
        board = self.env['res.groups'].create({'name': "Board", 'user_ids': people.ids})
        self.flow.step_ids.write({'approver_kind': 'group', 'group_id': board.id})
        claim = self.claim(self.manager, self.pooled)
        self.assertFalse(claim.with_user(self.manager).k20_can_decide)
        with self.assertRefused("your own request"):
            claim.with_user(self.manager).action_k20_approve()
        self.grant(claim)
        self.assertEqual(self.pooled.user_id, self.manager)
        self.admin.group_ids += self.env.ref('k20_base.group_k20_salesperson')
        for allowed in (False, self.flow._fields['self_approval'].get_values(self.env)[0]):
            self.flow.self_approval = allowed
            claim = self.claim(self.admin, self.make_customer('channel'))
            if allowed:
                self.grant(claim)
                self.assertEqual(claim.partner_id.user_id, self.admin)
            else:
                with self.assertRefused("your own request"):
                    self.grant(claim)

    def test_a_second_click_asks_for_nothing_more(self):
        """R182: what is submitted already says so."""
        claim = self.claim(self.sales1, self.pooled)
        with self.assertRefused("is in state Submitted: reload"):
            claim.with_user(self.sales1).action_k20_submit()

    def test_a_claim_is_for_who_asks(self):
        """R060, R182: whatever is sent along; and nothing is kept of what cannot be asked for, not even a draft."""
        self.admin.group_ids += self.env.ref('k20_base.group_k20_salesperson')
        Assignment = self.env['k20.customer.assignment'].with_user(self.admin)
        claim = Assignment.create({'kind': 'claim', 'partner_id': self.pooled.id, 'to_user_id': self.sales2.id})
        self.assertEqual(claim.to_user_id, self.admin)
        with self.assertRefused("not in the pool"):
            Assignment.create({'kind': 'claim', 'partner_id': self.mine.id})
        with self.assertRefused("already: choose a colleague"):
            Assignment.create({'kind': 'transfer', 'partner_id': self.mine.id, 'to_user_id': self.sales1.id})

    # -- dialogs -----------------------------------------------------------------------------------------------------

    def test_a_dialog_gives_no_right_to_who_has_none(self):
        """R157: also in the hands of somebody else than who has opened it."""
        for kind in ('transfer', 'release', 'loss', 'extend', 'lock'):
            with self.subTest(kind=kind), self.assertRaises(AccessError):
                self.dialog(self.sales2, kind, self.mine, to_user_id=self.sales2.id).action_apply()
        assign = self.env['k20.customer.assign'].create({'partner_ids': self.mine.ids, 'user_ids': self.sales2.ids})
        with self.assertRefused("assigned by the administrator", AccessError):
            assign.with_user(self.sales2).action_apply()
        handover = self.env['k20.user.handover'].create({'user_id': self.sales1.id, 'to_user_id': self.sales2.id})
        with self.assertRefused("handed over by the administrator", AccessError):
            handover.with_user(self.manager).action_apply()
        self.assertEqual(self.mine.user_id, self.sales1)

    def test_the_administrator_gives_customers_out(self):
        """R156, R181: in turn, who has fewest first, or a province to each; they are the receivers' from then on."""
        many = self.env['res.partner'].union(*(self.make_customer() for _number in range(3)))
        Assign = self.env['k20.customer.assign'].with_user(self.admin)
        values = {'partner_ids': many.ids, 'user_ids': (self.sales1 + self.sales2).ids}
        Assign.create(values).action_apply()
        self.assertEqual([one.user_id for one in many], [self.sales2, self.sales1, self.sales2])
        self.assertEqual(many.k20_assignment_ids[0].kind, 'assign')
        states = self.env['res.country.state'].search([('country_id.code', '=', 'CN')], limit=2)
        (many[0] + many[1]).state_id, many[2].state_id = states
        Assign.create({**values, 'how': 'region'}).action_apply()
        self.assertEqual(len((many[0] + many[1]).user_id), 1)
        self.assertNotEqual(many[0].user_id, many[2].user_id)

    def test_the_administrator_gives_customers_to_who_works_there(self):
        """R051, R157, R181: not to a colleague of another company."""
        works = {'company_id': self.other_company.id, 'company_ids': self.other_company.ids}
        foreign = self.make_user('k20_foreign', 'salesperson', **works)
        values = {'partner_ids': self.pooled.ids, 'user_ids': foreign.ids}
        with self.assertRefused("choose an active colleague who sells"):
            self.env['k20.customer.assign'].with_user(self.admin).create(values).action_apply()
