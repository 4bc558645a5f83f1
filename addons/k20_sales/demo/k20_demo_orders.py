from datetime import timedelta

from odoo import Command, api, fields, models

from odoo.addons.k20_base.tools.opening import opened

from . import selling

YEAR = 360
DISCOUNTS = [1, 1, 1, 0.98, 0.97, 0.96, 0.95]
SPECIAL = 0.93  # of the floor


class K20Demo(models.AbstractModel):
    """A year of quotations, special prices and orders. (DESIGN §6)

    An order of the plan is a dict: customer, need, ago (days since it was quoted), outcome, special (how its special
    price ended), project (a dict, see `_plan_project`), and once it is made its `record`.
    """

    _inherit = 'k20.demo'

    # The plan

    @api.model
    def _plan_orders(self):
        """Return what is quoted to whom, the oldest first."""
        draw = self._random('orders')
        buyers = []
        for kind, count in selling.BUYERS.items():
            fit = list(self._cast_buyers(kind))
            buyers += draw.sample(fit, min(count, len(fit)))
        plan = [
            {'outcome': 'approved', 'ago': 3 + number * (YEAR - 3) // selling.APPROVED, 'customer': None}
            for number in range(selling.APPROVED)
        ]
        for outcome, count in selling.OUTCOMES.items():
            recent = 25 if outcome in {'submitted', 'draft', 'sent'} else 200
            plan += [
                {'outcome': outcome, 'ago': draw.randint(1 if outcome == 'submitted' else 0, recent)}
                for _number in range(count)
            ]
        plan.sort(key=lambda order: -order['ago'])
        for order in plan:
            order['customer'] = self._draw_buyer(draw, buyers, order['ago'])
        self._plan_projects(draw, plan)
        self._plan_special_prices(draw, plan)
        return plan

    @api.model
    def _draw_buyer(self, draw, buyers, ago):
        """Return one of `buyers` that was its owner's when the order was made, or who has been so the longest."""
        fit = [customer for customer in buyers if self._owned_days(customer) > ago + 5]
        return draw.choice(fit or [max(buyers, key=self._owned_days)])

    @api.model
    def _plan_projects(self, draw, plan):
        """Put up to two orders of a customer into one project; a few orders have none when they are submitted."""
        last = {}
        for number, order in enumerate(plan):
            customer, won = order['customer'], order['outcome'] == 'approved'
            project = last.pop(customer, None)
            if won and number % (len(plan) // selling.WITHOUT_PROJECT) == 5:
                order['need'] = draw.choice(["备件采购", "年度维保", "数据备份一体机"])
                order['project'] = None
                continue
            if not project or (project['stage'] == 'stage_lead4') != won:
                stage = 'stage_lead4' if won else 'stage_lead3'
                project = self._plan_project(draw, customer, order['ago'] + draw.randint(10, 45), stage)
                last[customer] = project
            order['project'], order['need'] = project, project['need']

    @api.model
    def _plan_special_prices(self, draw, plan):
        """Choose the orders that a special price was asked for."""
        fit = {
            'approved': [order for order in plan if order['outcome'] == 'approved'],
            'submitted': [order for order in plan if order['outcome'] in {'draft', 'sent'} and order['ago'] < 9],
        }
        others = [order for order in plan if order['outcome'] in {'draft', 'sent'} and order['ago'] >= 9]
        for state, reason in selling.SPECIAL_PRICES:
            orders = fit.get(state, others)
            if orders:
                order = orders.pop(draw.randrange(len(orders)))
                order['special'] = (state, reason)

    # Playing

    @api.model
    def _play_orders(self, plan):
        """Quote, ask for special prices, submit and decide what is over; then date it."""
        draw = self._random('quotations')
        for order in plan:
            order['quoted'] = self._working_time(draw, self._days_ago(draw, order['ago'], order['ago']))
        values = [self._prepare_order(draw, order) for order in plan]
        for order, record in zip(plan, self.env['sale.order'].create(values), strict=True):
            order['record'] = record
        for order in plan:
            if 'special' in order and order['special'][0] != 'submitted':
                self._play_special_price(draw, order)
        for order in plan:
            if order['outcome'] == 'approved':
                # before it is approved, where the terms say so
                order['terms'] = draw.choice(selling.TERMS)
                self._plan_instalments(order)
                self._collect_deposit(order)
        self._play_outcome(draw, [order for order in plan if order['outcome'] in {'approved', 'rejected'}])
        for order in plan:
            record = order['record'].with_user(order['customer'].user_id)
            if order['outcome'] == 'cancelled':
                record.action_cancel()
            elif order['outcome'] == 'sent':
                record.action_quotation_sent()
        self._date_orders(plan)

    @api.model
    def _prepare_order(self, draw, order):
        kind, package = selling.PACKAGES[order['need']]
        lines, products = [], self._products()
        for model, low, high in package:
            quantity = draw.randint(low, high)
            if quantity:
                product = products[model]
                price = round(product.list_price * draw.choice(DISCOUNTS), -1) or product.list_price
                if 'special' in order and not lines:
                    price = round(product.k20_floor_price * SPECIAL, -1)
                line = {'product_id': product.id, 'product_uom_qty': quantity, 'price_unit': price}
                lines.append(Command.create(line))
        customer, project = order['customer'], order['project']
        return {
            'partner_id': customer.id,
            'user_id': customer.user_id.id,
            'opportunity_id': project['record'].id if project else False,
            'k20_order_type_id': self.env.ref(f'k20_sales.k20_order_type_{kind}').id,
            'payment_term_id': self.env.ref('account.account_payment_term_30days').id,
            'date_order': order['quoted'],
            'validity_date': order['quoted'].date() + timedelta(days=30),
            'order_line': lines,
        }

    @api.model
    def _play_special_price(self, draw, order):
        """Ask for the special price of the first line as the salesperson, and decide it as who leads them."""
        state, reason = order['special']
        line = order['record'].order_line[0].with_user(order['customer'].user_id)
        request = self.env['k20.price.request'].browse(line.action_k20_request_price(line.k20_net_price, reason))
        if state == 'withdrawn':
            request.with_user(order['customer'].user_id).action_k20_withdraw()
        elif state == 'rejected':
            request.with_user(self._price_decider(request)).action_k20_reject(selling.PRICE_SAYINGS[state])
        elif state != 'submitted':
            request.with_user(self._price_decider(request)).action_k20_approve(selling.PRICE_SAYINGS['approved'])
        if state == 'void':
            line.product_uom_qty += 1
        asked = order['quoted'] + timedelta(minutes=draw.randint(20, 180))
        self._date_approvals(request, [(asked, asked + timedelta(minutes=draw.randint(30, 300)))])

    @api.model
    def _price_decider(self, request):
        """Return who decides on a special price: the manager who sees the order, or the managing director."""
        task = request._k20_open_tasks().sudo()[:1]
        admin = self._user('admin')
        return (task._k20_deciders() - task.barred_ids - admin)[:1] or admin

    @api.model
    def _play_outcome(self, draw, orders):
        """Submit these orders as their salespeople and decide them as managing director."""
        admin, decided = self._user('admin'), {}
        for order in orders:
            saying = draw.choice(selling.ORDER_SAYINGS[order['outcome']])
            decided.setdefault((order['outcome'], saying), []).append(order)
        for seller, records in self._records(orders).grouped('user_id').items():
            records.with_user(seller).action_k20_submit()
        for (outcome, saying), scenes in decided.items():
            records = self._records(scenes).with_user(admin)
            if outcome == 'approved':
                records.action_k20_approve(saying)
            else:
                records.action_k20_reject(saying)

    @api.model
    def _records(self, scenes):
        return self.env['sale.order'].browse([order['record'].id for order in scenes])

    @api.model
    def _leave_waiting(self, plan):
        """Leave orders and special prices of today to be decided."""
        draw = self._random('waiting orders')
        for order in plan:
            record = order['record']
            if order.get('special', [None])[0] == 'submitted':
                self._play_special_price(draw, order)
            if order['outcome'] == 'submitted':
                record.with_user(record.user_id).action_k20_submit()
                asked = self._some_days_later(draw, order['quoted'], 1)
                self._date_approvals(record, [(asked, asked)])
                self._backdate(record, [order['quoted']])
        self._ask_open_refund(plan)

    # Dating

    @api.model
    def _date_orders(self, plan):
        """Put quotations, decisions and deals on the days of the plan."""
        draw = self._random('order days')
        decided, spans = [], []
        for order in plan:
            record = order['record']
            asked = self._some_days_later(draw, order['quoted'], 3)
            done = self._some_days_later(draw, asked, 2)
            order['decided'] = done
            if order['outcome'] == 'approved':
                with opened(record):
                    record.write({'date_order': done, 'k20_deal_date': self.env.company._k20_day_of(done)})
            if order['outcome'] in {'approved', 'rejected'}:
                decided.append(order)
                spans.append((asked, done))
        self._date_approvals(self._records(decided), spans)
        orders = self._records(plan)
        self._backdate(orders, [order['quoted'] for order in plan])
        made = orders.opportunity_id.filtered(lambda lead: lead.create_date >= self.env.cr.now())
        self._backdate(made, [lead.order_ids[:1].create_date for lead in made])
        for lead in made:
            lead.with_user(lead.user_id).action_set_won()
            lead.date_closed = lead.order_ids[:1].date_order

    @api.model
    def _some_days_later(self, draw, moment, days):
        """Return a moment in the working hours of one of the next `days`, after `moment` and not in the future."""
        day = self._workday(moment.date() + timedelta(days=draw.randint(0, days)))
        later = self._working_time(draw, day)
        return min(max(later, moment + timedelta(minutes=draw.randint(10, 90))), fields.Datetime.now())

    @api.model
    def _date_approvals(self, documents, spans):
        """Set when documents were asked for and decided. In SQL: what is decided is closed to the ORM.

        :param spans: for each document the moments of question and decision
        """
        self.env.flush_all()
        now = fields.Datetime.now()
        for document, (asked, done) in zip(documents, spans, strict=True):
            params = {'id': document.id, 'model': document._name, 'asked': min(asked, now), 'done': min(done, now)}
            self.env.cr.execute(
                f'UPDATE "{document._table}" SET create_date = %(asked)s, write_date = %(done)s, k20_submitted_on ='
                ' CASE WHEN k20_submitted_on IS NOT NULL THEN %(asked)s::timestamp END WHERE id = %(id)s',
                params,
            )
            self.env.cr.execute(
                'UPDATE k20_approval_task SET create_date = %(asked)s, write_date = %(done)s, date_open = CASE WHEN'
                ' date_open IS NOT NULL THEN %(asked)s::timestamp END, date_done = CASE WHEN date_done IS NOT NULL'
                ' THEN %(done)s::timestamp END WHERE res_model = %(model)s AND res_id = %(id)s',
                params,
            )
        documents.invalidate_recordset()
        self.env['k20.approval.task'].invalidate_model()
