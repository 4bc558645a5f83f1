"""What ownership adds to what people wait for: the pool, the inbox, moves and the history of one customer.

Beside plain Odoo's contact list of as many rows.
"""

from tests.bench.inside.opening import LIST, Side, compare, search

PAST = 3  # moves of each customer that are over
LONG = 80  # moves of the one customer whose history is opened


def run(plain_registry, k20_registry):
    """Fill in requests, tasks and past moves, and return the rows of all questions."""
    plain, seller, administrator = (
        Side(plain_registry, 'bench1'),
        Side(k20_registry, 'bench1'),
        Side(k20_registry, 'admin'),
    )
    with k20_registry.cursor() as cr:
        customer_id = _fill(seller.env(cr), seller.uid)
    contacts = search('base.view_partner_tree', 'list', [], LIST)(plain)
    boss = Side(plain_registry, 'admin')
    all_contacts = search('base.view_partner_tree', 'list', [], LIST)(boss)

    def listed(side, name, model, domain):
        return search(f'k20_base.{name}_view_list', 'list', domain, LIST, model)(side)

    moves = 'k20_customer_assignment', 'k20.customer.assignment'
    pool = listed(seller, 'k20_pool_customer', 'k20.pool.customer', [('k20_kind', '=', 'end')])
    inbox = listed(administrator, 'k20_approval_task', 'k20.approval.task', [('can_decide', '=', True)])
    return [
        compare("The pool", plain, seller, contacts, pool, 1.2, 1.05),
        compare("To approve", boss, administrator, all_contacts, inbox, 1.2, 1.05),
        compare(
            "All moves, as administrator",
            boss,
            administrator,
            all_contacts,
            listed(administrator, *moves, []),
            1.2,
            1.05,
        ),
        compare("Moves, as salesperson", plain, seller, contacts, listed(seller, *moves, []), 1.2, 1.05),
        compare(
            "History of a customer",
            plain,
            seller,
            contacts,
            listed(seller, *moves, [('partner_id', '=', customer_id)]),
            1.2,
            1.05,
        ),
    ]


def _fill(env, uid):
    """Write past moves of all customers, an open claim on each of the pool's, and a long history of one; return it."""
    cr = env.cr
    flow = env.ref('k20_base.k20_approval_flow_assignment').sudo()
    columns = (
        '(partner_id, company_id, kind, to_user_id, date_done, k20_approval_state, k20_requester_id,'
        ' k20_approval_round, k20_decisions, create_uid, create_date, write_uid, write_date)'
    )
    cr.execute(
        "SELECT id FROM res_partner WHERE k20_kind = 'end' AND user_id = %s ORDER BY id LIMIT 1", [uid]
    )  # fmt: skip
    customer_id = cr.fetchone()[0]
    for domain, count in (('TRUE', PAST), (f'id = {customer_id}', LONG)):
        cr.execute(
            f"INSERT INTO k20_customer_assignment {columns} SELECT p.id, company_id, 'transfer', user_id,"
            " p.create_date + make_interval(days => n), 'approved', user_id, 1, 1, 1, p.create_date, 1, p.create_date"
            f" FROM res_partner AS p, generate_series(1, {count}) AS n WHERE k20_kind IS NOT NULL AND {domain}"
        )
    cr.execute(
        f"INSERT INTO k20_customer_assignment {columns} SELECT p.id, p.company_id, 'claim', u.id, NULL, 'submitted',"
        " u.id, 1, 0, u.id, now(), u.id, now() FROM res_partner AS p JOIN res_users AS u"
        " ON u.login = 'bench' || p.id % 40 WHERE p.k20_kind IS NOT NULL AND p.user_id IS NULL"
    )
    for state, waits in (('open', True), ('approved', False)):
        cr.execute(
            "INSERT INTO k20_approval_task (res_model, res_id, res_name, company_id, requester_id, flow_id, round,"
            " sequence, step_name, mode, group_id, self_approval, state, date_open, user_id, date_done, create_uid,"
            " create_date, write_uid, write_date) SELECT 'k20.customer.assignment', id, 'Move of a customer', %s,"
            " k20_requester_id, %s, 1, 1, 'Administrator', 'any', %s, TRUE, %s, create_date,"
            " CASE WHEN NOT %s THEN 2 END, date_done, 1, create_date, 1, create_date FROM k20_customer_assignment"
            " WHERE k20_requester_id IS NOT NULL AND (k20_approval_state = 'submitted') = %s",
            [env.company.id, flow.id, flow.step_ids.group_id.id, state, waits, waits],
        )
    cr.execute(
        "INSERT INTO k20_approval_task_barred_rel (k20_approval_task_id, res_users_id)"
        " SELECT id, requester_id FROM k20_approval_task"
    )
    cr.commit()
    connection = cr._cnx
    connection.autocommit = True
    for table in ('k20_customer_assignment', 'k20_approval_task', 'k20_approval_task_barred_rel'):
        cr.execute(f'VACUUM ANALYZE {table}')
    connection.autocommit = False
    return customer_id
