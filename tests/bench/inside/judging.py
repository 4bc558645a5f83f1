"""The daily loss job beside SQL that judges the same number of customers and writes the same rows.

Both find what is due by three rules among all customers of the database, take turns, and commit. Each turn has due
customers of its own: first a share of the owned ones is made to have been left alone for long, their dates are worked
out, and then the clock runs.
"""

import gc
import resource
import statistics
import time
from pathlib import Path

from tests.bench.inside.opening import Side

DUE = 0.05  # of all customers, a fifth of these to be reviewed; as many more again as a fifth are to be warned
PART = 4  # the cost of one customer is compared with that of a job of a quarter of the size
ROUNDS = 3
BATCH = 500  # of the job, too
MOST_MEMORY = 64  # megabytes by which the process may grow over all the rounds

RULES = [
    {'name': "End customers", 'k20_kind': 'end', 'condition': 'no_followup', 'star_max': '3'},
    {
        'name': "Good end customers",
        'k20_kind': 'end',
        'condition': 'no_followup',
        'star_min': '4',
        'needs_review': True,
    },
    {'name': "Channels", 'k20_kind': 'channel', 'condition': 'no_deal'},
]
DAYS, WARN_DAYS = 200, 7  # longer than the customers' last follow-ups are ago

# What the reference writes, of the customers in bench_due: the same rows and columns as the job.
LOST = "SELECT id FROM bench_due WHERE what = 'lost'"
JUDGE = """
CREATE TEMP TABLE bench_judged AS
SELECT row_number() OVER (ORDER BY day > {today}, user_id, id) AS n, id, user_id, rule_id, name, followed, dealt,
       CASE WHEN day > {today} THEN 'warned' WHEN needs_review THEN 'reviewed' ELSE 'lost' END AS what, day
  FROM (
        SELECT DISTINCT ON (p.id) p.id, p.user_id, p.name, r.id AS rule_id, r.needs_review,
               p.k20_last_followup_date AS followed, p.k20_last_deal_date AS dealt,
               GREATEST(p.k20_owned_since::date, p.k20_last_deal_date, p.k20_loss_refused_on,
                        CASE WHEN r.condition = 'no_followup' THEN p.k20_clock_followup_date END) + r.days AS day
          FROM res_partner AS p
          JOIN k20_loss_rule AS r ON r.active AND r.k20_kind = p.k20_kind
               AND (r.star_min IS NULL OR p.k20_star >= r.star_min)
               AND (r.star_max IS NULL OR COALESCE(p.k20_star, '') <= r.star_max)
         WHERE p.user_id IS NOT NULL AND p.active
      ORDER BY p.id, day, r.sequence
       ) AS first
 WHERE day <= {today} + 7
"""
WRITES = [
    # The lost ones
    f"""UPDATE res_partner SET user_id = NULL, k20_owner_id = NULL, k20_in_pool = TRUE, k20_pool_since = now(),
        k20_pool_reason = 'rule', k20_owned_since = NULL, k20_locked_until = NULL, k20_protected_until = NULL,
        k20_loss_refused_on = NULL, k20_loss_date = NULL, k20_loss_rule_id = NULL, k20_loss_warn_date = NULL,
        write_date = now(), write_uid = 1 WHERE id IN ({LOST})""",
    f"""UPDATE res_partner SET user_id = NULL, k20_owner_id = NULL, write_date = now(), write_uid = 1
        WHERE parent_id IN ({LOST})""",
    f"UPDATE k20_followup SET owner_id = NULL, write_date = now(), write_uid = 1 WHERE partner_id IN ({LOST})",
    f"""UPDATE k20_customer_assignment SET owner_id = NULL, write_date = now(), write_uid = 1
        WHERE partner_id IN ({LOST})""",
    f"""UPDATE mail_activity SET user_id = NULL, write_date = now(), write_uid = 1
        WHERE res_model = 'res.partner' AND res_id IN ({LOST})""",
    """INSERT INTO k20_customer_assignment (partner_id, kind, from_user_id, rule_id, reason, date_done,
        k20_approval_state, k20_requester_id, k20_approval_round, k20_decisions, restart_clock, extend_days,
        last_followup_date, last_deal_date, create_uid, create_date, write_uid, write_date)
        SELECT id, 'loss', user_id, rule_id, 'rule', now(), 'approved', 1, 0, 0, FALSE, 0, followed, dealt,
        1, now(), 1, now() FROM bench_due WHERE what = 'lost'""",
    # The warned ones
    """INSERT INTO mail_activity (res_model_id, res_model, res_id, res_name, activity_type_id, user_id, date_deadline,
        summary, automated, active, create_uid, create_date, write_uid, write_date)
        SELECT (SELECT id FROM ir_model WHERE model = 'res.partner'), 'res.partner', id, name, {warning}, user_id, day,
        'Lost on this day', TRUE, TRUE, 1, now(), 1, now() FROM bench_due WHERE what = 'warned'""",
    """UPDATE res_partner AS p SET k20_loss_warned_for = b.day, write_date = now(), write_uid = 1
        FROM bench_due AS b WHERE b.what = 'warned' AND b.id = p.id""",
    # The reviews, with their task, who may not decide, and the approvers' activities
    """WITH review AS (INSERT INTO k20_customer_assignment (partner_id, kind, from_user_id, rule_id, reason,
        k20_approval_state, k20_requester_id, k20_submitted_on, k20_approval_round, k20_decisions, restart_clock,
        extend_days, last_followup_date, last_deal_date, create_uid, create_date, write_uid, write_date)
        SELECT id, 'loss', user_id, rule_id, 'rule', 'submitted', 1, now(), 1, 0, FALSE, 0, followed, dealt,
        1, now(), 1, now() FROM bench_due WHERE what = 'reviewed' RETURNING id, from_user_id),
        task AS (INSERT INTO k20_approval_task (res_model, res_id, res_name, company_id, requester_id, flow_id, round,
        sequence, step_name, mode, group_id, self_approval, state, date_open, create_uid, create_date, write_uid,
        write_date) SELECT 'k20.customer.assignment', id, 'Loss: customer', {company}, 1, {flow}, 1, 1, 'step', 'any',
        {group}, TRUE, 'open', now(), 1, now(), 1, now() FROM review RETURNING id, res_id),
        barred AS (INSERT INTO k20_approval_task_barred_rel (k20_approval_task_id, res_users_id)
        SELECT task.id, barred.id FROM task JOIN review ON review.id = task.res_id,
        LATERAL (VALUES (1), (review.from_user_id)) AS barred (id))
        INSERT INTO mail_activity (res_model_id, res_model, res_id, res_name, activity_type_id, user_id,
        date_deadline, summary, automated, active, create_uid, create_date, write_uid, write_date)
        SELECT (SELECT id FROM ir_model WHERE model = 'k20.customer.assignment'), 'k20.customer.assignment', id,
        'Loss: customer', {asking}, a.uid, {today}, 'Decide', TRUE, TRUE, 1, now(), 1, now()
        FROM review, unnest(ARRAY{approvers}) AS a (uid)""",
    # One message to each former owner
    """WITH m AS (INSERT INTO mail_message (message_type, model, res_id, author_id, subject, body, date, create_uid,
        create_date, write_uid, write_date)
        SELECT 'user_notification', 'res.partner', u.partner_id, 2, 'Customers lost', string_agg(b.name, ', '), now(),
        1, now(), 1, now() FROM bench_due AS b JOIN res_users AS u ON u.id = b.user_id WHERE b.what = 'lost'
        GROUP BY u.partner_id RETURNING id, res_id),
        r AS (INSERT INTO mail_message_res_partner_rel SELECT id, res_id FROM m)
        INSERT INTO mail_notification (mail_message_id, res_partner_id, notification_type, notification_status)
        SELECT id, res_id, 'inbox', 'sent' FROM m""",
]


