import random
from datetime import timedelta

from stdnum.cn import uscc

from odoo import Command, api, fields, models
from odoo.tools import SQL

from ..tools.pinyin import pinyin
from . import words

SEED = 'K20'
CHANNELS, ENDS = 60, 240
IN_POOL = 0.06  # of all customers, from the day they were imported
MISSING = 0.06  # of customers, for each thing that a complete one has
LONGEST_STORY = 14
# When the last next step falls due, seen from today: weight, first and last day
NEXT_STEPS = [(20, -25, -1), (8, 0, 0), (34, 1, 9), (14, 10, 40), (24, None, None)]
AFTER_A_REFUSAL = (15, 90)
# How long ago the owner last spoke with a customer: weight, first and last day. End customers are lost after 60 days.
LAST_CONTACT = {'channel': [(1, 0, 45)], 'end': [(90, 0, 45), (6, 53, 57), (3, 62, 75)]}
QUIET = {
    'tracking_disable': True,
    'mail_create_nolog': True,
    'mail_create_nosubscribe': True,
    'no_reset_password': True,
}


class K20Demo(models.AbstractModel):
    """The demo business: an invented system integrator with a year of work behind it, seen from today. (DESIGN §10)

    Runs only where demo data are loaded, once. Higher addons extend this model, load their part by a file of their
    own, and use `_random`, `_user`, `_customers`, `_days_ago` and `_backdate`. The words are in words.py.
    """

    _name = 'k20.demo'
    _description = "Demo Business"

    @api.model
    def _load_base(self):
        """Make company, people, teams, customers, their moves and follow-ups, unless they are there already."""
        if self._user('sales1'):
            return
        self = self.with_context(**QUIET, lang='en_US')
        self.env['res.lang']._activate_lang('zh_CN')
        self._make_company()
        self._make_people()
        self._make_teams()
        self._make_flows_and_rules()
        customers = self._make_customers()
        self._make_contacts(customers)
        self._make_past(customers)
        self._make_followups(customers)
        self._note_last('last_followup_date', SQL("SELECT partner_id, date FROM k20_followup"))
        self._make_present(customers)

    # What higher addons use

    @api.model
    def _random(self, topic):
        """Return a random generator of its own for each `topic`: what one addon draws changes nothing in another."""
        return random.Random(f'{SEED} {topic}')

    @api.model
    def _user(self, login):
        return self.env['res.users'].search([('login', '=', login)])

    @api.model
    def _customers(self, kind):
        return self.env['res.partner'].search([('k20_kind', '=', kind)], order='k20_code')

    @api.model
    def _today(self):
        return self.env.company._k20_today()

    @api.model
    def _days_ago(self, draw, first, last):
        """Return a day between `first` and `last` days ago, no weekend."""
        day = self._today() - timedelta(days=draw.randint(first, last))
        return day - timedelta(days=max(0, day.weekday() - 4))

    @api.model
    def _working_time(self, draw, day):
        """Return a moment in the working hours of `day` in China, in UTC as Odoo stores it; never in the future."""
        moment = fields.Datetime.to_datetime(day) + timedelta(minutes=draw.randint(40, 600))
        return min(moment, fields.Datetime.now())

    @api.model
    def _backdate(self, records, moments):
        """Set when `records` were made. In SQL, because the ORM always says now, and lists sort and group by it."""
        self.env.flush_all()
        rows = list(zip(records.ids, moments, strict=True))
        self.env.cr.execute_values(
            f'UPDATE "{records._table}" AS made SET create_date = past.moment, write_date = past.moment '
            'FROM (VALUES %s) AS past (id, moment) WHERE made.id = past.id',
            rows,
            template='(%s, %s::timestamp)',
        )
        records.invalidate_recordset(['create_date', 'write_date'])

    # Company and people

    @api.model
    def _make_company(self):
        company = self.env.ref('base.main_company')
        city = self._cities()[words.COMPANY_PREFECTURE][0]
        place = {'city_id': city.id, 'state_id': city.state_id.id, 'city': city.name}
        company.partner_id.write({**place, 'tz': 'Asia/Shanghai', 'lang': 'zh_CN'})
        company.write({**words.COMPANY, 'vat': self._tax_number(0), 'country_id': city.country_id.id})
        required = ('phone', 'state_id', 'city_id', 'k20_type_id', 'k20_source_id')
        get_field = self.env['ir.model.fields']._get
        company.k20_required_field_ids = [Command.link(get_field('res.partner', name).id) for name in required]

    @api.model
    def _make_people(self):
        """Make the demo users; the password is the login."""
        for login, (name, job, roles, functions) in words.PEOPLE.items():
            values = {
                'name': name,
                'password': login,
                'email': f'{login}@lanheng.example.com',
                'lang': 'zh_CN',
                'tz': 'Asia/Shanghai',
            }
            groups = [self.env.ref(f'k20_base.group_k20_{group}').id for group in roles + functions]
            user = self._user(login)
            if user:  # admin
                user.write({**values, 'group_ids': [Command.link(group) for group in groups]})
            else:
                user = user.create({**values, 'login': login, 'group_ids': [Command.set(groups)]})
            user.partner_id.function = job

    @api.model
    def _make_teams(self):
        team = self.env.ref('sales_team.team_sales_department', raise_if_not_found=False)
        team = team or self.env['crm.team']
        for name, leader, members in words.TEAMS:
            members = [self._user(login).id for login in members]
            values = {'name': name, 'user_id': self._user(leader).id, 'member_ids': [Command.set(members)]}
            if team:
                team.update_field_translations('name', {'zh_CN': name})
                team.write(values)
            else:
                team.create(values)
            team = self.env['crm.team']

    # Customers

    @api.model
    def _make_customers(self):
        """Make channels and end customers, the oldest first, so that codes rise with time."""
        draw = self._random('customers')
        brands = [first + second for first in words.BRAND_FIRST for second in words.BRAND_SECOND]
        draw.shuffle(brands)
        kinds = ['channel'] * CHANNELS + ['end'] * ENDS
        draw.shuffle(kinds)
        # A third was there before this year began.
        ages = [draw.randint(366, 900) if draw.random() < 0.33 else draw.randint(4, 365) for kind in kinds]
        moments = [self._working_time(draw, self._days_ago(draw, ago, ago)) for ago in sorted(ages, reverse=True)]
        cities = self._cities()
        values = [
            self._prepare_customer(draw, kind, brands[number], number, cities) for number, kind in enumerate(kinds)
        ]
        customers = self.env['res.partner'].create(values)
        self._backdate(customers, moments)
        return customers

    @api.model
    def _prepare_customer(self, draw, kind, brand, number, cities):
        """Return the values of one customer.

        :param brand: two characters that no other customer has
        :param number: tells phone and tax numbers apart
        :param cities: districts of each prefecture
        """
        prefecture = _weighed(draw, {name: city[2] for name, city in words.CITIES.items()})
        place, area, _weight = words.CITIES[prefecture]
        describe = self._prepare_channel if kind == 'channel' else self._prepare_end
        city = draw.choice(cities[prefecture])
        values = {
            'k20_kind': kind,
            'city_id': city.id,
            'state_id': city.state_id.id,
            'country_id': city.country_id.id,
            'street': f"{draw.choice(words.STREETS)} {draw.randint(1, 399)} 号",
            'phone': f'{area}-1550 {number + 1:04d}',
            'email': f'office@{_latin(brand)}.example.com',
            'vat': self._tax_number(number + 1) if draw.random() < 0.6 else False,
            **describe(draw, place + brand),
            **self._prepare_owner(draw),
        }
        for name in ('phone', 'k20_type_id', 'k20_source_id'):
            if draw.random() < MISSING:
                values[name] = False
        return values

    @api.model
    def _prepare_channel(self, draw, beginning):
        kind = draw.choice(list(words.CHANNEL_TYPES))
        return {
            'name': beginning + draw.choice(words.CHANNEL_TYPES[kind]),
            'k20_type_id': self._id('k20_customer_type', kind),
            'k20_nature_id': self._id('k20_customer_nature', 'private' if draw.random() < 0.85 else 'state'),
            'k20_source_id': self._id('k20_customer_source', draw.choice(words.CHANNEL_SOURCES)),
        }

    @api.model
    def _prepare_end(self, draw, beginning):
        kind = _weighed(draw, {name: entry[0] for name, entry in words.END_TYPES.items()})
        _weight, endings, natures = words.END_TYPES[kind]
        return {
            'name': beginning + draw.choice(endings),
            'k20_type_id': self._id('k20_customer_type', kind),
            'k20_nature_id': self._id('k20_customer_nature', draw.choice(natures)),
            'k20_source_id': self._id('k20_customer_source', draw.choice(words.END_SOURCES)),
            'k20_star': _weighed(draw, words.STARS),
        }

    @api.model
    def _prepare_owner(self, draw):
        """Return who looks after a customer, or why it is in the pool."""
        if draw.random() < IN_POOL:
            return {'user_id': False, 'k20_pool_reason': draw.choice(words.POOL_REASONS)}
        return {'user_id': self._user(_weighed(draw, words.OWNERS)).id}

    @api.model
    def _make_contacts(self, customers):
        """Give each customer one to three contacts, whose mobile numbers nobody else has."""
        draw = self._random('contacts')
        values = []
        for customer in customers:
            jobs = words.CHANNEL_JOBS if customer.k20_kind == 'channel' else words.END_JOBS
            for job in draw.sample(list(jobs), _weighed(draw, {1: 45, 2: 38, 3: 17})):
                name = draw.choice(words.SURNAMES) + draw.choice(words.GIVEN_FIRST) + draw.choice(words.GIVEN_SECOND)
                domain = (customer.email or '').partition('@')[2]
                values.append(
                    {
                        'parent_id': customer.id,
                        'name': name,
                        'function': job,
                        'phone': f'154 0000 {len(values) + 1:04d}',
                        'email': f'{_latin(name)}@{domain}' if draw.random() < 0.7 else False,
                    }
                )
        contacts = self.env['res.partner'].create(values)
        self._backdate(contacts, [contact.parent_id.create_date for contact in contacts])

    # Follow-ups

    @api.model
    def _make_followups(self, customers):
        """Tell what was said with each customer in the last year, in the order of time."""
        draw = self._random('followups')
        values = []
        for customer in customers - self._never_contacted(customers):
            values += self._prepare_story(draw, customer)
        values.sort(key=lambda followup: followup['date'])
        self.env['k20.followup'].create(values)

    @api.model
    def _prepare_story(self, draw, customer):
        """Return the values of all follow-ups of one customer, from the first to the last."""
        days = self._prepare_story_days(draw, customer)
        story = _weighed(draw, {tuple(steps): weight for weight, steps in words.STORIES})
        talk = words.CHANNEL_TALK if customer.k20_kind == 'channel' else words.END_TALK
        contact = customer.child_ids[0]
        jobs = words.CHANNEL_JOBS if customer.k20_kind == 'channel' else words.END_JOBS
        named = {
            'contact': contact.name[0] + jobs[contact.function],
            'need': draw.choice(words.NEEDS),
            'line': draw.choice(words.CHANNEL_LINES),
        }
        followups = []
        for number, day in enumerate(days):
            status = story[number * len(story) // max(len(days), len(story))]
            said, plan = draw.choice(talk[status])
            last = number == len(days) - 1
            next_day = self._draw_next_step(draw, customer, day, status) if last else days[number + 1]
            followups.append(
                {
                    'partner_id': customer.id,
                    'user_id': self._owner_on(customer, day).id,
                    'date': day,
                    'method_id': self._id('k20_followup_method', _weighed(draw, words.METHODS)),
                    'status': status,
                    'content': said.format(**named),
                    'next_date': next_day,
                    'next_plan': next_day and plan,
                }
            )
        return followups

    @api.model
    def _prepare_story_days(self, draw, customer):
        """Return the days on which its owner spoke with `customer`, within a year and since it was made."""
        made = customer.create_date.date()
        oldest = min((self._today() - made).days, 365)
        spans = {(first, last): weight for weight, first, last in LAST_CONTACT[customer.k20_kind]}
        ago = min(draw.randint(*_weighed(draw, spans)), oldest)
        days = set()
        while ago <= oldest and len(days) < LONGEST_STORY:
            day = self._days_ago(draw, ago, ago)
            if day < made:
                break
            if self._owner_on(customer, day):
                days.add(day)
            ago += draw.randint(6, 48)
        return sorted(days)

    @api.model
    def _draw_next_step(self, draw, customer, day, status):
        """Return when the step after the last follow-up is due: overdue, today, soon, later or not at all."""
        first, last = _weighed(draw, {(first, last): weight for weight, first, last in NEXT_STEPS})
        if first is None or not customer.user_id:
            return False
        if status in ('on_hold', 'refused'):
            first, last = AFTER_A_REFUSAL
        due = self._today() + timedelta(days=draw.randint(first, last))
        return due if due > day else self._today() + timedelta(days=draw.randint(1, 9))

    # Helpers

    @api.model
    def _id(self, model, name):
        return self.env.ref(f'k20_base.{model}_{name}').id

    @api.model
    def _cities(self):
        """Return the districts of each prefecture that words.py names."""
        cities = self.env['res.city'].search([('k20_prefecture', 'in', list(words.CITIES))], order='zipcode, id')
        return cities.grouped('k20_prefecture')

    @api.model
    def _tax_number(self, number):
        """Return a tax number with a right check digit, of a district that does not exist."""
        stem = f'91000000K20{number:06d}'
        return stem + uscc.calc_check_digit(stem)


def _weighed(draw, weights):
    """Draw one key of `weights`, each as often as its weight says."""
    return draw.choices(list(weights), list(weights.values()))[0]


def _latin(text):
    """Return the pinyin of one name, for an address."""
    return pinyin(text).partition(' ')[2]
