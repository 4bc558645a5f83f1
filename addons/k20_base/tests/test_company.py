from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.k20_base.hooks import post_init_hook

from .common import K20Case


@tagged('post_install', '-at_install', 'k20_thorough')
class TestCompany(K20Case):
    """A fresh database is a Chinese company with working books; existing books are never touched. (DESIGN §2)"""

    def test_a_fresh_database_is_a_chinese_company(self):
        """R166: country, currency, chart, bank booked straight, language, time zone, weeks from Monday."""
        company = self.env.ref('base.main_company')
        self.assertEqual(company.country_id.code, 'CN')
        self.assertEqual(company.currency_id.name, 'CNY')
        self.assertEqual(company.chart_template, 'cn')
        self.assertEqual(self.env.ref('base.lang_zh_CN').week_start, '1')
        self.assertEqual(self.env.ref('k20_base.menu_channels').with_context(lang='zh_CN').name, "渠道客户管理")
        self.assertEqual(self.env.ref('base.user_admin').tz, 'Asia/Shanghai')
        self.assertEqual(self.env.ref('base.user_admin').lang, 'zh_CN')
        self.assertBankBookedStraight(company)
        note = self.env.ref('account.account_payment_term_30days').with_context(lang='zh_CN').note
        self.assertIn("付款条件：30 天", note)
        self.assertEqual(set(self.manual_payments(company).mapped('name')), {"收款", "付款"})
        self.assertFalse(company.logo, "no placeholder is printed on contracts")
        partner = self.env['res.partner'].create({
            'name': "Wang", 'country_id': company.country_id.id, 'state_id': self.env.ref('base.state_cn_JS').id,
            'city': "苏州市", 'street': "星湖街 1 号",
        })  # fmt: skip
        self.assertEqual(partner._display_address().split(), ["江苏省", "苏州市", "星湖街", "1", "号"])

    def test_what_is_printed_has_chinese_names(self):
        """R166: Odoo's price list and payment terms; what somebody named keeps its name."""
        company = self.env.ref('base.main_company')
        default, own = self.env['product.pricelist'].create(
            [{'name': name, 'company_id': company.id} for name in ('Default', 'Agents')]
        )
        term = self.env.ref('account.account_payment_term_30days')
        mine = self.env['account.payment.term'].create({'name': "Mine", 'note': "Pay before you order"})
        bank = self.manual_payments(company)[:2]
        bank[0].name, bank[1].name = 'Manual Payment', 'Cheque'
        company._k20_name_in_chinese()
        self.assertEqual(bank.mapped('name'), ["收款" if bank[0].payment_type == 'inbound' else "付款", 'Cheque'])
        self.assertEqual(default.with_context(lang='zh_CN').name, "标准价格")
        self.assertEqual(own.with_context(lang='zh_CN').name, 'Agents')
        self.assertIn("付款条件：30 天", term.with_context(lang='zh_CN').note)
        self.assertIn("Payment terms: 30 Days", term.with_context(lang='en_US').note)
        self.assertIn("Pay before", mine.with_context(lang='zh_CN').note)

    def manual_payments(self, company):
        lines = self.env['account.payment.method.line'].search([('journal_id.company_id', '=', company.id)])
        return lines.filtered(lambda line: line.code == 'manual')

    def assertBankBookedStraight(self, company):
        journals = self.env['account.journal'].search([('company_id', '=', company.id), ('type', '=', 'bank')])
        self.assertTrue(journals)
        for journal in journals:
            self.assertFalse(journal.default_account_id.reconcile)
            self.assertEqual(
                (journal.inbound_payment_method_line_ids + journal.outbound_payment_method_line_ids).payment_account_id,
                journal.default_account_id,
            )

    def test_it_is_quiet_towards_the_outside(self):
        """R034: no outside address is called unless a source is configured; strangers cannot sign up."""
        self.assertEqual(self.env['ir.config_parameter'].sudo().get_param('auth_signup.invitation_scope'), 'b2b')
        self.assertFalse(self.env.ref('mail.ir_cron_module_update_notification').active)
        noise = self.env['ir.module.module'].search([('name', 'in', ('mail_bot', 'iap_mail', 'partner_autocomplete'))])
        self.assertFalse(noise.filtered(lambda module: module.state == 'installed'))

    def test_a_further_company_gets_its_books_by_a_button(self):
        """R166: the administrator's button, for companies without entries only."""
        company = self.env['res.company'].create({'name': "Second Company"})
        self.assertFalse(company.chart_template)
        with self.assertRaises(AccessError):
            company.with_user(self.sales1).action_k20_load_chart()
        self.assertTrue(company.with_user(self.admin).action_k20_load_chart())
        self.assertEqual(company.chart_template, 'cn')
        self.assertEqual(company.currency_id.name, 'CNY')
        self.assertBankBookedStraight(company)

    def test_existing_books_are_not_touched(self):
        """R166: neither by the hook nor by the button."""
        company = self.env.ref('base.main_company')
        journal = self.env['account.journal'].search(
            [('company_id', '=', company.id), ('type', '=', 'general')], limit=1
        )
        accounts = self.env['account.account'].search([('company_ids', 'in', company.ids)], limit=2)
        self.env['account.move'].create(
            {
                'journal_id': journal.id,
                'line_ids': [
                    (0, 0, {'account_id': accounts[0].id, 'debit': 10.0}),
                    (0, 0, {'account_id': accounts[1].id, 'credit': 10.0}),
                ],
            }
        ).action_post()
        company.country_id = self.env.ref('base.de')
        post_init_hook(self.env)
        self.assertEqual(company.country_id.code, 'DE')
        with self.assertRefused("entries in its books"):
            company.with_user(self.admin).action_k20_load_chart()
        self.assertEqual(company.country_id.code, 'DE')

    def test_people_see_one_root_menu(self):
        """R040: K20 first, Odoo's own roots only for the roles that work with them."""
        contacts, invoicing = self.env.ref('contacts.menu_contacts'), self.env.ref('account.menu_finance')
        Menu = self.env['ir.ui.menu']
        hidden = {
            user: Menu.with_user(user)._k20_hidden_roots()
            for user in (self.sales1, self.finance, self.admin, self.outsider)
        }
        self.assertIn(contacts.id, hidden[self.sales1])
        self.assertNotIn(invoicing.id, hidden[self.finance])
        self.assertFalse(hidden[self.admin])
        self.assertFalse(hidden[self.outsider])
        roots = Menu.with_user(self.sales1).load_menus(False)['root']['children']
        self.assertEqual(roots[0], self.env.ref('k20_base.menu_k20').id)
