"""What K20 adds to selling: approving an order, collecting money, beside what plain Odoo does with the same order.

Both databases are filled with orders, lines and payments of some years first. Every round works on an order of its own.
"""

import statistics

from tests.bench.inside import receivables
from tests.bench.inside.opening import Side
from tests.bench.inside.rows import QUIET, _copy

ORDERS, LINES_EACH, PAYMENTS = 50_000, 3, 80_000
ROUNDS = 15
TOGETHER = 1_000  # payments confirmed in one go
PRICE = 1_000


def run(plain_registry, k20_registry, scale):
    """Fill both databases and return the rows of all questions."""
    plain, k20 = Side(plain_registry, 'admin'), Side(k20_registry, 'admin')
    for side in (plain, k20):
        with side.registry.cursor() as cr:
            env = side.env(cr, **QUIET)
            _fill(env, max(500, int(ORDERS * scale)), max(800, int(PAYMENTS * scale)))
            cr.commit()
    together = max(50, int(TOGETHER * min(scale, 1)))
    return [
        _row("Approving an order", *_approve(plain, k20), 1.25, 1.15),
        _row("Registering and confirming a collection", *_collect(plain, k20), 1.3, 1.15),
        _row(f"Confirming {together} payments in one go", *_collect_many(plain, k20, together), 1.4, 1.2, unit='SQL'),
        *receivables.run(k20_registry),
    ]


def _row(name, k20, reference, bound, goal, unit='s'):
    return {'name': name, 'k20': k20, 'reference': reference, 'bound': bound, 'goal': goal, 'unit': unit}


def _has_k20(env):
    return 'k20_approval_state' in env['sale.order']._fields


# -- years of orders -------------------------------------------------------------------------------------------------


def _fill(env, orders, payments):
    """Copy one confirmed order with its lines, and one payment, as often as wanted, all customers in turn."""
    order = _make_order(env)
    copies = _fill_orders(env, order, orders)
    _fill_payments(env, order, payments, copies)
    env.flush_all()
    for table in ('sale_order', 'sale_order_line', 'account_payment'):
        env.cr.execute(f'ANALYZE {table}')


def _fill_orders(env, order, count):
    """Copy `order` and its lines `count` times, approved; return the range of ids."""
    env.cr.execute(
        """
        CREATE TEMP TABLE bench_order AS
        WITH owned AS (
            SELECT id, user_id, row_number() OVER (ORDER BY id) - 1 AS number, count(*) OVER () AS total
              FROM res_partner WHERE user_id IS NOT NULL AND is_company AND active
        )
        SELECT n::int, owned.id AS customer_id, owned.user_id
          FROM generate_series(1, %s) AS n JOIN owned ON owned.number = n %% owned.total
        """,
        [count],
    )
    customers = ('partner_id', 'partner_invoice_id', 'partner_shipping_id', 'k20_customer_id')
    copies = _copy(
        env.cr,
        order,
        'bench_order',
        count,
        name="'B' || b.n",
        state="'sale'",
        access_token='NULL',
        user_id='b.user_id',
        k20_approval_state="'approved'",
        k20_is_deal='true',
        k20_deal_date="CURRENT_DATE - b.n % 700",
        k20_amount_contract='t.amount_total',
        k20_amount_open='t.amount_total',
        **dict.fromkeys(customers, 'b.customer_id'),
    )
    for line in order.order_line:
        _copy(env.cr, line, 'bench_order', count, order_id=f'{copies[0] - 1} + b.n', order_partner_id='b.customer_id')
    return copies


def _fill_payments(env, order, count, orders):
    """Give `count` confirmed payments to the `orders`, copies of `order`, in turn."""
    payment = env['account.payment'].create({'amount': PRICE, 'partner_id': order.partner_id.id})
    env.cr.execute("CREATE TEMP TABLE bench_payment AS SELECT n::int FROM generate_series(1, %s) AS n", [count])
    _copy(
        env.cr,
        payment,
        'bench_payment',
        count,
        name="'PB' || b.n",
        state="'paid'",
        k20_sale_order_id=f'{orders[0]} + b.n % {len(orders)}',
        k20_counted='t.amount',
        k20_order_amount='t.amount',
    )


