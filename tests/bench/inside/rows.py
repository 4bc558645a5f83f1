"""The same rows for plain Odoo and for K20, at the size of a company that has grown: written in SQL, in seconds.

One record of each kind is made through the ORM and copied; what K20 computes and stores is computed by K20 afterwards.
"""

import datetime
import functools
import random

CUSTOMERS, CONTACTS_EACH, FOLLOWUPS_EACH, STRANGERS = 20_000, 3, 10, 1_000
LEAST = 4_000  # customers, or a salesperson would not fill one page
SALESPEOPLE, TEAMS = 40, 8
IN_POOL = 10  # one customer of so many has no owner
QUIET = dict.fromkeys(['tracking_disable', 'mail_create_nolog', 'mail_create_nosubscribe', 'no_reset_password'], True)
PASSWORD = 'bench'

PLACES = ["苏州", "无锡", "南京", "上海", "杭州", "宁波", "合肥", "济南", "青岛", "武汉", "长沙", "福州", "广州"]
BRANDS = "澜岚屿旻煜霁珩昱筑砚樾泓朔铎翊禾衡沐楷黎舟川岳麓棠蔚澄骏阔弘"
ENDINGS = ["精密机械有限公司", "信息技术有限公司", "新材料股份有限公司", "实验中学", "康复医院", "商贸有限公司"]
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹"


def fill(env, scale=1.0):
    """Put people, customers, contacts and, where K20 is installed, follow-ups into an empty database.

    :param scale: 1 makes 20,000 customers; below 0.2 there are 4,000
    """
    env = env(context={**env.context, **QUIET})
    env['res.lang']._activate_lang('zh_CN')
    count = max(LEAST, int(CUSTOMERS * scale))
    people = make_people(env)
    customers = _fill_customers(env, count, people)
    _fill_contacts(env, count, customers)
    _fill_strangers(env, max(10, int(STRANGERS * scale)))
    if _has_k20(env):
        _compute(env['res.partner'].browse(customers))
        _fill_followups(env, count, customers, people)
    env.cr.commit()
    _vacuum(env.cr)


