from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import K20Case


@tagged('post_install', '-at_install')
class TestPoolAndLosses(K20Case):
    """Whose the pool is, what the list of losses answers, and that another person can be named. (R156, R180)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Assignment = cls.env['k20.customer.assignment']
        cls.Partner = cls.env['res.partner']

    def lose(self, kind, owner, **values):
        """Make a customer of `owner` that is lost by a granted request."""
        customer = self.make_customer(kind, owner=owner, **values)
        request = self.Assignment.with_user(owner)._k20_request('loss', customer.ids, "No budget")
        request.with_user(self.admin).action_k20_approve()
        return customer

    def rows(self, user, filter_name='lost', domain=()):
        """Return what `user` sees in the list of losses under one of its filters."""
        action = self.env.ref('k20_base.k20_customer_assignment_action_loss')
        return self.moves(user, filter_name, fields.Domain(list(self.eval(action.domain))) & fields.Domain(domain))

    def moves(self, user, filter_name, domain):
        """Return what `user` sees in the list of all moves under one of its filters."""
        [found] = self.search_view(user).xpath(f"//filter[@name='{filter_name}']/@domain")
        return self.Assignment.with_user(user).search(fields.Domain(list(self.eval(found))) & fields.Domain(domain))

    def search_view(self, user):
        return etree.fromstring(self.Assignment.with_user(user).get_view(view_type='search')['arch'])

    def eval(self, text):
        return self.env['ir.filters'].new({'domain': text, 'model_id': 'res.partner'})._get_eval_domain()

    # -- the pool ----------------------------------------------------------------------------------------------------

    def test_only_the_administrator_adds_changes_and_deletes_in_the_pool(self):
        """R180: a salesperson, a manager, finance are refused each of the three."""
        pooled = self.make_customer('channel')
        for user in (self.sales1, self.manager, self.finance, self.buyer, self.storekeeper, self.outsider):
            customer = pooled.with_user(user)
            for attempt in (
                lambda user=user: (
                    self.Partner.with_user(user)
                    .with_context(import_file=True)
                    .create({'name': f'Pooled by {user.login}', 'k20_kind': 'end', 'k20_in_pool': True})
                ),
                lambda customer=customer: customer.write({'user_id': self.sales1.id}),
                lambda customer=customer: customer.write({'active': False}),
                lambda customer=customer: customer.unlink(),
                lambda customer=customer: (
                    self.env['k20.pool.customer'].with_user(customer.env.user).browse(customer.id).unlink()
                ),
                lambda customer=customer: (
                    self.env['k20.pool.customer'].with_user(customer.env.user).browse(customer.id).write({'name': "x"})
                ),
            ):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    attempt()
        own = self.Partner.with_user(self.sales1).create({'name': "Own", 'k20_kind': 'channel', 'user_id': False})
        self.assertEqual((own.k20_in_pool, own.user_id), (False, self.sales1))
        made = self.Partner.with_user(self.admin).create({'name': "Made for the Pool", 'k20_kind': 'channel'})
        self.assertTrue(self.env['k20.pool.customer'].with_user(self.sales1).search([('id', '=', made.id)]))
        made.phone = '13700001111'
        unused = self.Partner.with_user(self.admin).create({'name': "Never Used", 'k20_kind': 'channel'})
        unused.unlink()
        self.assertFalse(unused.exists())

    def test_a_salesperson_changes_no_detail_in_the_pool(self):
        """R180: not even the name, which the pool shows; nor does who reads it without selling."""
        pooled = self.make_customer('channel')
        for user in (self.buyer, self.storekeeper):
            with self.assertRaises(AccessError):
                pooled.with_user(user).write({'name': "x"})
        for name, value in (
            ('name', "x"),
            ('phone', '1'),
            ('comment', "x"),
            ('child_ids', [Command.create({'name': "x"})]),
        ):
            with self.assertRaises(AccessError):
                pooled.with_user(self.sales1).write({name: value})

    # -- losses ------------------------------------------------------------------------------------------------------

    def test_the_list_of_losses_is_each_persons_own(self):
        """R157, R186: one's own, for a manager the team's, for the administrator all; a release is no loss."""
        mine, team, others = (self.lose('channel', user) for user in (self.sales1, self.sales2, self.sales3))
        released = self.make_customer('channel', owner=self.sales1)
        self.Assignment.with_user(self.sales1)._k20_request('release', released.ids, "x").with_user(
            self.admin
        ).action_k20_approve()
        every = mine + team + others + released
        for user, seen in (
            (self.sales1, mine), (self.sales2, team), (self.manager, mine + team), (self.admin, mine + team + others)
        ):  # fmt: skip
            rows = self.rows(user, domain=[('partner_id', 'in', every.ids)]).sudo()
            self.assertEqual(rows.partner_id, seen, user.login)
        row = self.rows(self.sales1, domain=[('partner_id', '=', mine.id)])
        self.assertEqual((row.from_user_id, bool(row.date_done), row.reason), (self.sales1, True, "No budget"))

    def test_losses_by_kind_and_star_also_of_what_one_sees_no_more(self):
        """R186, R082: what is lost is in the pool, where no salesperson reads it: the filters find it all the same."""
        channel, end = self.lose('channel', self.sales1), self.lose('end', self.sales1)
        mine = [('partner_id', 'in', (channel + end).ids)]
        for user in (self.sales1, self.manager, self.admin):
            for name, customer in (('channel', channel), ('end', end)):
                with self.subTest(user=user.login, filter=name):
                    rows = self.rows(user, name, mine)
                    self.assertEqual((rows.sudo().partner_id, set(rows.mapped('kind'))), (customer, {'loss'}))
            for spec, counts in (('k20_kind', {'channel': 1, 'end': 1}), ('k20_star', {'1': 1, False: 1})):
                groups = self.Assignment.with_user(user)._read_group(
                    [*mine, ('kind', '=', 'loss')], [spec], ['__count']
                )
                self.assertEqual(dict(groups), counts, user.login)

    def test_what_is_under_review_and_about_to_be_lost(self):
        """R186, R082: the other two of the query; each sees own ones; one that is lost is neither."""
        rule = self.env['k20.loss.rule'].create(
            {
                'name': "Rule",
                'k20_kind': 'channel',
                'condition': 'no_followup',
                'days': 20,
                'warn_days': 5,
                'sequence': 1,
            }
        )
        about = self.make_customer('channel', owner=self.sales1)
        about.k20_owned_since = fields.Datetime.subtract(fields.Datetime.now(), days=17)
        later = self.make_customer('channel', owner=self.sales1)
        self.lose('channel', self.sales1)
        reviewed = self.make_customer('channel', owner=self.sales1)
        self.Assignment.with_user(self.sales1)._k20_request('loss', reviewed.ids, "No budget")
        action = self.env.ref('k20_base.res_partner_action_about_to_be_lost')
        domain = self.eval(action.domain)
        found = self.Partner.with_user(self.sales1).search(domain).with_env(self.env)
        self.assertIn(about, found)
        self.assertNotIn(later, found)
        self.assertEqual(about.k20_loss_rule_id, rule)
        self.assertNotIn(about, self.Partner.with_user(self.sales3).search(domain).with_env(self.env))
        self.assertEqual(self.rows(self.sales1, 'review').partner_id.with_env(self.env), reviewed)
        self.assertEqual(self.moves(self.sales1, 'review', []).partner_id.with_env(self.env), reviewed)
        self.assertFalse(self.rows(self.sales3, 'review'))

    def test_end_customers_that_a_rule_took_by_period_salesperson_and_star(self):
        """R082, R186: with last deal, last follow-up, rule and day, as they stood then, for who had them."""
        rule = self.env['k20.loss.rule'].create({'name': "Rule", 'days': 20, 'warn_days': 5, 'sequence': 1})
        today = self.env.company._k20_today()
        deal, said = (fields.Date.subtract(today, days=days) for days in (90, 35))
        low, high, others = (
            self.make_customer(owner=owner, k20_star=star)
            for owner, star in ((self.sales1, '2'), (self.sales1, '3'), (self.sales3, '3'))
        )
        every = low + high + others
        for customer in every:
            self.make_followup(customer, self.admin, date=said)
        every.write({'k20_owned_since': fields.Datetime.subtract(fields.Datetime.now(), days=40),
                     'k20_last_deal_date': deal})  # fmt: skip
        every._k20_take_due()
        self.assertFalse(every.user_id)
        mine = [('partner_id', 'in', every.ids)]
        for name, customers in (('lost', low + high), ('star_high', high), ('star_low', low)):
            with self.subTest(filter=name):
                self.assertEqual(set(self.rows(self.sales1, name, mine).sudo().partner_id), set(customers))
        self.assertEqual(self.moves(self.admin, 'lost', mine).mapped('kind'), ['loss'] * 3)
        by_person = [*mine, ('from_user_id', 'ilike', self.sales3.name)]
        self.assertEqual(self.rows(self.admin, domain=by_person).partner_id, others)
        search = self.search_view(self.sales1)
        self.assertTrue(search.xpath("/search/field[@name='from_user_id']"))
        self.assertEqual(search.xpath('//filter/@date'), ['create_date', 'date_done'])
        row = self.rows(self.sales1, domain=[('partner_id', '=', low.id)])
        lost = (row.from_user_id, row.rule_id, row.date_done.date(), row.last_deal_date, row.last_followup_date)
        self.assertEqual(lost, (self.sales1, rule, fields.Date.today(), deal, said))
        low.user_id = self.sales3
        self.make_followup(low)
        row.invalidate_recordset()
        self.assertEqual(row.last_followup_date, said, "what the next owner does is not the former one's to know")

    def test_what_is_asked_for_shows_the_dates_of_its_decision(self):
        """R082: of a customer that was called on while the loss of it was under review."""
        customer = self.make_customer(owner=self.sales1)
        request = self.Assignment.with_user(self.sales1)._k20_request('loss', customer.ids, "No budget")
        self.assertFalse(request.last_followup_date)
        self.make_followup(customer)
        request.with_user(self.admin).action_k20_approve()
        self.assertEqual(request.last_followup_date, customer.k20_last_followup_date)

    # -- another person ----------------------------------------------------------------------------------------------

    def test_another_person_can_be_named_for_a_step_and_for_what_waits(self):
        """R156: the administrator changes the flow, and hands over what is open; the new one finds it in the inbox."""
        deputy = self.make_user('k20_deputy', 'admin')
        self.env.ref('k20_base.k20_approval_flow_assignment').active = False
        step = {'name': "Yes", 'approver_kind': 'users', 'user_ids': [Command.set(deputy.ids)]}
        flow = self.env['k20.approval.flow'].create({
            'name': "Named",
            'model_id': self.env['ir.model']._get_id(self.Assignment._name),
            'step_ids': [Command.create(step)],
        })  # fmt: skip
        customers = [self.make_customer(owner=self.sales1) for _number in range(2)]
        ask = self.Assignment.with_user(self.sales1)._k20_request
        waiting = ask('release', customers[0].ids, "x")
        self.env['k20.user.handover'].with_user(self.admin).create(
            {'user_id': deputy.id, 'to_user_id': self.manager.id}
        ).action_apply()
        flow.with_user(self.admin).step_ids.user_ids = self.manager
        later = ask('release', customers[1].ids, "x")
        inbox = self.env['k20.approval.task'].with_user(self.manager).search([('can_decide', '=', True)])
        self.assertEqual(set(inbox.mapped('res_id')), set((waiting + later).ids))
        self.assertEqual(waiting.sudo().activity_ids.user_id, self.manager)
        self.assertFalse(self.env['k20.approval.task'].with_user(deputy).search([('can_decide', '=', True)]))

    def test_another_owner_finds_the_customer_in_the_own_list(self):
        """R156: named by the administrator; the former one finds it no more."""
        customer = self.make_customer(owner=self.sales1)
        customer.with_user(self.admin).user_id = self.sales2
        for user, found in ((self.sales1, False), (self.sales2, True)):
            mine = self.Partner.with_user(user).search([('user_id', '=', user.id), ('k20_kind', '=', 'end')])
            self.assertEqual(customer in mine.with_env(self.env), found)
