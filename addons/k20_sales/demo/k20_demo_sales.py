from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL

from odoo.addons.k20_base.demo import words
from odoo.addons.k20_base.demo.k20_demo import QUIET
from odoo.addons.k20_base.tools.opening import opened

from . import selling

SAFE_FROM_LOSS = 15  # days: who is about to be lost stays so
# Who bought, and who brought it
DEALS = SQL("""
    SELECT k20_customer_id, k20_deal_date FROM sale_order WHERE k20_is_deal
    UNION ALL SELECT k20_channel_id, k20_deal_date FROM sale_order WHERE k20_is_deal
""")


class K20Demo(models.AbstractModel):
    """A year of projects, service issues, orders and their money. (DESIGN §10)

    Played through the methods that people use, in their names, and dated afterwards; the words are in selling.py.
    Orders are in k20_demo_orders.py, their money in k20_demo_money.py.
    """

    _inherit = 'k20.demo'

    @api.model
    def _load_sales(self):
        """Sell something for a year, unless it was done already or nobody is there to do it."""
        if not self._user('sales1') or self._products():
            return
        self._open_books()
        # What is written down is to be read in Chinese; an installation loads the terms only after the demo.
        self.env['ir.module.module']._load_module_terms(['k20_sales'], ['zh_CN'])
        self = self.with_context(**QUIET, lang='zh_CN')
        past = self.with_context(mail_activity_automation_skip=True)  # what is long over asks for nothing
        past._make_products()
        past._make_price_flow()
        past._make_referrals()
        plan = past._plan_orders()
        past._make_projects(plan)
        past._make_leads()
        past._play_orders(plan)
        past._note_last('last_deal_date', DEALS)
        past._play_money(plan)
        self._leave_waiting(plan)
        past._make_issues()
        past._give_credit()
        self._forget_news()

    @api.model
    def _open_books(self):
        """Load the chart that waits for the end of the installation: money needs it now."""
        load_chart = vars(self.env.registry).get('_auto_install_template')
        if load_chart:
            load_chart(self.env)
            del self.env.registry._auto_install_template

    @api.model
    def _products(self):
        """Return the products of the demo by their models."""
        models = [product[0] for _name, _tax, _kind, products in selling.PRODUCTS for product in products]
        products = self.env['product.product'].search([('default_code', 'in', models)])
        return {product.default_code: product for product in products}

    @api.model
    def _forget_news(self):
        """Delete what told people of all that happened: nobody has a year of unread messages."""
        news = [
            ('model', 'in', ('sale.order', 'k20.price.request', 'k20.order.refund', 'crm.lead', 'account.payment')),
            ('message_type', '=', 'user_notification'),
        ]
        self.env['mail.message'].search(news).unlink()
        self.env.cr.precommit.data.pop('k20_sales.counting', None)  # what would be told when all is done

    # What is sold, and by whom it is brought

    @api.model
    def _make_products(self):
        company, values = self.env.company, []
        for category, tax, kind, products in selling.PRODUCTS:
            category = self.env['product.category'].create({'name': category})
            taxes = self.env['account.tax'].search(
                [('type_tax_use', '=', 'sale'), ('amount', '=', tax), ('company_id', '=', company.id)], limit=1
            )
            values += [
                {
                    'name': name,
                    'default_code': model,
                    'type': kind,
                    'categ_id': category.id,
                    'list_price': list_price,
                    'k20_floor_price': floor,
                    'standard_price': cost,
                    'taxes_id': [Command.set((taxes or company.account_sale_tax_id).ids)],
                    'invoice_policy': 'order',
                }
                for model, name, list_price, floor, cost in products
            ]
        self.env['product.product'].create(values)
        self.env['product.pricelist'].search([('company_id', 'in', (company.id, False))]).name = selling.PRICE_LIST

    @api.model
    def _make_price_flow(self):
        """Let special prices be decided by who leads the salesperson."""
        name, step, logins = selling.PRICE_FLOW
        approvers = [self._user(login).id for login in logins]
        self.env['k20.approval.flow'].create({
            'name': name,
            'company_id': self.env.company.id,
            'model_id': self.env['ir.model']._get('k20.price.request').id,
            'sequence': 50,
            'step_ids': [
                Command.create({'name': step, 'approver_kind': 'users', 'user_ids': [Command.set(approvers)]})
            ],
        })  # fmt: skip

    @api.model
    def _make_referrals(self):
        """Say which channel brought half of the end customers: one of the same salesperson."""
        draw = self._random('referrals')
        channels = self._cast_buyers('channel').grouped('user_id')
        for customer in self._cast_buyers('end'):
            near = channels.get(customer.user_id)
            if near and draw.random() < selling.REFERRED:
                customer.k20_channel_id = draw.choice(near[:6])

    @api.model
    def _cast_buyers(self, kind):
        """Return customers of a kind that may do business: looked after, not asked for, not about to be lost."""
        safe = self._ahead(SAFE_FROM_LOSS)
        return self._customers(kind).filtered(
            lambda customer: (
                customer.user_id
                and (not customer.k20_loss_date or customer.k20_loss_date > safe)
                and not customer.k20_assignment_ids.filtered(self._is_open)
            )
        )

    # Projects

    @api.model
    def _make_projects(self, plan):
        """Make the projects that orders were won with or are quoted for, and those that are lost or just begin."""
        draw = self._random('projects')
        scenes = list({id(order['project']): order['project'] for order in plan if order['project']}.values())
        casting = [*self._cast_buyers('end'), *self._cast_buyers('channel')[:6]]
        draw.shuffle(casting)
        open_ones = sum(1 for scene in scenes if scene['stage'] != 'stage_lead4')
        for stage, count in selling.OPEN_PROJECTS.items():
            more = count - (open_ones if stage == 'stage_lead3' else 0)
            scenes += [self._plan_project(draw, casting.pop(), draw.randint(3, 60), stage) for _number in range(more)]
        lost = [
            self._plan_project(draw, casting.pop(), draw.randint(30, 300), 'stage_lead3')
            for _number in range(selling.LOST_PROJECTS)
        ]
        scenes = sorted(scenes, key=lambda scene: -scene['ago'])
        leads = self.env['crm.lead'].create([self._prepare_project(draw, scene) for scene in scenes + lost])
        for scene, lead in zip(scenes + lost, leads, strict=True):
            scene['record'] = lead
        self._backdate(leads, [scene['begun'] for scene in scenes + lost])
        self._lose_projects(lost)
        self._make_parties(draw, scenes)

    @api.model
    def _plan_project(self, draw, customer, ago, stage):
        return {
            'customer': customer,
            'need': draw.choice(list(selling.PACKAGES)),
            'ago': min(ago, self._owned_days(customer)),
            'stage': stage,
        }

    @api.model
    def _owned_days(self, customer):
        """Return since how many days, within the year, a customer is its owner's."""
        since = customer.k20_owned_since or customer.create_date
        return max(2, min((self._today() - since.date()).days, 365))

    @api.model
    def _prepare_project(self, draw, scene):
        customer, package = scene['customer'], selling.PACKAGES[scene['need']][1]
        prices = self._list_prices()
        value = sum(prices[model] * (low + high) / 2 for model, low, high in package)
        open_stage = scene['stage'] != 'stage_lead4'
        begun = self._working_time(draw, self._days_ago(draw, scene['ago'], scene['ago']))
        moved = min(begun + timedelta(days=draw.randint(15, 50)), fields.Datetime.now())
        scene['begun'] = begun
        return {
            'name': f'{customer.name}{scene["need"]}',
            'type': 'opportunity',
            'partner_id': customer.id,
            'user_id': customer.user_id.id,
            'k20_source_id': customer.k20_source_id.id,
            'stage_id': self.env.ref(f'crm.{scene["stage"]}').id,
            'expected_revenue': round(value, -3),
            'date_deadline': self._ahead(draw.randint(7, 90)) if open_stage else False,
            'priority': draw.choice('00112'),
            'date_open': begun,
            'date_last_stage_update': moved,
            'date_closed': False if open_stage else moved,
        }

    @api.model
    def _list_prices(self):
        return {product[0]: product[2] for _name, _tax, _kind, products in selling.PRODUCTS for product in products}

    @api.model
    def _lose_projects(self, scenes):
        reasons = self.env['crm.lost.reason'].create([{'name': name} for name in selling.LOST_REASONS])
        for number, scene in enumerate(scenes):
            scene['record'].action_set_lost(lost_reason_id=reasons[number % len(reasons)].id)

    @api.model
    def _make_parties(self, draw, scenes):
        """Say who takes part in each project, what comes next in the open ones, and what was done for them."""
        vendors = self.env['res.partner'].create([{'name': name, 'is_company': True} for name in selling.VENDORS])
        parties, actions = [], []
        for scene in scenes:
            lead = scene['record']
            roles = {'own': self.env.company.partner_id, 'end': lead.partner_id, 'channel': lead.k20_channel_id}
            if lead.partner_id.k20_kind == 'channel':
                roles = {'own': roles['own'], 'channel': lead.partner_id}
            if draw.random() < 0.4:
                roles['vendor'] = draw.choice(vendors)
            stepping = draw.choice([role for role, partner in roles.items() if partner])
            for role, partner in roles.items():
                if partner:
                    step = role == stepping and scene['stage'] != 'stage_lead4'
                    parties.append(self._prepare_party(draw, lead, role, partner, step))
        parties = self.env['k20.project.party'].create(parties)
        for scene in scenes:
            if scene['stage'] != 'stage_lead4':
                actions += self._prepare_actions(draw, scene)
        self.env['k20.followup'].create(sorted(actions, key=lambda action: action['date']))

    @api.model
    def _prepare_party(self, draw, lead, role, partner, step):
        values = {
            'lead_id': lead.id,
            'partner_id': partner.id,
            'role': role,
            'duty': draw.choice(selling.DUTIES[role]),
        }
        if step:
            first, last = draw.choices(list(selling.STEP_DAYS), list(selling.STEP_DAYS.values()))[0]
            due = self._ahead(draw.randint(first, last))
            values.update(next_action=draw.choice(selling.STEPS[role]), next_date=due)
        return values

    @api.model
    def _prepare_actions(self, draw, scene):
        """Return follow-ups on a project, of our own doing; the customer's own next step stays as it is."""
        lead = scene['record']
        own = lead.k20_party_ids.filtered(lambda party: party.role == 'own')
        days = sorted({self._days_ago(draw, 0, max(1, scene['ago'] - 1)) for _number in range(draw.randint(0, 3))})
        return [
            {
                'partner_id': lead.partner_id.id,
                'user_id': lead.user_id.id,
                'lead_id': lead.id,
                'party_id': own.id,
                'date': day,
                'method_id': self._id('k20_followup_method', method),
                'status': 'interested' if scene['stage'] != 'stage_lead3' else 'quoted',
                'content': said,
            }
            for day, (method, said) in zip(days, draw.sample(selling.ACTIONS, len(days)), strict=True)
        ]

    @api.model
    def _make_leads(self):
        """Make leads of companies that are no customers yet: most open, some lost."""
        draw = self._random('leads')
        endings = [ending for _weight, endings, _natures in words.END_TYPES.values() for ending in endings]
        leads = []
        for number in range(selling.LEADS):
            place, area, _weight = draw.choice(list(words.CITIES.values()))
            brand = draw.choice(words.BRAND_SECOND) + draw.choice(words.BRAND_FIRST)
            contact = draw.choice(words.SURNAMES) + draw.choice(words.GIVEN_FIRST) + draw.choice(words.GIVEN_SECOND)
            leads.append({
                'name': draw.choice(selling.LEAD_NEEDS).format(need=draw.choice(list(selling.PACKAGES))),
                'type': 'lead',
                'partner_name': f'{place}{brand}{draw.choice(endings)}',
                'contact_name': contact,
                'phone': f'{area}-1551 {number + 1:04d}',
                'user_id': self._user(draw.choice(['sales1', 'sales2', 'sales3', 'sales4', 'manager'])).id,
                'k20_source_id': self._id('k20_customer_source', draw.choice(words.END_SOURCES)),
                'expected_revenue': draw.randint(3, 60) * 10000,
            })  # fmt: skip
        leads = self.env['crm.lead'].create(leads)
        self._backdate(leads, [self._working_time(draw, self._days_ago(draw, 0, 40)) for _lead in leads])
        reason = self.env['crm.lost.reason'].search([('name', '=', selling.LOST_REASONS[1])])
        leads[:2].action_set_lost(lost_reason_id=reason.id)

    # Service issues

    @api.model
    def _make_issues(self):
        """Record what customers asked and complained about, answered and solved by who looks after them."""
        draw = self._random('issues')
        orders = self.env['sale.order'].search([('state', '=', 'sale')], order='id desc')
        for order, told in zip(draw.sample(orders, len(selling.ISSUES)), selling.ISSUES, strict=True):
            phase, kind, subject, said, solution, satisfaction = told
            customer = order.k20_customer_id
            age = draw.randint(9, min(150, max(10, self._owned_days(customer)))) if solution else draw.randint(0, 7)
            reported = self._working_time(draw, self._days_ago(draw, age, age))
            issue = self.env['k20.customer.issue'].create({
                'name': subject,
                'description': said,
                'partner_id': customer.id,
                'order_id': order.id if phase != 'presale' else False,
                'lead_id': order.opportunity_id.id,
                'product_id': order.order_line[:1].product_id.id,
                'phase': phase,
                'kind': kind,
                'user_id': customer.user_id.id,
                'date': reported,
                'date_due': reported.date() + timedelta(days=3),
            })  # fmt: skip
            if solution:
                issue.with_user(customer.user_id).action_k20_solve(solution, satisfaction)
            elif draw.random() < 0.5:
                issue.with_user(customer.user_id).action_k20_answer()
            self._date_issue(draw, issue)

    @api.model
    def _date_issue(self, draw, issue):
        """Put answer and solution some hours and days after the report."""
        answered = self._some_days_later(draw, issue.date, 1)
        solved = self._some_days_later(draw, answered, 4)
        values = {
            **({'date_answered': answered} if issue.date_answered else {}),
            **({'date_solved': solved} if issue.date_solved else {}),
        }
        if values:
            with opened(issue):
                issue.write(values)
        self._backdate(issue, [issue.date])
