import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..wizard.customer_import_columns import CustomerColumns
from .import_case import FUNCTION, ImportCase, xlsx


@tagged('post_install', '-at_install', 'k20_thorough')
class TestImportDoors(ImportCase):
    """Odoo's own import screen and `load`: the same rules, by the same function. (R155, R179)"""

    def test_mixed_rows_through_odoos_screen(self):
        """R179: all or nothing, and every bad row is named, where Odoo itself stops after ten."""
        rows, bad = self.mixed_rows(200)
        self.assertGreater(len(bad), 20)
        with mute_logger('odoo.sql_db'):
            result = self.odoo_import(rows)
        self.assertFalse(result['ids'])
        self.assertFalse(self.customers('千行科技'))
        self.assertEqual({message['rows']['from'] for message in result['messages']}, bad)
        good = [row for number, row in enumerate(rows) if number not in bad][:100]
        self.assertEqual(len(self.odoo_import(good)['ids']), len(good))

    def odoo_import(self, rows, user=None):
        header = ['客户名称', '省份', '城市/区县', '负责人', '客户编码']
        values = {
            'res_model': 'res.partner',
            'file': xlsx([header, *rows]),
            'file_name': 'x.xlsx',
            'file_type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        }
        Import = self.env['base_import.import'].with_user(user or self.admin)
        screen = Import.with_context(default_k20_kind='channel').create(values)
        options = {'quoting': '"', 'separator': ',', 'has_headers': True}
        preview = screen.parse_preview(options)
        fields = ['/'.join(preview['matches'][index]) for index in range(len(header))]
        self.assertEqual(fields, ['name', 'state_id', 'city_id', 'user_id', 'k20_code'])
        return screen.execute_import(fields, header, options)

    def test_odoos_screen_makes_whole_customers(self):
        """R179: started from a customer list it makes customers of that kind, with code, owner and region."""
        result = self.odoo_import([['卯科技', '江苏省', None, None, None]], self.importer)
        customer = self.env['res.partner'].browse(result['ids'])
        self.assertRecordValues(customer, [{'k20_kind': 'channel', 'user_id': self.importer.id}])
        self.assertTrue(customer.k20_code)

    def test_odoos_screen_offers_the_templates_and_knows_their_headers(self):
        """R179: both templates, and the headers of both languages lead to their fields."""
        templates = [entry['template'] for entry in self.env['res.partner'].get_import_templates()]
        self.assertIn('/k20/import/template/channel', templates)
        self.assertIn('/k20/import/template/end', templates)
        for lang in ('en_US', 'zh_CN'):
            headers = CustomerColumns.headers(self.env(context={'lang': lang}))
            screen = self.env['base_import.import'].create(
                {'res_model': 'res.partner', 'file': xlsx([list(headers.values()), ['x'] * len(headers)])}
            )
            preview = screen.parse_preview({'quoting': '"', 'separator': ',', 'has_headers': True})
            found = ['/'.join(preview['matches'][index]) for index in range(len(headers))]
            self.assertEqual(found, [name.replace('contact_', 'child_ids/') for name in headers])

    def test_without_the_function_no_door_opens(self):
        """R155, R179: load, Odoo's screen, the page, another model's import; creating by hand still works."""
        for user in (self.sales1, self.manager, self.finance):
            with self.assertRaises(AccessError):
                self.page([['客户名称'], ['辰科技']], user)
            with self.assertRefused("You may not import", AccessError):
                self.env['res.partner'].with_user(user).load(['name'], [['巳科技']])
            with self.assertRefused("You may not import", AccessError):
                self.odoo_import([['午科技', None, None, None, None]], user)
        result = (
            self.env['calendar.event']
            .with_user(self.sales1)
            .with_context(name_create_enabled_fields={'partner_ids': True}, default_k20_kind='end')
            .load(['name', 'start', 'stop', 'partner_ids'], [['x', '2026-11-24', '2026-11-24', '未科技']])
        )
        self.assertFalse(self.customers('未科技') or self.customers('辰科技') or self.customers('巳科技'), result)
        sudo = self.env['res.partner'].with_user(self.sales1).sudo().with_context(default_k20_kind='end')
        self.assertFalse(sudo.load(['name'], [['戌科技']])['ids'])  # what a program imports for the user is the user's
        customer = self.env['res.partner'].with_user(self.sales1).create({'name': '申科技', 'k20_kind': 'end'})
        self.assertEqual(customer.user_id, self.sales1)

    def test_a_function_taken_away_holds_at_once(self):
        """R155: from the next call on, for an administrator too."""
        self.page([['客户名称'], ['酉科技']], self.admin)
        self.admin.k20_function_ids -= self.env.ref(FUNCTION)
        with self.assertRaises(AccessError):
            self.page([['客户名称'], ['戌科技']], self.admin)
        with self.assertRefused("You may not import", AccessError):
            self.env['res.partner'].with_user(self.admin).load(['name'], [['亥科技']])

    def test_a_page_opened_before_does_not_run_afterwards(self):
        """R155: the function is asked when the page runs, not only when it is opened."""
        values = {'kind': 'channel', 'mode': 'good', 'file': base64.b64encode(xlsx([['客户名称'], ['后来科技']]))}
        page = self.env['k20.customer.import'].with_user(self.importer).create(values)
        self.importer.group_ids -= self.env.ref(FUNCTION)
        with self.assertRefused("You may not import", AccessError):
            page.action_run()
        self.assertFalse(self.customers('后来科技'))

    def test_load_over_rpc_is_all_or_nothing(self):
        """R179: one bad row and nothing is written."""
        Partner = self.env['res.partner'].with_user(self.importer)
        fields = ['name', 'k20_kind', 'state_id', 'child_ids/name']
        rows = [
            ['甲一科技', 'channel', '江苏省', '张三'],
            ['', '', '', '李四'],
            ['甲二科技', 'channel', '江南省', ''],
        ]
        result = Partner.load(fields, rows)
        self.assertFalse(result['ids'])
        self.assertEqual([message['rows'] for message in result['messages']], [{'from': 2, 'to': 2}])
        self.assertFalse(self.customers('甲一科技'))
        result = Partner.load(fields, rows[:2])
        self.assertEqual(Partner.browse(result['ids']).child_ids.mapped('name'), ['张三', '李四'])

    def test_load_with_external_ids_names_bad_rows_only(self):
        """R179: new and known external ids, with and without module; what is good is not named."""
        Partner = self.env['res.partner'].with_user(self.admin)
        fields = ['id', 'name', 'k20_kind', 'state_id']
        self.assertTrue(Partner.load(fields, [['k20_known', '外部零科技', 'end', '江苏省']])['ids'])
        rows = [
            ['k20_known', '外部一科技', 'end', '江苏省'],
            ['__import__.k20_new', '外部二科技', 'end', '江苏省'],
            ['k20_newer', '外部三科技', 'end', '江苏省'],
            ['k20_bad', '外部四科技', 'end', '江南省'],
            ['', '外部二科技公司', 'end', '江苏省'],
        ]
        result = Partner.load(fields, rows)
        self.assertFalse(result['ids'])
        self.assertEqual([message['rows']['from'] for message in result['messages']], [3, 4])
        self.assertEqual(len(Partner.load(fields, rows[:3])['ids']), 3)
        self.assertFalse(self.customers('外部零科技'))

    def test_a_name_is_neither_empty_nor_endless(self):
        """R179: the model says so too."""
        for name in (' ', '长' * 201):
            with self.assertRefused("The name is", UserError):
                self.make_customer(name=name)

    def test_a_kind_in_the_context_counts_like_one_in_the_values(self):
        """R157: or a client would make customers past the rules on owner and code."""
        Partner = self.env['res.partner'].with_user(self.sales1).with_context(default_k20_kind='end')
        customer = Partner.create({'name': "Context Customer"})
        self.assertEqual((customer.k20_kind, customer.user_id), ('end', self.sales1))
        self.assertTrue(customer.k20_code)
        with self.assertRaises(UserError):
            Partner.create({'name': "Other Customer", 'user_id': self.sales2.id})
        contact = Partner.create({'name': "Somebody", 'parent_id': customer.id})
        self.assertFalse(contact.k20_kind)
