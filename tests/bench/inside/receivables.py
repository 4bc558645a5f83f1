"""The list of receivables as its menu opens it, all open orders by salesperson with totals and ageing, beside SQL.

The statement is written anew here and must find the same figures, so that the ratio compares like with like.
"""

from tests.bench.inside.opening import Side, compare

BUCKETS = {'age_none': (None, -1), 'age_30': (0, 30), 'age_60': (31, 60), 'age_90': (61, 90), 'age_more': (91, None)}
SUMS = ('contract', 'collected', 'refunded', 'credited', 'open', *BUCKETS)
PLANNED = 3  # every third order has instalments


def run(registry):
    """Plan instalments for the orders of selling.py and return the rows."""
    side = Side(registry, 'admin')
    with registry.cursor() as cr:
        env = side.env(cr)
        _plan(cr)
        today = env.company._k20_today()
        if _figures(_opened(env)) != _figures(_in_sql(env, today)):
            raise ValueError("The list of receivables and its statement find different figures.")
        cr.commit()
    sql = Side(registry, 'admin')
    specification = side.specification('k20_sales.k20_receivable_view_list', 'list', 'k20.receivable')

    def opened(env):
        return _opened(env, auto_unfold=True, unfold_read_specification=specification)

    return [compare("Receivables, totals and ageing", sql, side, lambda env: _in_sql(env, today), opened, 1.5, 1.2)]


def _plan(cr):
    """Give some orders three instalments each: a third overdue, a third due this month, a third later."""
    cr.execute(
        """
        INSERT INTO k20_order_instalment (order_id, company_id, currency_id, sequence, due_date, amount)
        SELECT o.id, o.company_id, o.currency_id, part, CURRENT_DATE + 45 * (part - 2) - o.id %% 40,
               ROUND(o.amount_total / 3, 2)
          FROM sale_order o, generate_series(1, 3) part
         WHERE o.state = 'sale' AND o.id %% %s = 0
        """,
        [PLANNED],
    )
    cr.execute("UPDATE sale_order SET k20_due_date = k20_deal_date + 30 WHERE k20_deal_date IS NOT NULL")
    cr.execute('ANALYZE k20_order_instalment')
    cr.execute('ANALYZE sale_order')


def _opened(env, **unfolded):
    """Ask what the client asks for, the first groups unfolded, and return {salesperson's id: sums}."""
    domain = [('open', '>', 0), ('approval', '=', 'approved')]
    aggregates = ['__count', *(f'{name}:sum' for name in SUMS)]
    answer = env['k20.receivable'].web_read_group(domain, ['user_id'], aggregates, limit=80, **unfolded)
    return {group['user_id'][0]: [group[f'{name}:sum'] for name in SUMS] for group in answer['groups']}


def _in_sql(env, today):
    """Return the same by one statement."""

    def bucket(name):
        first, last = BUCKETS[name]
        limits = [f'age >= {first}'] * (first is not None) + [f'age <= {last}'] * (last is not None)
        return f"COALESCE(SUM(claim) FILTER (WHERE {' AND '.join(limits)}), 0) AS {name}"

    rate = 'COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric'
    money = {
        'contract': 'k20_amount_contract',
        'collected': 'k20_amount_collected',
        'refunded': 'k20_amount_refunded',
        'credited': 'k20_amount_credited + k20_amount_written_off',
        'open': 'k20_amount_open',
    }
    sums = [f'SUM(ROUND(({amount}) / {rate}, 2)) AS {name}' for name, amount in money.items()]
    sums += [f'SUM(ROUND({name} / {rate}, 2)) AS {name}' for name in BUCKETS]
    env.cr.execute(
        f"""
        WITH part AS (
            SELECT o.id, COALESCE(%(today)s - due_date, -1) AS age,
                   GREATEST(LEAST(upto, k20_amount_contract)
                            - GREATEST(upto - amount, k20_amount_contract - k20_amount_open), 0) AS claim
              FROM (SELECT order_id, due_date, amount, SUM(amount) OVER (
                               PARTITION BY order_id ORDER BY due_date NULLS LAST, sequence, id) AS upto
                      FROM k20_order_instalment) plan
              JOIN sale_order o ON o.id = order_id
        ), claim AS (
            SELECT id, age, claim FROM part
             UNION ALL
            SELECT o.id, COALESCE(%(today)s - k20_due_date, -1), GREATEST(k20_amount_open, 0) - COALESCE(planned, 0)
              FROM sale_order o
              LEFT JOIN (SELECT id, SUM(claim) AS planned FROM part GROUP BY id) total ON total.id = o.id
        ), aged AS (
            SELECT id, {', '.join(map(bucket, BUCKETS))} FROM claim GROUP BY id
        )
        SELECT user_id, {', '.join(sums)}
          FROM sale_order o JOIN aged ON aged.id = o.id
         WHERE state = 'sale' AND k20_amount_open > 0
         GROUP BY user_id
        """,
        {'today': today},
    )
    return {user: [float(amount or 0) for amount in amounts] for user, *amounts in env.cr.fetchall()}


def _figures(found):
    return {user: [round(amount, 2) for amount in amounts] for user, amounts in found.items()}