def run(registry):
    """Return the rows of the job: its time, what one customer costs in a larger one, and what memory it takes."""
    side = Side(registry, '__system__')
    with registry.cursor() as cr:
        env = side.env(cr)
        _make_rules(env)
        customers = env['res.partner'].search_count([('k20_kind', '!=', False)])
        cr.commit()
    due = int(customers * DUE)
    large, small, reference = [], [], []
    _turn(side, due // PART, _job)  # the first one fills the caches
    before = _megabytes()
    for _round in range(ROUNDS):
        large.append(_turn(side, due, _job))
        reference.append(_turn(side, due, _reference))
        small.append(_turn(side, due // PART, _job))
    grown = _megabytes() - before
    times = {name: statistics.median(taken) for name, taken in (('l', large), ('s', small), ('r', reference))}
    return [
        _changed_rule(side, customers),
        _row(f"Judging {customers} customers, {due} due", times['l'], times['r'], 3.0, 2.0),
        _row(
            f"One customer of {due} due, beside {due // PART}", times['l'] / due, times['s'] / (due // PART), 1.2, 1.0
        ),
        _row("Memory that the loss job grows by", grown, MOST_MEMORY, 1.0, 0.5, unit='MB'),
    ]


def _changed_rule(side, customers):
    """Return the row of a rule's period changed, by which the dates of all that it covers are worked out anew."""

    def change(env):
        rule = env['k20.loss.rule'].search([], limit=1)
        rule.days += 1
        env.flush_all()

    def update(env):
        env.cr.execute(
            "UPDATE res_partner SET k20_loss_date = k20_loss_date + 1, k20_loss_warn_date = k20_loss_warn_date + 1"
            " WHERE k20_loss_rule_id = (SELECT id FROM k20_loss_rule WHERE active ORDER BY sequence, id LIMIT 1)"
        )
        env.cr.rollback()  # or the next change would find the dates moved already

    taken = [(side.seconds(change), side.seconds(update)) for _round in range(ROUNDS)]
    times = [statistics.median(column) for column in zip(*taken, strict=True)]
    return _row(f"A loss rule changed, {customers} customers", *times, 3.0, 2.0)


def _row(name, k20, reference, bound, goal, unit='s'):
    return {'name': name, 'k20': k20, 'reference': reference, 'bound': bound, 'goal': goal, 'unit': unit}


def _make_rules(env):
    """Leave the three rules, and nobody due: every owned customer was taken over today."""
    env.cr.execute(
        "UPDATE res_partner SET k20_owned_since = now(), k20_star = (1 + id % 5)::text"
        " WHERE k20_kind IS NOT NULL AND user_id IS NOT NULL"
    )
    env.invalidate_all()
    env['k20.loss.rule'].search([]).active = False
    common = {'days': DAYS, 'warn_days': WARN_DAYS}
    env['k20.loss.rule'].create([{**common, **rule} for rule in RULES])
    env.flush_all()


def _turn(side, due, work):
    """Make as many customers due, of which nothing is done yet, and return the seconds that `work` takes."""
    with side.registry.cursor() as cr:
        env = side.env(cr)
        cr.execute(
            "SELECT id FROM res_partner WHERE k20_kind IS NOT NULL AND user_id IS NOT NULL AND k20_loss_warned_for IS"
            " NULL AND k20_owned_since > now() - interval '100 days' ORDER BY hashint4(id), id LIMIT %s",
            [due + due // 5],
        )
        ids = [row[0] for row in cr.fetchall()]
        if len(ids) < due:
            raise ValueError("The database has too few customers left that are not due.")
        for days, some in ((DAYS + 1, ids[:due]), (DAYS - 3, ids[due:])):
            cr.execute(
                "UPDATE res_partner SET k20_owned_since = now() - make_interval(days => %s),"
                " k20_clock_followup_date = NULL, k20_loss_date = CURRENT_DATE - %s + %s,"
                " k20_loss_warn_date = CURRENT_DATE - %s + %s - %s, k20_loss_rule_id = r.id FROM k20_loss_rule AS r"
                " WHERE r.active AND r.k20_kind = res_partner.k20_kind AND res_partner.id = ANY(%s)"
                " AND (r.star_min IS NULL OR k20_star >= r.star_min)"
                " AND (r.star_max IS NULL OR k20_star <= r.star_max)",
                [days, days, DAYS, days, DAYS, WARN_DAYS, some],
            )
        cr.commit()
        cr.execute("ANALYZE res_partner")
        cr.commit()
        gc.collect()
        started = time.perf_counter()
        work(env)
        cr.commit()
        seconds = time.perf_counter() - started
        cr.execute("SELECT count(*) FROM res_partner WHERE id = ANY(%s) AND user_id IS NULL", [ids])
        lost = cr.fetchone()[0]
        if not due * 0.6 < lost < due:
            raise ValueError(f"{lost} of {due} customers that were due went to the pool.")
        # Nobody is due or under review in the next turn.
        cr.execute("UPDATE k20_customer_assignment SET k20_approval_state = 'approved' WHERE kind = 'loss'")
        cr.execute(
            "UPDATE res_partner SET k20_loss_date = NULL, k20_loss_warn_date = NULL, k20_owned_since = NULL"
            " WHERE id = ANY(%s) AND user_id IS NOT NULL",
            [ids],
        )
        cr.commit()
        return seconds


def _job(env):
    env['res.partner']._cron_judge_losses()


def _reference(env):
    cr = env.cr
    flow = env.ref('k20_base.k20_approval_flow_assignment')
    names = {
        'today': f"DATE '{env.company._k20_today()}'",
        'company': env.company.id,
        'flow': flow.id,
        'group': flow.step_ids.group_id.id,
        'approvers': flow.step_ids.group_id.all_user_ids.filtered('active').ids,
        'warning': env.ref('k20_base.mail_activity_type_loss').id,
        'asking': env.ref('k20_base.mail_activity_type_approval').id,
    }
    cr.execute(JUDGE.format(**names))
    cr.execute("SELECT count(*) FROM bench_judged")
    for start in range(0, cr.fetchone()[0], BATCH):
        cr.execute("CREATE TEMP TABLE bench_due ON COMMIT DROP AS SELECT * FROM bench_judged WHERE n > %s AND n <= %s",
                   [start, start + BATCH])  # fmt: skip
        for statement in WRITES:
            cr.execute(statement.format(**names))
        cr.commit()  # as the job does, so that it may be killed
    cr.execute("DROP TABLE bench_judged")


def _megabytes():
    """Return what the process takes now."""
    return int(Path('/proc/self/statm').read_text().split()[1]) * resource.getpagesize() / 2**20
