"""What a salesperson waits for: lists, a form, a name search, a group-by; beside plain Odoo's contacts, same rows.

Each question is what the web client asks when it opens the view, in a new transaction with a cold record cache. Plain
Odoo and K20 take turns; the median counts.
"""

import gc
import statistics
import time

from lxml import etree

ROUNDS = 21
LIST, KANBAN = 80, 40
COUNT_LIMIT = 10_001
SEARCHED = "无锡岚"  # the start of some names, own ones among them


class Side:
    """One database and one person in it."""

    def __init__(self, registry, login):
        self.registry = registry
        with registry.cursor() as cr:
            cr.execute("SELECT id FROM res_users WHERE login = %s", [login])
            self.uid = cr.fetchone()[0]
        self.context = {'lang': 'zh_CN', 'tz': 'Asia/Shanghai', 'uid': self.uid}

    def env(self, cr, **context):
        from odoo import api

        return api.Environment(cr, self.uid, {**self.context, **context})

    def seconds(self, work):
        """Do `work(env)` in a transaction of its own and return how long it took."""
        with self.registry.cursor() as cr:
            env = self.env(cr)
            env.user.has_group('base.group_user')  # who asks is known before any view is opened
            gc.collect()
            started = time.perf_counter()
            work(env)
            return time.perf_counter() - started

    def specification(self, view, kind, model='res.partner'):
        """Return what the web client reads for the fields of a view."""
        with self.registry.cursor() as cr:
            env = self.env(cr)
            arch = env[model].get_view(env.ref(view).id, kind)['arch']
            return _specify(env[model], etree.fromstring(arch))


def _specify(model, view):
    """Return the specification of web_read for the fields in `view`, those of lines inside them included."""
    specification = {}
    for node in view.iter('field'):
        name = node.get('name')
        outer = next((parent for parent in node.iterancestors('field')), None)
        if name not in model._fields or (outer is not None and _inside(outer, view)):
            continue
        if node.get('column_invisible') in ('1', 'True'):
            continue
        field = model._fields[name]
        if field.type == 'many2one':
            specification[name] = {'fields': {'display_name': {}}}
        elif field.type in ('one2many', 'many2many'):
            lines = next((child for child in node if child.tag in ('list', 'kanban')), None)
            comodel = model.env[field.comodel_name]
            inner = _specify(comodel, lines) if lines is not None else {'display_name': {}}
            specification[name] = {'fields': inner, 'limit': 40}
        else:
            specification[name] = {}
    return specification


def _inside(node, view):
    return node is not view and view in node.iterancestors()


def compare(name, plain, k20, ask_plain, ask_k20, bound, goal, rounds=ROUNDS):
    """Return the row of one question: both sides' medians, taking turns."""
    taken = {plain: [], k20: []}
    for round_number in range(rounds + 2):
        for side, ask in ((plain, ask_plain), (k20, ask_k20)):
            seconds = side.seconds(ask)
            if round_number >= 2:  # the first ones fill the caches of a running server
                taken[side].append(seconds)
    return {
        'name': name,
        'k20': statistics.median(taken[k20]),
        'reference': statistics.median(taken[plain]),
        'bound': bound,
        'goal': goal,
        'unit': 's',
    }


def run(plain_registry, k20_registry):
    """Return the rows of all questions, asked as salesperson bench1."""
    plain, k20 = Side(plain_registry, 'bench1'), Side(k20_registry, 'bench1')
    ends = [('k20_kind', '=', 'end')]
    mine = [*ends, ('k20_owner_id', '=', k20.uid)]
    contacts = search('base.view_partner_tree', 'list', [], LIST)(plain)
    customers = search('k20_base.res_partner_view_list_customer', 'list', mine, LIST)(k20)
    reminders = search(*reminder_list(k20), LIST)(k20)
    return [
        compare("Customer list, my customers", plain, k20, contacts, customers, 1.2, 1.05),
        compare("Reminder list", plain, k20, contacts, reminders, 1.2, 1.05),
        compare(
            "One customer",
            plain,
            k20,
            form('base.view_partner_form')(plain),
            form('k20_base.res_partner_view_form_customer')(k20),
            1.2,
            1.05,
        ),
        compare("Name search", plain, k20, find_name, find_name, 1.2, 1.05),
        compare("Group by province", plain, k20, group([]), group(ends), 1.2, 1.05),
        compare(
            "Cards, no filter",
            plain,
            k20,
            search('base.res_partner_kanban_view', 'kanban', [], KANBAN)(plain),
            search('k20_base.res_partner_view_kanban_customer', 'kanban', ends, KANBAN)(k20),
            2.0,
            1.2,
        ),
    ]


def reminder_list(side):
    """Return view, kind and domain of the reminder list as its action opens it."""
    from odoo.tools.safe_eval import safe_eval

    with side.registry.cursor() as cr:
        env = side.env(cr)
        action = env['res.partner'].action_k20_followup_reminders()
        domain = safe_eval(action['domain'] or '[]', {'uid': side.uid})
        days = action['context']['search_default_k20_due_within_days']
        return 'k20_base.res_partner_view_list_reminder', 'list', [*domain, ('k20_due_within_days', 'ilike', days)]


def search(view, kind, domain, limit, model='res.partner'):
    """Return the question that opens a list or cards."""

    def on(side):
        specification = side.specification(view, kind, model)

        def ask(env):
            Model = env[model].with_context(bin_size=True)
            found = Model.web_search_read(domain, specification, limit=limit, count_limit=COUNT_LIMIT)
            if not found['records']:
                raise ValueError(f"{view} shows nothing: there is nothing to compare.")

        return ask

    return on


def form(view):
    """Return the question that opens one own customer of bench1."""

    def on(side):
        specification = side.specification(view, 'form')
        with side.registry.cursor() as cr:
            domain = [('user_id', '=', side.uid), ('is_company', '=', True), ('child_ids', '!=', False)]
            customer_id = side.env(cr)['res.partner'].search(domain, limit=1, order='id').id

        def ask(env):
            env['res.partner'].with_context(bin_size=True).browse(customer_id).web_read(specification)

        return ask

    return on


def find_name(env):
    env['res.partner'].name_search(SEARCHED, limit=8)


def group(domain):
    def ask(env):
        env['res.partner'].web_read_group(domain, ['state_id'], ['__count'], limit=80)

    return ask