def _make_order(env):
    """Make a quotation of three lines of goods for a customer of its own salesperson."""
    customer = env['res.partner'].search([('user_id.login', '=', 'bench1'), ('is_company', '=', True)], limit=1)
    products = env['product.product'].search([('default_code', '=like', 'BENCH%')], order='default_code')
    if not products:
        products = env['product.product'].create(
            [
                {'name': f'Server {number}', 'default_code': f'BENCH{number}', 'list_price': PRICE, 'type': 'consu'}
                for number in range(LINES_EACH)
            ]
        )
    values = {
        'partner_id': customer.id,
        'user_id': customer.user_id.id,
        'order_line': [
            (0, 0, {'product_id': product.id, 'product_uom_qty': 2, 'price_unit': PRICE}) for product in products
        ],
    }
    if _has_k20(env):
        values['k20_order_type_id'] = env['k20.order.type'].search([], limit=1).id
    return env['sale.order'].create(values)


# -- questions -------------------------------------------------------------------------------------------------------


def _turns(plain, k20, prepare, do_plain, do_k20, rounds=ROUNDS):
    """Return the medians of K20 and of plain Odoo, each round with an order prepared by `prepare(env)` beforehand."""
    taken = {plain: [], k20: []}
    for round_number in range(rounds + 2):
        for side, work in ((plain, do_plain), (k20, do_k20)):
            with side.registry.cursor() as cr:
                order_id = prepare(side.env(cr, **QUIET)).id
                cr.commit()
            seconds = side.seconds(lambda env, work=work, order_id=order_id: work(env['sale.order'].browse(order_id)))
            if round_number >= 2:  # the first ones fill the caches of a running server
                taken[side].append(seconds)
    return statistics.median(taken[k20]), statistics.median(taken[plain])


def _approve(plain, k20):
    def prepare(env):
        order = _make_order(env)
        if _has_k20(env):
            order.with_user(order.user_id).action_k20_submit()
        return order

    def confirm(order):
        order.action_confirm()
        order.env.flush_all()

    def approve(order):
        order.action_k20_approve()
        order.env.flush_all()

    return _turns(plain, k20, prepare, confirm, approve)


def _collect(plain, k20):
    def pay(order):
        payment = order.env['account.payment'].create({'amount': PRICE, 'partner_id': order.partner_id.id})
        payment.action_post()
        order.env.flush_all()

    def collect(order):
        payment_id = order.action_k20_register_collection(PRICE, reference=f'BENCH {order.id}')
        order.env['account.payment'].browse(payment_id).action_post()
        order.env.flush_all()

    return _turns(plain, k20, _make_order, pay, collect)


def _collect_many(plain, k20, count):
    """Return how many statements it takes to confirm `count` payments at once, each of an order of its own in K20."""
    statements = []
    for side in (k20, plain):
        with side.registry.cursor() as cr:
            env = side.env(cr, **QUIET)
            orders = env['sale.order'].search([('name', '=like', 'B%'), ('state', '=', 'sale')], limit=count)
            if len(orders) < count:
                raise ValueError("The database has too few orders.")
            values = [{'amount': 1, 'partner_id': order.partner_id.id} for order in orders]
            if _has_k20(env):
                for order, vals in zip(orders, values, strict=True):
                    vals['k20_sale_order_id'] = order.id
            payments = env['account.payment'].create(values)
            env.flush_all()
            env.invalidate_all()
            before = cr.sql_log_count
            payments.action_post()
            env.flush_all()
            cr.precommit.run()  # who waits for the money is told at the end
            statements.append(cr.sql_log_count - before)
            cr.rollback()
    return tuple(statements)
