from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.days import shift, whole_days

# Buyers and storekeepers who do not sell read customers, but not what was said to them.
READERS = 'k20_base.group_k20_salesperson,k20_base.group_k20_all_customers'


class ResPartner(models.Model):
    """Last contact and next step of a customer, as its latest follow-up has them. (R008, R055, R057, R077)"""

    _inherit = 'res.partner'

    k20_followup_ids = fields.One2many('k20.followup', 'partner_id', "Follow-ups", groups=READERS, copy=False)
    k20_last_followup_date = fields.Date(
        "Last Follow-up", compute='_compute_k20_last_followup', store=True, index='btree_not_null', groups=READERS
    )
    k20_followup_status = fields.Selection(
        '_k20_followup_statuses', "Follow-up Status", compute='_compute_k20_last_followup', store=True, groups=READERS
    )
    k20_next_followup_date = fields.Date(
        "Next Follow-up", compute='_compute_k20_last_followup', store=True, index='btree_not_null', groups=READERS
    )
    k20_next_followup_plan = fields.Char("Next Plan", compute='_compute_k20_last_followup', store=True, groups=READERS)
    k20_clock_followup_date = fields.Date(
        "Last Follow-up for the Loss Clock",
        compute='_compute_k20_clock_followup_date',
        store=True,
        groups=READERS,
        help="Entries recorded later than Settings allow are left out.",
    )
    k20_days_since_followup = fields.Integer(
        "Days Since Last Contact",
        compute='_compute_k20_days',
        search='_search_k20_days_since_followup',
        groups=READERS,
    )
    k20_followup_overdue_days = fields.Integer(
        "Days Overdue", compute='_compute_k20_days', search='_search_k20_followup_overdue_days', groups=READERS
    )
    k20_reminder_state = fields.Selection(
        [('overdue', "Overdue"), ('soon', "Due soon"), ('later', "Later")],
        "Reminder",
        compute='_compute_k20_reminder_state',
        search='_search_k20_reminder_state',
        help="Due soon: within the reminder days of Settings.",
    )
    # What the user types in the search bar
    k20_due_within_days = fields.Char(
        "Due within (days)",
        compute='_compute_k20_asked_days',
        search='_search_k20_due_within_days',
        exportable=False,
        groups=READERS,
        help="Type the days ahead: overdue next steps and those due within that many days are listed.",
    )
    k20_not_contacted_days = fields.Char(
        "Not contacted for (days)",
        compute='_compute_k20_asked_days',
        search='_search_k20_not_contacted_days',
        exportable=False,
        groups=READERS,
        help="Type a number of days: customers without a contact in that time are listed, never contacted ones too.",
    )

    # The reminders of a person, and of everybody, in the order of the days.
    _k20_owner_next_idx = models.Index(
        '(k20_owner_id, k20_next_followup_date) WHERE k20_next_followup_date IS NOT NULL'
    )

    @api.model
    def _k20_followup_statuses(self):
        return self.env['k20.followup']._fields['status']._description_selection(self.env)

    @api.depends(
        'k20_followup_ids.date', 'k20_followup_ids.status', 'k20_followup_ids.next_date', 'k20_followup_ids.next_plan'
    )
    def _compute_k20_last_followup(self):
        Followup = self.env['k20.followup']
        latest = Followup._latest_by_customer(self._origin)
        planned = latest
        if Followup._plans_condition():
            planned = Followup._latest_by_customer(self._origin, planning=True)
        for partner in self:
            last = latest.get(partner._origin.id, Followup)
            partner.k20_last_followup_date = last.date
            partner.k20_followup_status = last.status
            plan = planned.get(partner._origin.id, Followup)
            partner.k20_next_followup_date = plan.next_date
            partner.k20_next_followup_plan = plan.next_plan

    @api.depends('k20_followup_ids.date', 'k20_followup_ids.moves_clock')
    def _compute_k20_clock_followup_date(self):
        dates = dict(
            self.env['k20.followup']._read_group(
                [('partner_id', 'in', self._origin.ids), ('moves_clock', '=', True)], ['partner_id'], ['date:max']
            )
        )
        for partner in self:
            partner.k20_clock_followup_date = dates.get(partner._origin)

    @api.depends_context('uid')
    @api.depends('k20_last_followup_date', 'k20_next_followup_date')
    def _compute_k20_days(self):
        today = self.env.user._k20_today()
        for partner in self:
            partner.k20_days_since_followup = (today - (partner.k20_last_followup_date or today)).days
            partner.k20_followup_overdue_days = max(0, (today - (partner.k20_next_followup_date or today)).days)

    @api.depends_context('uid', 'company')
    @api.depends('k20_next_followup_date')
    def _compute_k20_reminder_state(self):
        # Colours a whole row, so the field is no group's: it is empty for those who read no follow-ups.
        self.k20_reminder_state = False
        if not self.env['k20.followup'].has_access('read'):
            return
        today = self.env.user._k20_today()
        soon = shift(today, self.env.company.k20_reminder_days)
        for partner in self.filtered('k20_next_followup_date'):
            day = partner.k20_next_followup_date
            partner.k20_reminder_state = 'overdue' if day < today else 'soon' if day <= soon else 'later'

    def _compute_k20_asked_days(self):
        self.k20_due_within_days = False
        self.k20_not_contacted_days = False

    def _k20_recount_followups(self):
        """Take in follow-ups and other rows that came to these customers past the ORM, as a merge moves them."""
        self.env.flush_all()
        self.env.invalidate_all()
        self._k20_recount_owned_rows()
        followups = self.sudo().k20_followup_ids
        for name in ('k20_last_followup_date', 'k20_clock_followup_date'):
            self.env.add_to_compute(self._fields[name], self)
        followups._sync_next_steps(followups._latest_by_customer(self, planning=True))

    def _k20_recount_owned_rows(self):
        """Give all rows of these customers (`k20.owned.mixin`) the owner and the company they have."""
        for model in self.env.registry.descendants(['k20.owned.mixin'], '_inherit'):
            Row = self.env[model]
            if Row._abstract or 'partner_id' not in Row._fields:
                continue
            rows = Row.sudo().with_context(active_test=False).search([('partner_id', 'in', self.ids)])
            for name in {'owner_id', 'company_id'} & Row._fields.keys():
                if Row._fields[name].store and Row._fields[name].compute:
                    self.env.add_to_compute(Row._fields[name], rows)

    # Searches

    @api.model
    def _k20_asked_days(self, value):
        """Return the number of days that the user typed.

        :raise UserError: for anything but a whole number from 0
        """
        days = whole_days(value)
        if days is None:
            raise UserError(self.env._("%s is no number of days: type a whole number from 0.", value or '""'))
        return days

    def _search_k20_due_within_days(self, operator, value):
        if operator not in ('in', 'ilike', '=ilike'):
            return NotImplemented
        days = max(self._k20_asked_days(item) for item in (value if operator == 'in' else [value]))
        return [('k20_next_followup_date', '<=', shift(self.env.user._k20_today(), days))]

    def _search_k20_not_contacted_days(self, operator, value):
        if operator not in ('in', 'ilike', '=ilike'):
            return NotImplemented
        days = min(self._k20_asked_days(item) for item in (value if operator == 'in' else [value]))
        return self._k20_not_contacted_since(days)

    @api.model
    def _k20_not_contacted_since(self, days):
        """Return the domain of customers without a contact in the last `days` days; never contacted ones belong."""
        last = shift(self.env.user._k20_today(), -days)
        return Domain('k20_kind', '!=', False) & (
            Domain('k20_last_followup_date', '=', False) | Domain('k20_last_followup_date', '<=', last)
        )

    def _search_k20_days_since_followup(self, operator, value):
        return self._k20_search_age('k20_last_followup_date', operator, value)

    def _search_k20_followup_overdue_days(self, operator, value):
        domain = self._k20_search_age('k20_next_followup_date', operator, value)
        if operator == 'in' and 0 in value:  # what is not overdue yet counts as 0
            return Domain(domain) | Domain('k20_next_followup_date', '>=', self.env.user._k20_today())
        return domain

    @api.model
    def _k20_search_age(self, name, operator, value):
        """Return the domain of partners whose date `name` lies `operator` `value` days back."""
        mirrored = {'<': '>', '<=': '>=', '>': '<', '>=': '<=', 'in': 'in'}
        if operator not in mirrored:
            return NotImplemented
        today = self.env.user._k20_today()
        if operator == 'in':
            return [(name, 'in', [shift(today, -self._k20_asked_days(item)) for item in value])]
        return [(name, mirrored[operator], shift(today, -self._k20_asked_days(value)))]

    def _search_k20_reminder_state(self, operator, value):
        if operator != 'in':
            return NotImplemented
        today = self.env.user._k20_today()
        soon = shift(today, self.env.company.k20_reminder_days)
        next_date = 'k20_next_followup_date'
        domains = {
            'overdue': Domain(next_date, '<', today),
            'soon': Domain(next_date, '>=', today) & Domain(next_date, '<=', soon),
            'later': Domain(next_date, '>', soon),
            False: Domain(next_date, '=', False),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _k20_usage_models(self):
        return [*super()._k20_usage_models(), ('k20.followup', 'partner_id')]

    # Actions

    @api.model
    def action_k20_followup_reminders(self, days=None):
        """Open the customers whose next step is overdue or due within `days` days (跟单提醒). (R048, R176, R177)

        One's own; a manager gets the teams', who reads all customers gets all, by person.

        :param days: whole number from 0; default: the reminder days of Settings
        :return: action
        :raise AccessError: for those who read no follow-ups
        :raise UserError: for negative days or text
        """
        self.env['k20.followup'].check_access('read')
        days = self._k20_asked_days(self.env.company.k20_reminder_days if days is None else days)
        action = self.env['ir.actions.act_window']._for_xml_id('k20_base.res_partner_action_reminder')
        action['context'] = {'search_default_k20_due_within_days': str(days)}
        user = self.env.user
        if user.has_group('k20_base.group_k20_manager') or user.has_group('k20_base.group_k20_all_customers'):
            by_person = self.env.ref('k20_base.res_partner_view_list_reminder_by_person').id
            action['views'] = [(by_person if kind == 'list' else view, kind) for view, kind in action['views']]
        return action
