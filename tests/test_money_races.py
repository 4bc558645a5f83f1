"""Many people register, confirm and ask back the money of the same order at the same moment. (R087, R092, R200)"""

import itertools
import uuid

from tests.client import Json2, ServedCase, race
from tests.database import make_keys, record, rows

MANY = 8
DECENT = {'UserError', 'ValidationError', 'AccessError'}


class MoneyRaces(ServedCase):
    """Each person calls with an API key of their own; orders belong to a customer of the first salesperson."""

    @classmethod
    def setUpClass(cls):
        cls.root = cls.login('admin')
        cls.company = cls.root.call('res.users', 'read', [cls.root.uid], ['company_id'])[0]['company_id'][0]
        cls.numbers = itertools.count(1)
        cls.mark = uuid.uuid4().hex[:8]
        cls.seller_id, cls.sellers = cls.make_person('salesperson')
        cls.finance = cls.make_person('finance')[1]
        cls.admin = cls.make_person('admin')[1]
        values = {'name': f'Races {cls.mark}', 'k20_kind': 'end', 'user_id': cls.seller_id}
        (cls.customer,) = cls.root.call('res.partner', 'create', [values])
        (cls.product,) = cls.root.call('product.product', 'create', [{'name': f'Race {cls.mark}', 'taxes_id': []}])

    @classmethod
    def make_person(cls, role):
        """Return the id of a new person with `role`, and their way into the server."""
        name = f'{role}-{cls.mark}'
        groups = [record('base.group_user'), record(f'k20_base.group_k20_{role}')]
        values = {'name': name, 'login': name, 'group_ids': [[6, 0, groups]], 'lang': 'en_US', 'tz': 'Asia/Shanghai'}
        (user_id,) = cls.root.call('res.users', 'create', [values], context={'no_reset_password': True})
        return user_id, Json2(make_keys([user_id])[user_id]).call

    def make_order(self, amount, customer=None):
        line = [0, 0, {'product_id': self.product, 'product_uom_qty': 1, 'price_unit': amount, 'tax_ids': []}]
        values = {
            'partner_id': customer or self.customer,
            'user_id': self.seller_id,
            'k20_order_type_id': record('k20_sales.k20_order_type_hardware'),
            'order_line': [line],
        }
        (order_id,) = self.root.call('sale.order', 'create', [values])
        return order_id

    def register(self, order, amount, reference=None):
        reference = f'{self.mark}-{next(self.numbers)}' if reference is None else reference
        arguments = {'amount': amount, 'reference': reference}
        return self.sellers('sale.order', 'action_k20_register_collection', ids=[order], **arguments)

    def confirm(self, payment):
        return self.finance('account.payment', 'action_post', ids=[payment])

    def figures(self, order):
        names = ('collected', 'refunded', 'pending', 'refund_pending', 'open')
        [found] = self.root.call('sale.order', 'read', [order], [f'k20_amount_{name}' for name in names])
        return {name: found[f'k20_amount_{name}'] for name in names}

    def assert_passed(self, answers, count, message):
        """Expect that `count` passed and the others were told so in one sentence."""
        refusals = [answer for answer in answers if isinstance(answer, Exception)]
        self.assertEqual(len(answers) - len(refusals), count, answers)
        for refusal in refusals:
            self.assertIn(refusal.kind, DECENT, str(refusal))
            self.assertRegex(str(refusal), message)

    def test_a_bank_reference_registered_at_once_makes_one_payment(self):
        """R092, R200: whoever comes second is told so; on the same order or another one."""
        orders = [self.make_order(1000) for _ in range(2)]
        reference = f'once-{self.mark}'
        answers = race(lambda number: self.register(orders[number % 2], 10 + number, reference), range(MANY))
        self.assert_passed(answers, 1, 'is registered already')
        [(count,)] = rows("SELECT COUNT(*) FROM k20_collection WHERE reference = %s", reference)
        self.assertEqual(count, 1)

    def test_a_double_click_makes_one_payment(self):
        """R200: the same call without a reference, all at once."""
        order = self.make_order(1000)
        answers = race(lambda _number: self.register(order, 10, ''), range(MANY))
        self.assert_passed(answers, 1, 'was registered on order .* a moment ago')
        self.assertEqual(self.figures(order)['pending'], 10)

    def test_the_dialog_clicked_twice_registers_once(self):
        """R200: both clicks answer well, and there is one transfer."""
        order = self.make_order(1000)
        context = {'active_model': 'sale.order', 'active_ids': [order]}
        (wizard,) = self.sellers('k20.collection.register', 'create', vals_list=[{}], context=context)
        answers = race(
            lambda _number: self.sellers('k20.collection.register', 'action_apply', ids=[wizard]), range(MANY)
        )
        self.assert_passed(answers, MANY, '')
        self.assertEqual(self.figures(order)['pending'], 1000)

    def test_registrations_at_once_never_exceed_what_is_open(self):
        """R092: drafts that wait for finance count, also those made at the same moment."""
        order = self.make_order(600)
        answers = race(lambda _number: self.register(order, 200), range(MANY))
        self.assert_passed(answers, 3, 'has .*0.00 left to collect')
        self.assertEqual(self.figures(order)['pending'], 600)

    def test_confirmations_at_once_never_exceed_the_contract(self):
        """R200: the order has shrunk since all of them were registered."""
        order = self.make_order(200 * MANY)
        payments = [self.register(order, 200) for _ in range(MANY)]
        (line,) = self.root.call('sale.order.line', 'search', [('order_id', '=', order)])
        self.root.call('sale.order.line', 'write', [line], {'price_unit': 600})
        answers = race(self.confirm, payments)
        self.assert_passed(answers, 3, 'would be paid .*200.00 more than is open')
        self.assertEqual(self.figures(order)['collected'], 600)
        self.assertEqual(self.figures(order)['open'], 0)

    def test_a_payment_confirmed_by_many_counts_once(self):
        """R200: one entry in the books, whoever clicked first."""
        order = self.make_order(600)
        payment = self.register(order, 200)
        answers = race(lambda _number: self.confirm(payment), range(MANY))
        self.assert_passed(answers, MANY, '')
        self.assertEqual(self.figures(order)['collected'], 200)
        [(count,)] = rows("SELECT COUNT(*) FROM account_move WHERE origin_payment_id = %s", payment)
        self.assertEqual(count, 1)

    def test_orders_at_once_never_exceed_the_credit(self):
        """DESIGN §6: two orders of one customer, whose limit has room for one."""
        [before] = self.root.call('res.company', 'read', [self.company], ['k20_credit_check'])
        self.root.call('res.company', 'write', [self.company], {'k20_credit_check': True})
        self.addCleanup(
            self.root.call, 'res.company', 'write', [self.company], {'k20_credit_check': before['k20_credit_check']}
        )
        for number in range(3):
            values = {'name': f'Credit {number} {self.mark}', 'k20_kind': 'end', 'user_id': self.seller_id}
            (customer,) = self.root.call('res.partner', 'create', [{**values, 'k20_credit_limit': 1000}])
            orders = [self.make_order(600, customer) for _ in range(2)]
            answers = race(lambda order: self.sellers('sale.order', 'action_k20_submit', ids=[order]), orders)
            self.assert_passed(answers, 1, '200.00 above its credit limit of .*1,000.00')

    def test_refunds_asked_for_at_once_never_exceed_what_was_collected(self):
        """R087: requests that wait for approval count, also those made at the same moment."""
        order = self.make_order(600)
        self.confirm(self.register(order, 500))
        values = {'order_id': order, 'amount': 300, 'reason': "Returned"}
        refunds = [self.sellers('k20.order.refund', 'create', vals_list=[values])[0] for _ in range(2)]
        answers = race(lambda refund: self.sellers('k20.order.refund', 'action_k20_submit', ids=[refund]), refunds)
        self.assert_passed(answers, 1, '200.00 can be refunded')
        self.assertEqual(self.figures(order)['refund_pending'], 300)

    def test_a_reset_meets_a_refund(self):
        """R087: money is paid back and its collection taken back at once; one of the two is refused."""
        order = self.make_order(600)
        payment = self.register(order, 500)
        self.confirm(payment)
        values = {'order_id': order, 'amount': 300, 'reason': "Returned"}
        (refund,) = self.sellers('k20.order.refund', 'create', vals_list=[values])
        self.sellers('k20.order.refund', 'action_k20_submit', ids=[refund])
        self.admin('k20.order.refund', 'action_k20_approve', ids=[refund])
        [found] = self.root.call('k20.order.refund', 'read', [refund], ['payment_id'])
        steps = [(payment, 'action_draft'), (found['payment_id'][0], 'action_post')]
        answers = race(lambda step: self.finance('account.payment', step[1], ids=[step[0]]), steps)
        self.assert_passed(answers, 1, 'would stand at .* refunded')
        figures = self.figures(order)
        self.assertLessEqual(figures['refunded'], figures['collected'])
