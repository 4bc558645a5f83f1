from datetime import datetime, time, timedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL

from . import history, words

DECIDED_WITHIN = 3  # days after it was asked for
QUIET_BEFORE_REVIEW = 62  # days without a follow-up
YEAR = 365
# What a decision does to the request
DECISIONS = {'granted': 'action_k20_approve', 'refused': 'action_k20_reject', 'withdrawn': 'action_k20_withdraw'}


class K20Demo(models.AbstractModel):
    """A year of customers changing hands, and what waits for a decision today. (DESIGN §5)

    What happened is played through the methods that people use, the oldest first, and dated afterwards; the follow-ups
    of k20_demo.py then know who looked after a customer on which day. The stories are told in history.py.
    """

    _inherit = 'k20.demo'

    @api.model
    def _make_flows_and_rules(self):
        """Give the company a flow for longer protection, and loss rules of its own beside the shipped one."""
        company = self.env.ref('base.main_company')
        for name, values, steps in history.FLOWS:
            self.env['k20.approval.flow'].create({
                **values,
                'name': name,
                'company_id': company.id,
                'model_id': self.env['ir.model']._get('k20.customer.assignment').id,
                'step_ids': [
                    Command.create({
                        'name': step,
                        'approver_kind': 'users',
                        'user_ids': [Command.set([self._user(login).id for login in logins])],
                    })
                    for step, logins in steps
                ],
            })  # fmt: skip
        for values in history.LOSS_RULES:
            self.env['k20.loss.rule'].create({**values, 'company_id': company.id})

    # The past

    @api.model
    def _make_past(self, customers):
        """Play a year of moves in the order of time, then date them."""
        # What is written down is to be read in Chinese; an installation loads the terms only after the demo.
        self.env['ir.module.module']._load_module_terms(['k20_base'], ['zh_CN'])
        self = self.with_context(lang='zh_CN')
        customers = customers.with_env(self.env)
        scenes = sorted(self._plan_past(customers), key=lambda scene: (scene['asked'], scene['customer'].id))
        quiet = self.with_context(mail_activity_automation_skip=True)  # what is long over asks for nothing
        dated = [(quiet._play(scene), scene) for scene in scenes]
        self._date_moves(customers, dated)
        self._end_leave()
        news = [('model', '=', 'k20.customer.assignment'), ('message_type', '=', 'user_notification')]
        self.env['mail.message'].search(news).unlink()

    @api.model
    def _plan_past(self, customers):
        """Return what happens to whom, each a dict of customer, kind, outcome, asked and done."""
        draw = self._random('moves')
        never = self._never_contacted(customers)
        waiting = [customer for customer in customers if customer not in never]
        draw.shuffle(waiting)
        scenes = []
        for count, kind, begins, story in history.PAST:
            for customer in self._cast(waiting, count, kind, begins, story):
                waiting.remove(customer)
                latest = history.LONGEST_IN_POOL if story[-1] in history.ENDS_IN_POOL else YEAR
                ago = draw.randint(4, min(latest, self._age(customer) - 70 * len(story)))
                scenes += self._plan_story(draw, customer, story, ago)
        for customer in never.filtered(lambda customer: self._age(customer) > 70):
            scenes += self._plan_story(draw, customer, [('review', 'refused')], draw.randint(5, 45))
        return scenes

    @api.model
    def _cast(self, customers, count, kind, begins, story):
        """Return the first `count` of `customers` that such a story may have happened to."""
        fit = [
            customer
            for customer in customers
            if customer.k20_kind == (kind or customer.k20_kind)
            and bool(customer.user_id) == (begins == 'owned')
            and self._age(customer) > 75 * len(story) + (75 if begins == 'owned' else 0)
        ]
        return fit[:count]

    @api.model
    def _plan_story(self, draw, customer, story, ago):
        """Return the scenes of one customer's `story`, the last one `ago` days ago."""
        scenes = []
        for kind, outcome in reversed(story):
            asked = self._working_time(draw, self._days_ago(draw, ago, ago))
            done = self._working_time(draw, self._days_ago(draw, max(0, ago - DECIDED_WITHIN), ago))
            scene = {'customer': customer, 'kind': kind, 'outcome': outcome, 'asked': min(asked, done)}
            scenes.append({**scene, 'done': max(asked, done), 'draw': self._random(f'{customer.k20_code} {ago}')})
            ago += draw.randint(20, 65)
        return scenes

    @api.model
    def _play(self, scene):
        """Let happen what `scene` says; return the request or the row that came of it."""
        customer, kind, draw = scene['customer'], scene['kind'], scene['draw']
        ask = getattr(self, f'_ask_{kind}', self._ask_move)
        ask(customer, kind, draw)
        request = customer.k20_assignment_ids.sorted('id')[-1]
        if scene['outcome'] in DECISIONS:
            self._decide(request, scene)
        return request

    @api.model
    def _ask_claim(self, customer, kind, draw):
        former = customer.k20_assignment_ids.from_user_id
        claimers = [login for login in history.CLAIMERS if self._user(login) not in former]
        pool = self.env['k20.pool.customer'].with_user(self._user(draw.choice(claimers)))
        pool.browse(customer.id).action_claim(draw.choice(history.REASONS[kind]))

    @api.model
    def _ask_move(self, customer, kind, draw):
        """Ask as the owner, through the dialog: a transfer, a release, a loss or longer protection."""
        owner = customer.user_id
        team = next((members for _name, _leader, members in words.TEAMS if owner.login in members), None)
        colleagues = [login for login in team or history.CLAIMERS if login != owner.login]
        self.env['k20.customer.move'].with_user(owner).create({
            'kind': kind,
            'partner_ids': [Command.set(customer.ids)],
            'to_user_id': self._user(draw.choice(colleagues)).id if kind == 'transfer' else False,
            'extend_days': draw.choice((30, 45, 90)),
            'reason': draw.choice(history.REASONS[kind]),
        }).action_apply()  # fmt: skip

    @api.model
    def _ask_review(self, customer, kind, draw):
        self.env['k20.customer.assignment']._k20_open_reviews(customer)

    @api.model
    def _ask_lost(self, customer, kind, draw):
        customer._k20_lose()

    @api.model
    def _ask_assign(self, customer, kind, draw):
        customer.with_user(self._user('admin')).user_id = self._user(draw.choice(history.CLAIMERS))

    @api.model
    def _decide(self, request, scene):
        """Take `request` to its outcome: its requester withdraws it, or its deciders say yes or no."""
        outcome, sayings = scene['outcome'], history.DECISIONS[scene['kind']]
        if outcome == 'withdrawn':
            request.with_user(request.k20_requester_id).action_k20_withdraw()
        while request.k20_approval_state == 'submitted':
            decider = self._decider(request, scene['done'].date())
            comment = scene['draw'].choice(sayings[outcome])
            getattr(request.with_user(decider), DECISIONS[outcome])(comment)

    @api.model
    def _decider(self, request, day):
        """Return who decides on `request` on a day: who leads the owner, or the managing director or a stand-in."""
        admin = self._user('admin')
        task = request._k20_open_tasks().sudo()[:1]
        people = task._k20_deciders() - task.barred_ids - admin
        if people:
            return people[0]
        (_login, stand_in), first, last = history.LEAVE
        stand_in = self._user(stand_in)
        on_leave = first <= (self._today() - day).days <= last
        if on_leave and stand_in not in task.barred_ids and request._k20_can_be_read_by(stand_in):
            self._begin_leave(admin, stand_in)
            return stand_in
        return admin

    @api.model
    def _begin_leave(self, approver, stand_in):
        """Let `stand_in` decide for `approver` while the days of the leave are played."""
        Delegate = self.env['k20.approval.delegate']
        if not Delegate.search_count([('user_id', '=', approver.id)]):
            today = {'date_from': self._today(), 'date_to': self._today()}
            Delegate.create({'user_id': approver.id, 'delegate_id': stand_in.id, **today})

    @api.model
    def _end_leave(self):
        """Put the leave that was played on its days, and plan one to come."""
        Delegate = self.env['k20.approval.delegate']
        (login, _stand_in), first, last = history.LEAVE
        played = Delegate.search([('user_id', '=', self._user(login).id)])
        played.write({'date_from': self._ahead(-last), 'date_to': self._ahead(-first)})
        (login, stand_in), first, last = history.LEAVE_TO_COME
        Delegate.create({
            'user_id': self._user(login).id,
            'delegate_id': self._user(stand_in).id,
            'date_from': self._ahead(first),
            'date_to': self._ahead(last),
        })  # fmt: skip

    # Dating

    @api.model
    def _date_moves(self, customers, dated):
        """Put rows, decisions and the customers' own days on the days of the scenes.

        :param dated: pairs of a request or row and its scene
        """
        first = self.env['k20.customer.assignment'].search([('partner_id', 'in', customers.ids)]) - self._joined(dated)
        for row in first:
            self._date_row(row, row.partner_id.create_date, row.partner_id.create_date)
        for row, scene in dated:
            self._date_row(row, scene['asked'], scene['done'])
        self.env.invalidate_all()
        for customer in customers:
            moved = customer.create_date
            for row in self._moves_of(customer):
                moved = row.date_done
            owned = bool(customer.user_id)
            customer.write({'k20_owned_since': owned and moved, 'k20_pool_since': not owned and moved})
        self._date_refusals(customers)

    @api.model
    def _joined(self, dated):
        return self.env['k20.customer.assignment'].union(*(row for row, _scene in dated))

    @api.model
    def _date_row(self, row, asked, done):
        """Set when a request was made and decided, with its decisions. In SQL: what is decided is closed to the ORM."""
        self.env.flush_all()
        params = {'id': row.id, 'model': row._name, 'asked': asked, 'done': done}
        self.env.cr.execute(
            'UPDATE k20_customer_assignment SET create_date = %(asked)s, write_date = %(done)s, date_done = CASE WHEN'
            ' date_done IS NOT NULL THEN %(done)s END, k20_submitted_on = CASE WHEN k20_submitted_on IS NOT NULL THEN'
            ' %(asked)s END WHERE id = %(id)s',
            params,
        )
        self.env.cr.execute(
            'UPDATE k20_approval_task SET create_date = %(asked)s, write_date = %(done)s, date_open = CASE WHEN'
            ' date_open IS NOT NULL THEN %(asked)s END, date_done = CASE WHEN date_done IS NOT NULL THEN %(done)s END'
            ' WHERE res_model = %(model)s AND res_id = %(id)s',
            params,
        )

    @api.model
    def _date_refusals(self, customers):
        """Let the clock of who was kept after a review start on the day of that review."""
        for customer in customers.filtered('k20_loss_refused_on'):
            reviews = customer.k20_assignment_ids.filtered(lambda row: row.kind == 'loss')
            decided = reviews._k20_tasks().filtered(lambda task: task.state == 'rejected').mapped('date_done')
            customer.k20_loss_refused_on = max(decided).date()

    @api.model
    def _note_last(self, field, contacts):
        """Let each move keep the last of `contacts`, an SQL of partners and days, that there was by then.

        They are made after the moves. In SQL: what is decided is closed to the ORM.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                'UPDATE k20_customer_assignment AS move SET %(field)s = (SELECT max(day) FROM (%(contacts)s) AS contact'
                ' (partner_id, day) WHERE partner_id = move.partner_id'
                ' AND day <= COALESCE(move.date_done, move.create_date)::date)',
                field=SQL.identifier(field),
                contacts=contacts,
            )
        )
        self.env.invalidate_all()

    # What follow-ups need to know

    @api.model
    def _never_contacted(self, customers):
        """Return the few end customers that nobody ever spoke with; the same before the moves and after them."""
        return customers.filtered(
            lambda customer: (
                customer.k20_kind == 'end'
                and customer.k20_assignment_ids.sorted('id')[:1].to_user_id
                and self._random(f'{customer.k20_code} contacted').random() < history.NEVER_CONTACTED
            )
        )

    @api.model
    def _moves_of(self, customer):
        """Return the rows that moved `customer`, the oldest first."""
        rows = customer.k20_assignment_ids.filtered(lambda row: row.date_done and row.kind != 'extend')
        return rows.sorted(lambda row: (row.date_done, row.id))

    @api.model
    def _owner_on(self, customer, day):
        """Return who looked after `customer` on `day` (empty in the pool), or nobody where it was left alone."""
        end = datetime.combine(day, time.max)
        rows = self._moves_of(customer).filtered(lambda row: row.date_done <= end)
        reviews = customer.k20_assignment_ids.filtered('rule_id')
        if any(day <= row.create_date.date() < day + timedelta(days=QUIET_BEFORE_REVIEW) for row in reviews):
            return self.env['res.users']
        return rows[-1:].to_user_id

    # Today

    @api.model
    def _make_present(self, customers):
        """Let requests wait for a decision, locks hold, and the loss rules say what they say today."""
        self = self.with_context(lang='zh_CN')
        customers = customers.with_env(self.env)
        draw = self._random('present')
        free = customers.filtered(lambda customer: not customer.k20_assignment_ids.filtered(self._is_open))
        free = free.filtered(lambda customer: not customer.k20_loss_date or customer.k20_loss_date > self._ahead(12))
        free = free.sorted(lambda customer: draw.random())
        for login, days in history.LOCKS:
            customer = free.filtered(lambda customer, login=login: customer.user_id.login == login)[:1]
            customer.with_user(customer.user_id).action_k20_lock(self._ahead(days))
            free -= customer
        for login, kind, ago, steps in history.WAITING:
            customer = free.filtered(
                lambda customer, login=login, kind=kind: customer.user_id.login == (kind != 'claim' and login)
            )[:1]
            free -= customer
            self._wait(draw, customer, login, kind, ago, steps)
        self._judge_losses()

    @api.model
    def _wait(self, draw, customer, login, kind, ago, steps):
        """Leave a request of `login` waiting since some days, after a yes to its first `steps`."""
        if kind == 'claim':
            pool = self.env['k20.pool.customer'].with_user(self._user(login))
            pool.browse(customer.id).action_claim(draw.choice(history.REASONS[kind]))
        else:
            self._ask_move(customer, kind, draw)
        request = customer.k20_assignment_ids.sorted('id')[-1]
        asked = self._working_time(draw, self._days_ago(draw, ago, ago))
        for _step in range(steps):
            request.with_user(self._decider(request, self._today())).action_k20_approve()
        self._date_row(request, asked, min(asked + timedelta(hours=20), fields.Datetime.now()))
        self.env.invalidate_all()

    @api.model
    def _judge_losses(self):
        """Do what the daily job would do today, so that it finds nothing to do after the installation."""
        owned = [('k20_kind', '!=', False), ('user_id', '!=', False)]
        today = self._today()
        Partner = self.env['res.partner']
        Partner.search([*owned, ('k20_loss_warn_date', '<=', today), ('k20_loss_date', '>', today)])._k20_warn_of_loss()
        Partner.search([*owned, ('k20_loss_date', '<=', today)])._k20_take_due()

    @api.model
    def _is_open(self, request):
        return request.k20_approval_state == 'submitted'

    @api.model
    def _age(self, customer):
        """Return how many days `customer` has been there, within the last year."""
        return min((self._today() - customer.create_date.date()).days, YEAR)

    @api.model
    def _ahead(self, days):
        return self._today() + timedelta(days=days)
