from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.exceptions import UserError

from .ir_module_module import CHART_PENDING

# What stands in a Chinese company's books and on its papers, whatever language the administrator reads.
PRICE_LIST = "标准价格"
PAYMENT_TERMS = "付款条件："
MANUAL_PAYMENT = 'Manual Payment'  # Odoo's method for money that the bank's papers tell of
PAYMENT_METHODS = {'inbound': "收款", 'outbound': "付款"}  # they begin the text of each line in the bank's journal
ADDRESS = '%(state_name)s %(city)s %(street)s %(street2)s %(zip)s'  # Odoo's begins with the country, as if abroad


class ResCompany(models.Model):
    """K20's settings that belong to a company."""

    _inherit = 'res.company'

    # Stored here, so that what day it is costs no reading of the company's partner.
    k20_tz = fields.Selection(
        related='partner_id.tz',
        string="Time Zone",
        store=True,
        help="Limits, delegations and figures go by the days of this time zone.",
    )
    k20_reminder_days = fields.Integer(
        "Reminder Days",
        default=3,
        help="Follow-ups that fall due within this many days are shown as due soon.",
    )
    k20_duplicate_checks_per_day = fields.Integer(
        "Duplicate Checks per Day",
        default=50,
        help="How many duplicate checks a person may make a day, so that nobody reads off the customer base; "
        "0 for no limit.",
    )
    k20_followup_backdate_days = fields.Integer(
        "Backdating Days",
        default=0,
        help="A follow-up recorded more than this many days after the contact does not hold back the loss of the "
        "customer; 0 means no limit.",
    )
    k20_approval_reminder_days = fields.Integer(
        "Approval Reminder Days",
        default=3,
        help="Approvers are reminded of what has waited for this many days; 0: never.",
    )
    k20_required_field_ids = fields.Many2many(
        'ir.model.fields',
        'k20_company_required_field_rel',
        string="A Complete Customer Has",
        domain=[('model', '=', 'res.partner'), ('store', '=', True)],
        help="Customers that lack one of these are listed as incomplete; nothing stops them from being saved.",
    )

    _k20_reminder_days_positive = models.Constraint(
        'CHECK (k20_reminder_days >= 0)', "Reminder days are 0 or more: type a whole number from 0."
    )
    _k20_duplicate_checks_positive = models.Constraint(
        'CHECK (k20_duplicate_checks_per_day >= 0)', "Checks per day are 0 or more: type a whole number from 0."
    )
    _k20_followup_backdate_days_positive = models.Constraint(
        'CHECK (k20_followup_backdate_days >= 0)', "Backdating days are 0 or more: type a whole number from 0."
    )

    def _k20_today(self):
        """Return today's date in this company's time zone, the one that limits, delegations and figures go by."""
        return self._k20_day_of(fields.Datetime.now())

    def _k20_tz(self):
        """Return the name of this company's time zone."""
        self.ensure_one()
        default = self.env['ir.default'].sudo()._get_model_defaults('res.partner').get('tz')
        return self.sudo().k20_tz or default or 'UTC'

    def _k20_day_of(self, moment):
        """Return the date of `moment` (UTC) in this company's time zone."""
        return pytz.utc.localize(moment).astimezone(pytz.timezone(self._k20_tz())).date()

    def _k20_day_bounds(self, day):
        """Return the first moment of `day` in this company's time zone and that of the next day, both in UTC."""
        zone = pytz.timezone(self._k20_tz())
        midnights = (datetime.combine(date, time.min) for date in (day, day + timedelta(days=1)))
        return tuple(zone.localize(midnight).astimezone(pytz.utc).replace(tzinfo=None) for midnight in midnights)

    def _k20_set_up_china(self):
        """Give this company China's country, currency, language, time zone, chart of accounts and bank booking.

        The chart is loaded at the end of an installation under way, when Odoo allows it; see `_k20_load_chart`.
        """
        self.ensure_one()
        china = self.env.ref('base.cn')
        for code in ('en_US', 'zh_CN'):
            self.env['res.lang']._activate_lang(code)
        self.env.ref('base.lang_zh_CN').week_start = '1'
        china.address_format = ADDRESS
        self.write({'country_id': china.id, 'currency_id': china.currency_id.id, 'account_fiscal_country_id': china.id})
        if self.uses_default_logo:
            self.logo = False  # Odoo's placeholder, "Your logo", would stand on every contract
        self.env['ir.default'].set('res.partner', 'tz', 'Asia/Shanghai')
        self.env['ir.default'].set('res.partner', 'lang', 'zh_CN')
        users = self.env['res.users'].with_context(active_test=False).search([])  # pylint: disable=no-search-all
        users.partner_id.write({'tz': 'Asia/Shanghai', 'lang': 'zh_CN'})
        Module = self.env['ir.module.module']
        # K20 itself is still being installed while its hook runs.
        (Module.search([('state', '=', 'installed')]) + Module._get('k20_base'))._update_translations(['zh_CN'])
        # Odoo's own place for a chart that must wait for the end of loading; it has generic_coa pending there by now.
        self.env.registry._auto_install_template = self._k20_load_chart_later
        self.env['ir.config_parameter'].set_param(CHART_PENDING, self.id)

    def _k20_load_chart_later(self, env):
        env['ir.config_parameter'].set_param(CHART_PENDING, False)
        company = self.with_env(env)
        company._k20_load_chart()
        company._k20_name_in_chinese()

    def _k20_name_in_chinese(self):
        """Give Chinese names to what Odoo writes on paper and in the books in English, whatever language one reads."""
        self.ensure_one()
        company_or_all = [('company_id', 'in', (self.id, False))]
        prices = self.env['product.pricelist'].search([*company_or_all, ('name', '=', 'Default')])
        prices.with_context(lang='zh_CN').name = PRICE_LIST
        methods = self.env['account.payment.method.line'].search([('journal_id.company_id', '=', self.id)])
        for method in methods.filtered(lambda line: line.code == 'manual' and line.name == MANUAL_PAYMENT):
            method.name = PAYMENT_METHODS[method.payment_type]
        notes = self.env['account.payment.term']._fields['note']
        for term in self.env['account.payment.term'].search(company_or_all):
            text = f'{PAYMENT_TERMS}{term.with_context(lang="zh_CN").name}'
            # Odoo has these in Chinese, but for the words without the tag around them, which are never found.
            english = notes.get_trans_terms(term.with_context(lang='en_US').note or '')
            if len(english) == 1 and 'Payment terms:' in english[0]:
                term.update_field_translations('note', {'zh_CN': {english[0]: f'<span>{text}</span>'}})

    def _k20_load_chart(self):
        """Load China's chart for this company and book bank money straight to the bank account. (DESIGN §2)"""
        self.ensure_one()
        lang = self.partner_id.lang
        self.partner_id.lang = 'en_US'  # journal codes follow the company's language: BILL/2026/…, not 账单/2026/…
        self.env['account.chart.template'].try_loading('cn', self)
        self.partner_id.lang = lang
        journals = self.env['account.journal'].search([('company_id', '=', self.id), ('type', 'in', ('bank', 'cash'))])
        for journal in journals:
            account = journal.default_account_id
            account.reconcile = False  # Community has no bank matching: money on a transit account would stay there
            lines = journal.inbound_payment_method_line_ids + journal.outbound_payment_method_line_ids
            lines.payment_account_id = account

    def action_k20_load_chart(self):
        """Button for further companies: China's chart and bank booking, where the company has no books yet.

        :return: True
        :raise AccessError: for anybody but the administrator
        :raise UserError: for a company with books
        """
        self.check_access('write')
        for company in self:
            if company._existing_accounting():
                raise UserError(self.env._("%s has entries in its books already: keep its chart.", company.name))
            company.write(
                {
                    'country_id': self.env.ref('base.cn').id,
                    'currency_id': self.env.ref('base.CNY').id,
                    'account_fiscal_country_id': self.env.ref('base.cn').id,
                }
            )
            # The chart's journals are hidden from who does not work in that company yet: lent after the check above.
            company.sudo().with_company(company)._k20_load_chart()
        return True
