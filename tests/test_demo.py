"""The demo business that ./k20 run shows: who is there, and how much of it."""

import datetime

from tests.client import ServedCase

SELLERS = ['sales1', 'sales2', 'sales3', 'sales4', 'sales5', 'sales6']
IMPORT = 'k20_base.group_k20_import'
MOVES = {
    'claim': ['submitted', 'approved', 'rejected', 'draft'],
    'transfer': ['submitted', 'approved', 'rejected'],
    'release': ['submitted', 'approved', 'rejected', 'draft'],
    'loss': ['submitted', 'approved', 'rejected'],
    'extend': ['submitted', 'approved', 'rejected'],
    'assign': ['approved'],
}
MONEY = ['contract', 'credited', 'written_off', 'collected', 'refunded', 'open', 'pending']
LOGINS = ['admin', 'manager', 'manager2', *SELLERS, 'finance', 'buyer', 'store']


class TestDemo(ServedCase):
    def count(self, model, *domain, login='admin'):
        return self.login(login).call(model, 'search_count', list(domain))

    def day(self, ahead):
        """Return a day seen from today in China."""
        today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
        return str(today + datetime.timedelta(days=ahead))

    def test_everybody_logs_in_with_the_login_as_password(self):
        """DESIGN §10: the demo has a dozen people, Chinese, in China's time zone, each with a job."""
        for login in LOGINS:
            with self.subTest(login=login):
                session = self.login(login)
                (user,) = session.call('res.users', 'read', [session.uid], ['name', 'lang', 'tz', 'function'])
                self.assertEqual((user['lang'], user['tz']), ('zh_CN', 'Asia/Shanghai'))
                self.assertTrue(user['function'])
                self.assertFalse(user['name'].isascii())

    def test_two_teams_have_their_leaders(self):
        """R022: manager leads the team of sales1 and sales2, manager2 that of sales3 and sales4."""
        teams = self.login('admin').call('crm.team', 'search_read', [], ['user_id', 'member_ids'])
        members = {team['user_id'][0]: set(team['member_ids']) for team in teams}
        for leader, led in (('manager', ['sales1', 'sales2']), ('manager2', ['sales3', 'sales4', 'sales5', 'sales6'])):
            self.assertEqual(members[self.login(leader).uid], {self.login(login).uid for login in led})
        self.assertEqual(len(teams), 2)

    def test_sixty_channels_and_240_end_customers(self):
        """R001, R003: customers of both kinds over China's provinces, owned or in the pool, each with contacts."""
        self.assertEqual(self.count('res.partner', ('k20_kind', '=', 'channel')), 60)
        self.assertEqual(self.count('res.partner', ('k20_kind', '=', 'end')), 240)
        customers = [('k20_kind', '!=', False)]
        self.assertEqual(self.count('res.partner', *customers, ('child_ids', '=', False)), 0)
        self.assertEqual(self.count('res.partner', *customers, ('city_id', '=', False)), 0)
        self.assertGreater(self.count('res.partner', *customers, ('k20_in_pool', '=', True)), 15)
        provinces = self.login('admin').call('res.partner', 'formatted_read_group', customers, ['state_id'])
        self.assertGreater(len(provinces), 12)

    def test_every_seller_has_customers_made_over_the_year(self):
        """R022, R160: each salesperson sees own customers and fewer than the manager; they came over the whole year."""
        for login in SELLERS:
            own = self.count('res.partner', ('k20_kind', '!=', False), login=login)
            self.assertGreater(own, 5, login)
        team = self.count('res.partner', ('k20_kind', '!=', False), login='manager')
        self.assertGreater(team, self.count('res.partner', ('k20_kind', '!=', False), login='sales1'))
        fresh = self.count('res.partner', ('k20_kind', '!=', False), ('create_date', '>', self.day(-370)))
        self.assertTrue(150 < fresh < 280, fresh)

    def test_a_year_of_followups_leaves_something_to_do(self):
        """R003, R048: what was said over a year, and next steps of sales1 overdue, due today and in the coming days."""
        self.assertGreater(self.count('k20.followup'), 1500)
        self.assertGreater(self.count('k20.followup', ('date', '<', self.day(-300))), 50)
        self.assertEqual(self.count('k20.followup', ('date', '>', self.day(0))), 0)
        for name, first, last in (('overdue', -40, -1), ('today', 0, 0), ('coming', 1, 9)):
            due = [('k20_next_followup_date', '>=', self.day(first)), ('k20_next_followup_date', '<=', self.day(last))]
            with self.subTest(due=name):
                self.assertGreater(self.count('res.partner', *due, login='sales1'), 0)
                self.assertGreater(self.count('res.partner', *due), 10)

    def test_a_year_of_moves_of_every_kind_and_outcome(self):
        """R181, R182, R183, R184: claims, transfers, releases and losses, granted, refused, withdrawn and waiting."""
        for kind, states in MOVES.items():
            for state in states:
                domain = [('kind', '=', kind), ('k20_approval_state', '=', state)]
                with self.subTest(kind=kind, state=state):
                    self.assertGreater(self.count('k20.customer.assignment', *domain), 0)
        early = [('kind', '!=', 'assign'), ('date_done', '<', self.day(-180)), ('date_done', '>', self.day(-366))]
        self.assertGreater(self.count('k20.customer.assignment', *early), 3)
        self.assertEqual(self.count('k20.customer.assignment', ('date_done', '>', self.day(1))), 0)
        self.assertGreater(self.count('k20.approval.task', ('on_behalf_id', '!=', False)), 0)

    def test_losses_tell_of_the_last_follow_up_before_them(self):
        """R082, R186: of nearly all, and never one that came afterwards."""
        manager = self.login('manager')
        lost = [('kind', '=', 'loss'), ('date_done', '!=', False)]
        losses = manager.call('k20.customer.assignment', 'search_read', lost, ['date_done', 'last_followup_date'])
        told = [loss for loss in losses if loss['last_followup_date']]
        self.assertGreater(len(told), len(losses) / 2)
        for loss in told:
            self.assertLessEqual(loss['last_followup_date'], loss['date_done'][:10])

    def test_follow_ups_are_of_who_looked_after_the_customer_then(self):
        """R157: whoever was the owner on the day had the contact; nobody speaks with a customer in the pool."""
        admin = self.login('admin')
        granted = [('kind', '=', 'claim'), ('k20_approval_state', '=', 'approved')]
        fields = ['partner_id', 'to_user_id', 'date_done']
        claims = admin.call('k20.customer.assignment', 'search_read', granted, fields)
        for claim in claims:
            domain = [('partner_id', '=', claim['partner_id'][0]), ('user_id', '=', claim['to_user_id'][0])]
            early = self.count('k20.followup', *domain, ('date', '<', claim['date_done'][:10]))
            self.assertEqual(early, 0, claim)

    def test_the_pool_is_worth_looking_at(self):
        """R059, R061: some 20 to 40 customers, with reasons and what was said to them before."""
        self.assertTrue(20 <= self.count('k20.pool.customer', login='sales1') <= 40)
        self.assertGreater(self.count('k20.pool.customer', ('followup_count', '>', 1), login='sales1'), 8)
        self.assertEqual(self.count('k20.pool.customer', ('k20_pool_reason', '=', False)), 0)

    def test_everybody_finds_something_to_decide_or_to_wait_for(self):
        """R171: the inbox of the managing director and of a team's leader, and requests of sales1 that wait."""
        self.assertTrue(5 <= self.count('k20.approval.task', ('can_decide', '=', True)) <= 40)
        self.assertGreater(self.count('k20.approval.task', ('can_decide', '=', True), login='manager'), 0)
        waiting = [('state', '=', 'open'), ('requester_id', '=', self.login('sales1').uid)]
        self.assertGreater(self.count('k20.approval.task', *waiting, login='sales1'), 1)

    def test_losses_come_one_by_one(self):
        """R184, R186: the daily job finds a few customers to warn of or to review, never hundreds."""
        owned = [('k20_kind', '!=', False), ('user_id', '!=', False)]
        due = [*owned, ('k20_loss_date', '<=', self.day(0))]
        self.assertTrue(1 <= self.count('res.partner', *due) <= 12, self.count('res.partner', *due))
        under_review = [('kind', '=', 'loss'), ('k20_approval_state', '=', 'submitted'), ('rule_id', '!=', False)]
        self.assertEqual(self.count('k20.customer.assignment', *under_review), self.count('res.partner', *due))
        soon = [*owned, ('k20_loss_warn_date', '<=', self.day(0)), ('k20_loss_date', '>', self.day(0))]
        self.assertTrue(3 <= self.count('res.partner', *soon) <= 25, self.count('res.partner', *soon))
        self.assertLess(self.count('res.partner', *owned, ('k20_loss_date', '<=', self.day(7))), 40)
        self.assertGreater(self.count('res.partner', *owned, ('k20_locked_until', '>', self.day(0))), 3)

    def test_sales1_imports(self):
        """R155: the function to import is sales1's, not every salesperson's."""
        for login, expected in (('sales1', True), ('sales2', False)):
            self.assertEqual(
                self.login(login).call('res.users', 'has_group', [self.login(login).uid], 'k20_base.group_k20_import'),
                expected,
            )

    # -- selling -----------------------------------------------------------------------------------------------------

    def orders(self, *domain, fields=(), login='admin'):
        return self.login(login).call('sale.order', 'search_read', list(domain), ['name', *fields])

    def test_quotations_and_orders_of_every_state(self):
        """R084, R085, R086, R191: what is quoted, waits, was refused, is sold, completed or cancelled."""
        found = {
            'draft': self.count('sale.order', ('state', '=', 'draft'), ('k20_approval_state', '=', 'draft')),
            'sent': self.count('sale.order', ('state', '=', 'sent')),
            'submitted': self.count('sale.order', ('k20_approval_state', '=', 'submitted')),
            'rejected': self.count('sale.order', ('k20_approval_state', '=', 'rejected')),
            'sold': self.count('sale.order', ('state', '=', 'sale')),
            'completed': self.count('sale.order', ('k20_completed', '=', True)),
            'cancelled': self.count('sale.order', ('state', '=', 'cancel')),
        }
        for name, count in found.items():
            with self.subTest(state=name):
                self.assertGreater(count, 3)
        self.assertTrue(50 < found['sold'] < 90 < self.count('sale.order') < 130, found)

    def test_deals_lie_over_the_year(self):
        """R062: deals of channels and of the end customers they brought, some in each quarter, none in the future."""
        deals = [('k20_is_deal', '=', True)]
        self.assertEqual(self.count('sale.order', *deals, ('k20_deal_date', '>', self.day(0))), 0)
        for first in (-360, -270, -180, -90):
            quarter = [('k20_deal_date', '>', self.day(first)), ('k20_deal_date', '<=', self.day(first + 90))]
            with self.subTest(since=first):
                self.assertGreater(self.count('sale.order', *deals, *quarter), 9)
        self.assertGreater(self.count('sale.order', *deals, ('k20_channel_id', '!=', False)), 15)
        self.assertGreater(self.count('sale.order', *deals, ('partner_id.k20_kind', '=', 'channel')), 8)
        self.assertGreater(self.count('res.partner', ('k20_channel_id', '!=', False)), 40)

    def test_the_money_of_each_order_adds_up(self):
        """R091, R094: contract − credited − written off = collected − refunded + open, and is what its payments say."""
        names = [f'k20_amount_{name}' for name in MONEY]
        paid = [('k20_sale_order_id', '!=', False), ('state', 'in', ['in_process', 'paid'])]
        sums = self.login('admin').call(
            'account.payment', 'formatted_read_group', paid, ['k20_sale_order_id'], ['k20_counted:sum']
        )
        received = {row['k20_sale_order_id'][0]: row['k20_counted:sum'] for row in sums}
        for order in self.orders(fields=names):
            money = {name: order[f'k20_amount_{name}'] for name in MONEY}
            claim = money['contract'] - money['credited'] - money['written_off']
            with self.subTest(order=order['name']):
                self.assertAlmostEqual(claim, money['collected'] - money['refunded'] + money['open'], 2)
                self.assertAlmostEqual(received.get(order['id'], 0), money['collected'] - money['refunded'], 2)
                self.assertGreaterEqual(money['open'], 0)
        self.assertGreater(self.count('sale.order', ('k20_amount_collected', '>', 0)), 50)
        self.assertGreater(self.count('sale.order', ('state', '=', 'sale'), ('k20_amount_open', '>', 0)), 10)

    def test_collections_of_every_kind(self):
        """R092, R200: a year of transfers, one for several orders, an advance, some for finance to confirm."""
        self.assertGreater(self.count('k20.collection', ('date', '<', self.day(-180))), 15)
        self.assertEqual(self.count('k20.collection', ('date', '>', self.day(0))), 0)
        self.assertGreater(self.count('k20.collection', ('amount_advance', '>', 0)), 0)
        self.assertGreater(self.count('k20.collection', ('state', '=', 'draft'), login='finance'), 3)
        transfers = self.login('admin').call('k20.collection', 'search_read', [], ['payment_ids', 'amount_advance'])
        several = [row for row in transfers if len(row['payment_ids']) - bool(row['amount_advance']) > 1]
        self.assertTrue(several)
        deals = self.orders(('k20_deal_date', '!=', False), fields=['k20_deal_date'])
        first = {row['id']: row['k20_deal_date'] for row in deals}
        payments = self.login('admin').call(
            'account.payment', 'search_read', [('k20_sale_order_id', 'in', list(first))], ['k20_sale_order_id', 'date']
        )
        self.assertTrue([row for row in payments if row['date'] < first[row['k20_sale_order_id'][0]]])

    def test_instalments_are_paid_due_and_overdue(self):
        """R091: plans of orders over the year, none of them off their contract."""
        for state in ('paid', 'open', 'overdue'):
            with self.subTest(state=state):
                self.assertGreater(self.count('k20.order.instalment', ('state', '=', state)), 2)
        sums = self.login('admin').call(
            'k20.order.instalment', 'formatted_read_group', [], ['order_id'], ['amount:sum']
        )
        planned = {row['order_id'][0]: row['amount:sum'] for row in sums}
        for order in self.orders(('id', 'in', list(planned)), fields=['amount_total']):
            self.assertAlmostEqual(planned[order['id']], order['amount_total'], 2, order['name'])

    def test_credit_is_given_and_one_customer_is_above_it(self):
        """DESIGN §6: some have a limit and a term; one owes more than that, one nearly so much."""
        admin = self.login('admin')
        customers = admin.call(
            'res.partner', 'search_read', [('k20_credit_limit', '>', 0)], ['k20_credit_limit', 'k20_credit_days']
        )
        self.assertTrue(all(customer['k20_credit_days'] for customer in customers))
        self.assertGreater(len(customers), 4)
        counted = ['|', ('state', '=', 'sale'), ('k20_approval_state', '=', 'submitted'), ('k20_amount_open', '>', 0)]
        sums = admin.call('sale.order', 'formatted_read_group', counted, ['k20_customer_id'], ['k20_amount_open:sum'])
        owed = {row['k20_customer_id'][0]: row['k20_amount_open:sum'] for row in sums}
        used = sorted(owed[customer['id']] / customer['k20_credit_limit'] for customer in customers)
        self.assertGreater(used[-1], 1, used)
        self.assertTrue(0.9 < used[-2] <= 1, used)

    def test_refunds_invoices_and_special_prices(self):
        """R087, R089: a credit and money back that are paid, one that waits, invoices, special prices of each kind."""
        for kind in ('credit', 'return_payment'):
            paid = [('kind', '=', kind), ('payment_state', 'in', ['in_process', 'paid'])]
            self.assertEqual(self.count('k20.order.refund', *paid), 1)
        self.assertEqual(self.count('k20.order.refund', ('k20_approval_state', '=', 'submitted')), 1)
        invoices = [('move_type', '=', 'out_invoice'), ('state', '=', 'posted')]
        self.assertGreater(self.count('account.move', *invoices, login='finance'), 10)
        for state in ('draft', 'submitted', 'approved', 'rejected'):
            with self.subTest(state=state):
                self.assertGreater(self.count('k20.price.request', ('k20_approval_state', '=', state)), 0)
        self.assertGreater(self.count('k20.price.request', ('void_on', '!=', False)), 0)

    def test_projects_have_parties_with_duties_and_next_steps(self):
        """R009, R010, R012: projects at each stage and lost, leads, who takes part, what is overdue and comes next."""
        admin = self.login('admin')
        projects = [('type', '=', 'opportunity')]
        stages = admin.call('crm.lead', 'formatted_read_group', projects, ['stage_id'], ['__count'])
        self.assertEqual(len(stages), 4)
        for stage in stages:
            self.assertGreater(stage['__count'], 5, stage)
        self.assertGreater(self.count('crm.lead', ('type', '=', 'lead')), 8)
        self.assertGreater(self.count('crm.lead', ('active', '=', False), ('won_status', '=', 'lost')), 3)
        alone = [*projects, ('won_status', '=', 'pending'), ('k20_party_ids', '=', False)]
        self.assertEqual(self.count('crm.lead', *alone), 0)
        self.assertEqual(self.count('k20.project.party', ('duty', '=', False)), 0)
        for state in ('overdue', 'soon', 'later'):
            self.assertGreater(self.count('k20.project.party', ('step_state', '=', state)), 0, state)
        self.assertGreater(self.count('k20.followup', ('lead_id', '!=', False)), 10)

    def test_service_issues_open_and_solved(self):
        """R199, R202: some wait, some are solved, with how content the customer is."""
        self.assertGreater(self.count('k20.customer.issue', ('state', '=', 'open')), 4)
        self.assertGreater(self.count('k20.customer.issue', ('state', '=', 'solved'), ('satisfaction', '>', 0)), 6)
        self.assertEqual(self.count('k20.customer.issue', ('date_solved', '>', self.day(1))), 0)

    def test_everybody_who_sells_finds_own_business(self):
        """R157, R160: no list of a salesperson is empty, and each sees less than the manager."""
        for login in SELLERS[:4]:
            for model in ('crm.lead', 'sale.order', 'account.payment', 'k20.project.party'):
                with self.subTest(login=login, model=model):
                    self.assertGreater(self.count(model, login=login), 3)
        self.assertLess(self.count('sale.order', login='sales1'), self.count('sale.order', login='manager'))
        self.assertGreater(self.count('k20.approval.task', ('can_decide', '=', True), login='manager'), 0)

    def test_what_is_sold_has_chinese_names(self):
        """DESIGN §10: products, projects, issues and reasons are to be read in Chinese."""
        admin = self.login('admin')
        texts = {
            'product.product': [('default_code', '!=', False), ('sale_ok', '=', True), ('k20_floor_price', '>', 0)],
            'crm.lead': [],
            'k20.customer.issue': [],
            'k20.order.type': [],
        }
        for model, domain in texts.items():
            chinese = {'context': {'lang': 'zh_CN'}}
            names = [row['name'] for row in admin.call(model, 'search_read', domain, ['name'], **chinese)]
            with self.subTest(model=model):
                self.assertGreater(len(names), 5)
                self.assertEqual([name for name in names if name.isascii()], [])
