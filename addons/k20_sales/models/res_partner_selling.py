from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

READERS = 'k20_base.group_k20_salesperson,k20_base.group_k20_all_customers'
QUOTATIONS = []  # every one ever made, whatever became of it
ORDERS = [('state', '=', 'sale')]


class ResPartner(models.Model):
    """What hangs on a customer in selling: projects, quotations, orders, service issues. (R078, R079, R197, R199)"""

    _inherit = 'res.partner'

    k20_issue_ids = fields.One2many('k20.customer.issue', 'partner_id', "Service Issues", copy=False, groups=READERS)
    k20_project_count = fields.Integer("Projects", compute='_compute_k20_project_count', groups=READERS)
    k20_open_project_count = fields.Integer("Open Projects", compute='_compute_k20_project_count', groups=READERS)
    k20_quotation_count = fields.Integer("Quotations Made", compute='_compute_k20_order_count', groups=READERS)
    k20_order_count = fields.Integer("Orders Made", compute='_compute_k20_order_count', groups=READERS)
    k20_issue_count = fields.Integer("Issues", compute='_compute_k20_issue_count', groups=READERS)
    k20_open_issue_count = fields.Integer("Open Issues", compute='_compute_k20_issue_count', groups=READERS)
    k20_days_since_creation = fields.Integer("Days Since Creation", compute='_compute_k20_days_since_creation')
    k20_silent = fields.Boolean(
        "Silent",
        compute='_compute_k20_silent',
        search='_search_k20_silent',
        help="Has bought before, and nothing for the months of Settings.",
    )

    @api.depends_context('uid')
    def _compute_k20_project_count(self):
        projects = [('type', '=', 'opportunity'), ('k20_customer_id', 'in', self._origin.ids)]
        counts = self._k20_counts('crm.lead', ['k20_customer_id', 'active', 'won_status'], projects)
        for partner in self:
            mine = counts.get(partner._origin.id, {})
            partner.k20_project_count = sum(mine.values())
            partner.k20_open_project_count = mine.get((True, 'pending'), 0)

    @api.depends_context('uid')
    def _compute_k20_order_count(self):
        # Those of contacts are their customer's.
        counts = self._k20_counts(
            'sale.order', ['k20_customer_id', 'state'], [('k20_customer_id', 'in', self._origin.ids)]
        )
        for partner in self:
            mine = counts.get(partner._origin.id, {})
            partner.k20_quotation_count = sum(mine.values())
            partner.k20_order_count = mine.get(('sale',), 0)

    @api.depends_context('uid')
    def _compute_k20_issue_count(self):
        counts = self._k20_counts(
            'k20.customer.issue', ['partner_id', 'state'], [('partner_id', 'in', self._origin.ids)]
        )
        for partner in self:
            mine = counts.get(partner._origin.id, {})
            partner.k20_issue_count = sum(mine.values())
            partner.k20_open_issue_count = mine.get(('open',), 0)

    def _k20_counts(self, model, groupby, domain):
        """Return {partner id: {values of the other fields in `groupby`: how many records the reader sees}}."""
        Model = self.env[model].with_context(active_test=False)
        counts = defaultdict(dict)
        if self._origin and Model.has_access('read'):
            for partner, *values, count in Model._read_group(domain, groupby, ['__count']):
                counts[partner.id][tuple(values)] = count
        return counts

    @api.depends('create_date')
    def _compute_k20_days_since_creation(self):
        for company, partners in self.grouped(lambda partner: partner._k20_company()).items():
            today = company._k20_today()
            for partner in partners:
                made = partner.create_date
                partner.k20_days_since_creation = (today - company._k20_day_of(made)).days if made else 0

    @api.depends('k20_last_deal_date', 'company_id.k20_silent_months')
    def _compute_k20_silent(self):
        for partner in self:
            last, limit = partner.k20_last_deal_date, partner._k20_company()._k20_silent_since()
            partner.k20_silent = bool(last and limit) and last <= limit

    def _search_k20_silent(self, operator, value):
        if operator != 'in':
            return NotImplemented
        silent = Domain.OR(
            Domain('company_id', 'in', [company.id, False] if company == self.env.company else [company.id])
            & Domain('k20_last_deal_date', '<=', limit)
            for company in self.env.companies
            if (limit := company._k20_silent_since())
        )
        return silent if True in value else ~silent

    @api.model
    def _k20_usage_models(self):
        return [
            *super()._k20_usage_models(),
            ('k20.customer.issue', 'partner_id'),
            ('k20.project.party', 'partner_id'),
        ]

    def _k20_owner_moved(self, before):
        result = super()._k20_owner_moved(before)
        moved = self.filtered(lambda customer: customer.k20_kind and customer.user_id != before[customer.id].owner)
        issues = self.env['k20.customer.issue'].sudo().search([('partner_id', 'in', moved.ids)])
        issues._k20_follow_customer({customer: before[customer.id].owner for customer in moved})
        steps = [('lead_id.k20_customer_id', 'in', moved.ids), ('next_date', '!=', False)]
        self.env['k20.project.party'].sudo().search(steps)._sync_steps()
        return result

    # Actions

    def action_k20_open_projects(self):
        """Open this customer's projects, won and lost ones too.

        :return: action
        """
        context = {'default_partner_id': self.id, 'default_type': 'opportunity', 'active_test': False}
        return self._k20_open('k20_sales.crm_lead_action_project', [('k20_customer_id', '=', self.id)], context)

    def action_k20_open_quotations(self):
        """Open every quotation ever made to this customer. (R078)

        :return: action
        """
        domain = [('partner_id', 'child_of', self.id), *QUOTATIONS]
        return self._k20_open('k20_sales.sale_order_action_history', domain, {'default_partner_id': self.id})

    def action_k20_open_orders(self):
        """Open this customer's orders. (R079)

        :return: action
        """
        domain = [('partner_id', 'child_of', self.id), *ORDERS]
        return self._k20_open('k20_sales.sale_order_action_orders', domain, {'create': False})

    def action_k20_open_issues(self):
        """Open this customer's service issues, the open ones first.

        :return: action
        """
        context = {'default_partner_id': self.id, 'search_default_open': 1}
        return self._k20_open('k20_sales.k20_customer_issue_action', [('partner_id', '=', self.id)], context)

    def _k20_open(self, xmlid, domain, context):
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.act_window']._for_xml_id(xmlid)
        return {**action, 'domain': domain, 'context': context}


def months_before(day, months):
    """Return the day that lies `months` before `day`, the month's last where it is shorter.

    >>> from datetime import date
    >>> months_before(date(2026, 8, 31), 6).isoformat()
    '2026-02-28'
    """
    return day - relativedelta(months=months)