def name(number):
    """Return the name of customer `number`; every number has another."""
    brand = ''.join(BRANDS[number // len(BRANDS) ** power % len(BRANDS)] for power in (0, 1, 2))
    return PLACES[number % len(PLACES)] + brand + ENDINGS[number % len(ENDINGS)]


def person(number):
    """Return the name of contact `number`; as in life, some are called the same."""
    return SURNAMES[number % len(SURNAMES)] + BRANDS[number // 30 % len(BRANDS)] + BRANDS[number // 900 % 4]


def _owner(number, people):
    """Return the id of who looks after customer `number`, or None for the pool."""
    return None if number // len(people) % IN_POOL == 0 else people[number % len(people)].id


def _has_k20(env):
    return 'k20_kind' in env['res.partner']._fields


def make_people(env):
    """Make the salespeople, `bench0` to `bench39`, in teams with leaders `lead0` to `lead7`; return the salespeople."""
    if _has_k20(env):
        roles = {'bench': ['k20_base.group_k20_salesperson'], 'lead': ['k20_base.group_k20_manager']}
    else:  # the groups of Odoo that those roles imply
        seller = ['base.group_user', 'base.group_partner_manager']
        roles = {
            'bench': [*seller, 'sales_team.group_sale_salesman'],
            'lead': [*seller, 'sales_team.group_sale_salesman_all_leads'],
        }
    users = {}
    for kind, count in (('bench', SALESPEOPLE), ('lead', TEAMS)):
        groups = [env.ref(group).id for group in roles[kind]]
        users[kind] = env['res.users'].create(
            [
                {'login': f'{kind}{number}', 'name': f'{kind} {number}', 'group_ids': [(6, 0, groups)]}
                for number in range(count)
            ]
        )
    each = SALESPEOPLE // TEAMS
    for number, leader in enumerate(users['lead']):
        members = users['bench'][number * each : (number + 1) * each]
        env['crm.team'].create({'name': f'Team {number}', 'user_id': leader.id, 'member_ids': [(6, 0, members.ids)]})
    # One hash for all: made one by one they take longer than all the rows.
    password = env['res.users']._crypt_context().hash(PASSWORD)
    everybody = users['bench'] + users['lead']
    env.cr.execute("UPDATE res_users SET password = %s WHERE id = ANY(%s)", [password, everybody.ids])
    return users['bench']


def _fill_customers(env, count, people):
    template = {'name': "Template", 'is_company': True, 'country_id': env.ref('base.cn').id}
    if _has_k20(env):
        template.update(k20_kind='end', user_id=people[0].id)
    template = env['res.partner'].create(template)
    cities = env['res.city'].search([('state_id', '!=', False)], order='id')
    today = datetime.date.today()
    rows = []
    for number in range(count):
        city = cities[number * 7 % len(cities)]
        owner = _owner(number, people)
        made = today - datetime.timedelta(days=number % 700)
        phone = f'0512-{15_000_000 + number}'
        rows.append(
            (number + 1, name(number), phone, f'office{number}@example.com', city.state_id.id, city.id, owner, made)
        )
    columns = 'n int, name text, phone text, email text, state_id int, city_id int, user_id int, made timestamp'
    _load(env.cr, 'bench_customer', columns, rows)
    return _copy(
        env.cr,
        template,
        'bench_customer',
        count,
        name='b.name',
        complete_name='b.name',
        commercial_company_name='b.name',
        commercial_partner_id=':first + b.n',
        phone='b.phone',
        email='b.email',
        email_normalized='b.email',
        state_id='b.state_id',
        city_id='b.city_id',
        user_id='b.user_id',
        create_date='b.made',
        write_date='b.made',
        k20_kind="CASE WHEN b.n % 5 = 0 THEN 'channel' ELSE 'end' END",
        k20_code="CASE WHEN b.n % 5 = 0 THEN 'QD' ELSE 'YZ' END || (900000 + b.n)",
        k20_owner_id='b.user_id',
        k20_is_customer='true',
        k20_in_pool='b.user_id IS NULL',
        k20_pool_since='CASE WHEN b.user_id IS NULL THEN b.made END',
    )


def _fill_contacts(env, count, customers):
    template = env['res.partner'].create({'name': "Contact", 'parent_id': customers[0]})
    rows = [
        (
            number + 1,
            person(number),
            customers[number // CONTACTS_EACH],
            f'154{number:08d}',
            _pinyin(env, person(number)),
        )
        for number in range(count * CONTACTS_EACH)
    ]
    _load(env.cr, 'bench_contact', 'n int, name text, parent_id int, phone text, pinyin text', rows)
    parent = '(SELECT {} FROM res_partner AS p WHERE p.id = b.parent_id)'.format
    return _copy(
        env.cr,
        template,
        'bench_contact',
        len(rows),
        parent_id='b.parent_id',
        commercial_partner_id='b.parent_id',
        name='b.name',
        complete_name=parent('name') + " || ', ' || b.name",
        commercial_company_name=parent('name'),
        state_id=parent('state_id'),
        city_id=parent('city_id'),
        user_id=parent('user_id'),
        phone='b.phone',
        email="'contact' || b.n || '@example.com'",
        email_normalized="'contact' || b.n || '@example.com'",
        k20_owner_id=parent('user_id'),
        k20_is_customer='true',
        k20_in_pool='false',
        k20_pinyin='b.pinyin',
        k20_prefecture=parent('k20_prefecture') if _has_k20(env) else 'NULL',
    )


def _fill_strangers(env, count):
    """Add partners that are no customers: suppliers and the like."""
    template = env['res.partner'].create({'name': "Supplier", 'is_company': True})
    _load(env.cr, 'bench_stranger', 'n int, name text', [(number + 1, f'Supplier {number}') for number in range(count)])
    _copy(
        env.cr,
        template,
        'bench_stranger',
        count,
        name='b.name',
        complete_name='b.name',
        commercial_company_name='b.name',
        commercial_partner_id=':first + b.n',
    )


def _fill_followups(env, count, customers, people):
    """Give each customer ten follow-ups over a year, the last one with a next step and its activity."""
    today = env.company._k20_today()
    template = env['k20.followup'].create(
        {'partner_id': customers[-1], 'user_id': people[-1].id, 'content': "Template", 'next_date': today}
    )
    activity = env['mail.activity'].search([('k20_followup_id', '=', template.id)])
    rows = _followup_rows(count, customers, people, today)
    columns = 'n int, partner_id int, owner_id int, user_id int, day date, due date, age int'
    _load(env.cr, 'bench_followup', columns, rows)
    copied = {'partner_id': 'b.partner_id', 'user_id': 'b.user_id', 'owner_id': 'b.owner_id', 'date': 'b.day'}
    followups = _copy(
        env.cr,
        template,
        'bench_followup',
        len(rows),
        **copied,
        company_id='t.company_id',
        moves_clock='true',
        content="'电话沟通方案细节，客户要求本周给出第 ' || b.n || ' 版报价。'",
        next_date='b.due',
        next_plan="'发送报价并电话确认'",
    )
    _remind(env.cr, activity, count, followups[0])
    env.invalidate_all()


def _followup_rows(count, customers, people, today):
    """Return what differs from one follow-up to the next, in the order of time, as they are in life."""
    draw = random.Random('bench')
    rows = []
    for age in reversed(range(FOLLOWUPS_EACH)):
        for number in range(count):
            day = today - datetime.timedelta(days=age * 36 + number % 30 + 1)
            due = today + datetime.timedelta(days=draw.randint(-20, 60)) if age == 0 else day + datetime.timedelta(36)
            rows.append(
                (
                    len(rows) + 1,
                    customers[number],
                    _owner(number, people),
                    people[number % len(people)].id,
                    day,
                    max(due, day),
                    age,
                )
            )
    return rows


def _remind(cr, activity, count, first_followup):
    """Let each customer tell its last follow-up, and an activity remind of the next step."""
    cr.execute(
        """
        UPDATE res_partner AS p
           SET k20_last_followup_date = b.day, k20_clock_followup_date = b.day, k20_followup_status = 'contacted',
               k20_next_followup_date = b.due, k20_next_followup_plan = '发送报价并电话确认'
          FROM bench_followup AS b
         WHERE b.partner_id = p.id AND b.age = 0
        """
    )
    cr.execute(
        "CREATE TEMP TABLE bench_activity AS SELECT row_number() OVER (ORDER BY n) AS n, partner_id, user_id, due, "
        "n + %s AS followup_id FROM bench_followup WHERE age = 0 AND owner_id IS NOT NULL",
        [first_followup - 1],
    )
    _copy(
        cr,
        activity,
        'bench_activity',
        count,
        res_id='b.partner_id',
        user_id='b.user_id',
        date_deadline='b.due',
        k20_followup_id='b.followup_id',
    )


def _load(cr, table, columns, rows):
    """Make a temporary table with `rows`, numbered from 1 in column n."""
    cr.execute(f'CREATE TEMP TABLE {table} ({columns})')
    cr.execute_values(f'INSERT INTO {table} VALUES %s', rows, page_size=5000)


def _copy(cr, template, source, count, **columns):
    """Insert `template` once for each row of table `source` and return the range of ids.

    :param columns: SQL over the row `b`, for the columns that differ; unknown columns are left out
    """
    template.env.flush_all()
    table = template._table
    cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name != 'id'", [table]
    )
    names = [row[0] for row in cr.fetchall()]
    computed = {field.name for field in template._fields.values() if field.compute and _is_k20(field)}
    cr.execute(f'SELECT max(id) FROM {table}')
    first = cr.fetchone()[0]
    values = []
    for name in names:
        value = columns.get(name, 'NULL' if name in computed and not template._fields[name].required else f't."{name}"')
        values.append(value.replace(':first', str(first)))
    listed = ', '.join(f'"{name}"' for name in names)
    cr.execute(
        f'INSERT INTO {table} (id, {listed}) SELECT {first} + b.n, {", ".join(values)} '
        f'FROM {table} AS t, {source} AS b WHERE t.id = {template.id} ORDER BY b.n'
    )
    cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    template.env.invalidate_all()
    return range(first + 1, first + count + 1)


def _is_k20(field):
    return any(module.startswith('k20_') for module in field._modules or ())


def _compute(customers):
    """Have K20 compute what it stores on customers and `_copy` was not told."""
    told = {'k20_owner_id', 'k20_is_customer', 'k20_in_pool'}
    names = [
        field.name
        for field in customers._fields.values()
        if field.compute and field.store and field.column_type and _is_k20(field)
        if field.name not in told and 'followup' not in field.name
    ]
    for start in range(0, len(customers), 5000):
        some = customers[start : start + 5000]
        for name in names:
            customers.env.add_to_compute(customers._fields[name], some)
        customers.env.flush_all()
        customers.env.invalidate_all()


@functools.cache
def _pinyin_of(text):
    from odoo.addons.k20_base.tools.pinyin import pinyin

    return pinyin(text)


def _pinyin(env, text):
    return _pinyin_of(text) if _has_k20(env) else None


def _vacuum(cr):
    """Leave compact tables and fresh statistics, as on a database that has been in use for a while."""
    connection = cr._cnx
    connection.autocommit = True
    for table in ('res_partner', 'mail_activity', 'k20_followup'):
        cr.execute("SELECT to_regclass(%s)", [table])
        if cr.fetchone()[0]:
            cr.execute(f'VACUUM (FULL, ANALYZE) {table}')
    connection.autocommit = False
