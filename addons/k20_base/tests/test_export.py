import csv
import io
import json
from datetime import timedelta

import openpyxl

from odoo import fields, http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.spreadsheet_text import csv_text, plain_text
from .common import K20Case

TRAPS = ["=1+1", "@SUM(A1)", "+1", "-1", "\t=1", "＝1+1", "{=1}", "http://k20.example/x", "internal:A1", "007"]
EXPORT = 'base.group_allow_export'


@tagged('post_install', '-at_install')
class TestExport(K20Case):
    """Export is a function of its own, and each one leaves a trace. (R039, R155)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.make_customer(owner=cls.sales1)

    def logged(self):
        return self.env['k20.export.log'].search([])

    def take(self, user):
        user.k20_function_ids -= self.env.ref(EXPORT)

    def test_without_the_tick_nobody_exports_not_even_an_administrator(self):
        """R155: exactly this function is refused, from the next call; nothing is logged."""
        for user in (self.sales1, self.admin):
            self.mine.with_user(user).export_data(['name'])
            self.take(user)
            before = self.logged()
            with self.assertRefused("You may not export", AccessError):
                self.mine.with_user(user).export_data(['name'])
            self.assertEqual(self.logged(), before)
            self.assertTrue(self.mine.with_user(user).read(['name']))

    def test_each_export_is_logged_with_who_what_and_how_many(self):
        """R039: a program's export too."""
        self.mine.with_user(self.sales1).export_data(['name', 'phone'])
        self.assertRecordValues(
            self.logged()[0],
            [
                {
                    'user_id': self.sales1.id,
                    'model': 'res.partner',
                    'field_names': 'name, phone',
                    'row_count': 1,
                    'format': 'rpc',
                }
            ],
        )

    def test_a_failed_export_leaves_no_row(self):
        """R039: what was never handed out is not listed."""
        before = self.logged()
        with self.assertRaises(AccessError):
            self.mine.with_user(self.sales3).export_data(['name'])
        self.assertEqual(self.logged(), before)

    def test_nobody_changes_the_log(self):
        """R039: the administrator reads it, nobody writes it."""
        self.mine.with_user(self.sales1).export_data(['name'])
        entry = self.logged()[0]
        self.assertTrue(entry.with_user(self.admin).read(['row_count']))
        for act in (
            lambda: entry.with_user(self.admin).write({'row_count': 0}),
            lambda: entry.with_user(self.admin).unlink(),
            lambda: entry.with_user(self.admin).create({'user_id': 1, 'model': 'x', 'format': 'csv'}),
            lambda: entry.with_user(self.sales1).read(['row_count']),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_text_for_csv_is_never_computed(self):
        """R039: = + - @, tab, CR and the full-width twins get an apostrophe; reading takes it off again."""
        for text in ('=1', '+1', '-1', '@A1', '\t=1', '\r1', '＝1', '＋1', '－1', '＠1', ' =1', b'@x'):
            self.assertTrue(csv_text(text).startswith("'"), text)
            self.assertEqual(plain_text(csv_text(text)), text.decode() if isinstance(text, bytes) else text)
        for value in (-1, -1.5, None, False, "a=1", ""):
            self.assertEqual(csv_text(value), value)


@tagged('post_install', '-at_install')
class TestExportRoutes(K20Case, HttpCase):
    """The web client's doors: list, grouped list, pivot, contact card, JSON page. (R039)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.traps = cls.env['res.partner']
        customer = cls.make_customer(owner=cls.sales1)
        for number, name in enumerate(TRAPS):  # contacts: customers that differ by such signs only are the same
            values = {'name': name, 'color': -number, 'partner_latitude': -1.5}
            cls.traps += cls.make_contact(customer, **values)

    def export(self, file_format, user=None, **params):
        columns = [
            {'name': 'name', 'label': "=Name", 'type': 'char'},
            {'name': 'color', 'label': "Color", 'type': 'integer'},
            {'name': 'partner_latitude', 'label': "Latitude", 'type': 'float'},
            {'name': 'create_date', 'label': "Created", 'type': 'datetime'},
        ]
        data = {
            'model': 'res.partner',
            'fields': columns,
            'ids': False,
            'domain': [('id', 'in', self.traps.ids)],
            'import_compat': False,
            **params,
        }
        return self.post(f'/web/export/{file_format}', data, user or self.sales1)

    def post(self, url, data, user):
        self.authenticate(user.login, user.login)
        return self.url_open(url, data={'data': json.dumps(data), 'csrf_token': http.Request.csrf_token(self)})

    def cells(self, response):
        response.raise_for_status()
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        for row in sheet.rows:
            for cell in row:
                self.assertNotEqual(cell.data_type, 'f', cell.value)
                self.assertFalse(cell.hyperlink, cell.value)
        return [[cell.value for cell in row] for row in sheet.rows]

    def logged(self):
        return self.env['k20.export.log'].search([])

    def test_a_list_leaves_as_text_numbers_and_dates(self):
        """R039: text unchanged and never a formula or a link; numbers numbers, dates dates; one row in the log."""
        header, *rows = self.cells(self.export('xlsx'))
        self.assertEqual(header[0], "=Name")
        self.assertEqual({row[0] for row in rows}, set(TRAPS))
        self.assertEqual({row[1] for row in rows}, {-n for n in range(len(TRAPS))})
        self.assertEqual({row[2] for row in rows}, {-1.5})
        created = fields.Datetime.context_timestamp(
            self.traps.with_context(tz=self.sales1.tz), self.traps[0].create_date
        )
        self.assertEqual(rows[0][3], created.replace(tzinfo=None, microsecond=0))
        entry = self.logged()
        self.assertRecordValues(entry, [{'user_id': self.sales1.id, 'row_count': len(TRAPS), 'format': 'xlsx'}])
        self.assertIn(str(self.traps[0].id), entry.domain)

    def test_a_grouped_list_leaves_as_text_and_numbers(self):
        """R039: titles of groups too; their totals are numbers; one row in the log."""
        rows = self.cells(self.export('xlsx', groupby=['name']))
        titles = {row[0] for row in rows[1:]}
        self.assertLessEqual({f"{name} (1)" for name in TRAPS}, titles)
        self.assertLessEqual(set(TRAPS), titles)
        entry = self.logged()
        self.assertRecordValues(entry, [{'row_count': len(TRAPS), 'format': 'xlsx'}])

    def test_totals_of_groups_are_numbers(self):
        """R039: Odoo writes a group's total of whole numbers as text."""
        columns = [
            {'name': 'format', 'label': "Format", 'type': 'selection'},
            {'name': 'row_count', 'label': "Rows", 'type': 'integer'},
        ]
        self.traps.with_user(self.admin).export_data(['name'])
        response = self.export(
            'xlsx', self.admin, model='k20.export.log', domain=[], fields=columns, groupby=['user_id']
        )
        self.assertEqual(self.cells(response)[1][1], len(TRAPS))

    def test_csv_neutralises_what_would_be_computed(self):
        """R039: an apostrophe in front; the header too; numbers stay numbers."""
        response = self.export('csv')
        response.raise_for_status()
        header, *rows = csv.reader(io.StringIO(response.content.decode(), newline=''))
        self.assertEqual(header[0], "'=Name")
        self.assertEqual({row[0] for row in rows}, {csv_text(name) for name in TRAPS})
        self.assertEqual({row[2] for row in rows}, {'-1.5'})
        self.assertRecordValues(self.logged(), [{'row_count': len(TRAPS), 'format': 'csv'}])

    def pivot(self, user):
        table = {
            'title': "=Sales/of: [K20]",
            'model': 'res.partner',
            'measure_count': 2,
            'origin_count': 1,
            'col_group_headers': [
                [{'title': "", 'width': 4, 'height': 1}, {'title': "Total", 'width': 2, 'height': 2}],
                [{'title': "=A", 'width': 2, 'height': 1}, {'title': "@B", 'width': 2, 'height': 1}],
            ],
            'measure_headers': [
                {'title': title, 'width': 1, 'height': 1, 'is_bold': False} for title in ("=1+1", "Count") * 3
            ],
            'origin_headers': [],
            'rows': [
                {'title': name, 'indent': 0, 'values': [{'value': -1.5}, {'value': name}, *[{'value': 2}] * 4]}
                for name in TRAPS
            ],
        }
        return self.post('/web/pivot/export_xlsx', table, user)

    def test_a_pivot_leaves_as_text_and_numbers(self):
        """R039: titles, measures and values; the layout is Odoo's; one row in the log."""
        rows = self.cells(self.pivot(self.sales1))
        self.assertEqual(rows[0], [None, None, None, None, None, "Total", None])
        self.assertEqual(rows[1], [None, "=A", None, "@B", None, None, None])
        self.assertEqual(rows[2], [None, *["=1+1", "Count"] * 3])
        self.assertEqual([row[:3] for row in rows[3:]], [[name, -1.5, name] for name in TRAPS])
        self.assertRecordValues(self.logged(), [{'row_count': len(TRAPS), 'format': 'pivot', 'model': 'res.partner'}])

    def test_every_door_refuses_without_the_function(self):
        """R155: lists, formats, pivot, contact cards, JSON page; a salesperson and an administrator; nothing logged."""
        self.env['ir.config_parameter'].set_param('web.json.enabled', True)
        vcard = f'/web/partner/vcard?partner_ids={self.traps[0].id}'
        for user in (self.sales1, self.admin):
            self.assertEqual(self.export('xlsx', user).status_code, 200)
            self.assertEqual(self.pivot(user).status_code, 200)
            self.assertEqual(self.url_open(vcard).status_code, 200)
            self.assertIn('result', self.formats())
            if user == self.admin:  # Odoo's JSON page asks for rights on modules
                self.assertEqual(self.json_page(user).status_code, 200)
            user.k20_function_ids -= self.env.ref(EXPORT)
            before = self.logged()
            with mute_logger('odoo.addons.web.controllers.export', 'odoo.http'):
                for response in (self.export('xlsx', user), self.export('csv', user)):
                    self.assertEqual(response.status_code, 500)
                    self.assertIn("You may not export", response.text)
                self.assertEqual(self.pivot(user).status_code, 403)
                self.assertEqual(self.url_open(vcard).status_code, 403)
                self.assertIn("You may not export", self.formats()['error']['data']['message'])
                self.assertIn("You may not export", self.json_page(user).text)
            self.assertEqual(self.logged(), before)

    def formats(self):
        return self.url_open('/web/export/formats', json={'params': {}}).json()

    def json_page(self, user):
        key = (
            self.env['res.users.apikeys'].with_user(user)._generate('rpc', "test", fields.Datetime.now() + timedelta(1))
        )
        return self.url_open(
            '/json/1/k20-end-customers?view_type=list&offset=0&limit=80&domain=[]',
            headers={'Authorization': f'bearer {key}'},
        )
