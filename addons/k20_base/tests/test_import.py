import base64
import doctest
import io
from datetime import date
from unittest.mock import patch

import openpyxl
import xlwt

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, HttpCase, tagged

from ..tools import spreadsheet, spreadsheet_text
from ..tools.spreadsheet import read_rows
from ..wizard import customer_import_columns
from .import_case import ImportCase, saved, xlsx


@tagged('post_install', '-at_install', 'k20_thorough')
class TestImport(ImportCase):
    """Customers come from files, each bad row named with its reason. (R179)"""

    def test_a_file_makes_customers_with_contacts(self):
        """R179: names in Chinese, base data, region, owner and contact; the type in any language."""
        page = self.page(
            [
                [
                    '客户名称 *',
                    'Customer Type',
                    '省份',
                    '城市/区县',
                    '负责人',
                    '电话',
                    '联系人',
                    '职务',
                    '联系人电话',
                    '别的',
                ],
                [
                    '苏州星辰科技',
                    '经销商',
                    '江苏',
                    '苏州市吴中区',
                    'k20_sales1',
                    51266001234,
                    '张伟',
                    '采购',
                    '13800000001',
                    1,
                ],
                ['无锡星辰科技', 'Dealer', '江苏省', None, None, None, None, None, None, None],
            ]
        )
        self.assertEqual((page.rows_read, page.rows_created, page.ignored), (2, 2, '别的'))
        owned, pooled = page.partner_ids.sorted('id')
        self.assertEqual(owned.user_id, self.sales1)
        self.assertEqual(owned.k20_type_id, self.dealer)
        self.assertEqual((owned.state_id.name, owned.city_id.name), ('江苏省', '苏州市吴中区'))
        self.assertEqual(owned.phone, '51266001234')
        self.assertTrue(owned.k20_code)
        contact = owned.child_ids
        self.assertRecordValues(contact, [{'name': '张伟', 'function': '采购', 'phone': '13800000001'}])
        self.assertEqual(contact.k20_owner_id, self.sales1)
        self.assertTrue(pooled.k20_in_pool)
        self.assertEqual(page.partner_ids.k20_assignment_ids.mapped('kind'), ['import'] * 2)

    def test_each_encoding_is_read(self):
        """R179: CSV in UTF-8 with and without mark, UTF-16, GBK, GB18030; XLS too."""
        text = '客户名称,备注\r\n编码科技{0},"一,二"\r\n'
        for encoding in ('utf-8', 'utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be', 'gbk', 'gb18030'):
            page = self.page(text.format(encoding).encode(encoding))
            self.assertEqual(page.partner_ids.name, f'编码科技{encoding}')
            self.assertIn('一,二', page.partner_ids.comment)
        book = xlwt.Workbook()
        sheet = book.add_sheet('x')
        for index, row in enumerate((['客户名称', '省份', '电话'], ['编码科技xls', '江苏省', 51266001299.0])):
            for column, value in enumerate(row):
                sheet.write(index, column, value)
        page = self.page(saved(book))
        self.assertEqual((page.partner_ids.name, page.partner_ids.phone), ('编码科技xls', '51266001299'))

    def test_rows_keep_the_numbers_of_the_sheet(self):
        """R179: a title above, empty rows between; the number is the one on the screen."""
        page = self.page([['客户清单'], [], ['客户名称', '省份'], ['甲科技', '江苏省'], [], ['乙科技', '没有省']])
        self.assertEqual((page.rows_read, page.line_ids.row_number, page.line_ids.name), (2, 6, '乙科技'))

    def test_what_does_not_fit_gets_a_sentence(self):
        """R179: each reason in words that say what to do."""
        for header, value, sentence in (
            ('省份', '江南省', "no province 江南省"),
            ('城市/区县', '苏州市无名区', "no city or district 苏州市无名区"),
            ('城市/区县', '苏州市', "several districts"),
            ('城市/区县', '鼓楼区', "put the city in front"),
            ('负责人', 'nobody', "Nobody has the login or name nobody"),
            ('负责人', 'k20_buyer', "does not sell"),
            ('客户类型', 'Education', "no entry Education"),
            ('客户性质', '外星', "no entry 外星"),
            ('联系人电话', '13800000001', "contact has no name"),
            ('税号', 913205940000000000, "Cell B2 holds a number so long"),
            ('电话', '1' * 201, "Phone is too long"),
        ):
            self.assertIn(sentence, self.reason(['丙科技', value], ['客户名称', header]))
        self.assertIn("The name is empty", self.reason([None, '江苏省'], ['客户名称', '省份']))
        self.assertIn("Customer Name is too long (201 signs, at most 200)", self.reason(['长' * 201]))
        reason = self.reason(['丙科技', '浙江省', '苏州市吴中区'], ['客户名称', '省份', '城市/区县'])
        self.assertIn("苏州市吴中区 does not lie in 浙江省", reason)

    def test_reasons_speak_the_users_language(self):
        """R179: in Chinese for who works in Chinese, rules of the model included."""
        page = self.page([['客户名称', '省份'], ['丙科技', '江南省'], [None, '江苏省']], lang='zh_CN')
        self.assertEqual(
            page.line_ids.mapped('reason'), ['没有省份“江南省”：请从可选值中选择。', '名称为空：请输入名称。']
        )

    def test_merged_cells_formulas_and_dates(self):
        """R179: a merged cell counts for its rows, a formula without result is refused, dates become text."""
        book = openpyxl.Workbook()
        sheet = book.active
        for row in (
            ['客户名称', '省份', '备注'],
            ['合并科技', '江苏省', date(2026, 11, 24)],
            ['合并电子', None, '=1+1'],
            ['合并机械', None, True],
            ["'=1+1", None, None],
        ):
            sheet.append(row)
        sheet.merge_cells('B2:B4')
        page = self.page(saved(book))
        self.assertEqual((page.rows_good, page.line_ids.row_number), (3, 3))
        self.assertIn("Cell C3 holds a formula without its result", page.line_ids.reason)
        first, second, third = page.partner_ids.sorted('id')
        self.assertEqual(first.state_id, second.state_id)
        self.assertIn('2026-11-24', first.comment)
        self.assertEqual(third.name, '=1+1')

    def test_formulas_with_a_result_and_errors_in_cells(self):
        """R179: what Excel has stored counts; #N/A names its row and leaves the others alone."""
        book = io.BytesIO()
        import xlsxwriter  # noqa: PLC0415

        with xlsxwriter.Workbook(book) as workbook:
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, ['客户名称', '备注'])
            sheet.write_row(1, 0, ['结果科技'])
            sheet.write_formula(1, 1, '=1+1', value='二')
            sheet.write_row(2, 0, ['错误科技'])
            sheet.write_formula(2, 1, '=NA()', value='#N/A')
        page = self.page(book.getvalue())
        self.assertIn('二', page.partner_ids.comment)
        self.assertIn("Cell B3 shows the error #N/A", page.line_ids.reason)

    def test_a_dry_run_writes_nothing_and_takes_no_codes(self):
        """R179: it says what would happen."""
        sequence = self.env.ref('k20_base.ir_sequence_channel')
        before = sequence.number_next_actual
        page = self.page([['客户名称', '省份'], ['丁科技', '江苏省'], ['戊科技', '江南省']], mode='dry_run')
        self.assertEqual((page.rows_good, page.rows_refused, page.rows_created), (1, 1, 0))
        self.assertFalse(self.customers('丁科技'))
        self.assertEqual(sequence.number_next_actual, before)

    def test_all_or_nothing(self):
        """R179: one bad row and nothing is written; all good and all are in."""
        rows = [['客户名称', '省份'], ['己科技', '江苏省'], ['庚科技', '江南省']]
        page = self.page(rows, mode='all')
        self.assertEqual((page.rows_good, page.rows_refused, page.rows_created), (1, 1, 0))
        self.assertFalse(self.customers('己科技'))
        page = self.page(rows[:2], mode='all')
        self.assertEqual(page.rows_created, 1)
        self.assertTrue(self.customers('己科技'))

    def test_the_error_workbook_goes_back_in(self):
        """R179: the columns as they came and the reason, text never a formula; corrected, it imports."""
        page = self.page([['客户名称', '省份', '别的'], ['=1+1', '江南省', '@x'], ['辛科技', '江苏省', '1']])
        content = base64.b64decode(page.error_file)
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        rows = [[cell.value for cell in row] for row in sheet.rows]
        self.assertEqual(rows[1][:3], ['=1+1', '江南省', '@x'])
        self.assertNotIn('f', {cell.data_type for row in sheet.rows for cell in row})
        self.assertIn("no province", rows[1][3])
        sheet['B2'] = '江苏省'
        sheet['A2'].data_type = 's'
        page = self.page(saved(sheet.parent))
        self.assertEqual(page.rows_refused, 0, page.line_ids.reason)
        self.assertEqual(page.partner_ids.name, '=1+1')

    def test_files_that_cannot_be_read(self):
        """R179: one sentence each."""
        for content, sentence in (
            (b'PK\x03\x04rubbish', "damaged"),
            (b'\xd0\xcf\x11\xe0rubbish', "damaged"),
            (bytes(range(256)) * 4, "no XLSX, XLS or CSV"),
            (xlsx([['电话'], ['1']]), "No column is headed Customer Name"),
            (xlsx([['客户名称']]), "no rows below its header"),
            ('\n'.join(['客户名称', *['甲科技'] * 20_001]).encode(), "more than 20000 rows"),
            (b' ' * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
        ):
            with self.assertRefused(sentence):
                self.page(content)
        module = 'odoo.addons.k20_base.wizard.k20_customer_import'
        rows = xlsx([['客户名称'], ['大一科技'], ['大二科技']])
        with patch(f'{module}.MAX_ROWS', 1), self.assertRefused("more than 1 rows: split it"):
            self.page(rows)
        with patch(f'{module}.MAX_BYTES', len(rows) - 1), self.assertRefused("larger than .* MB: split it"):
            self.page(rows)
        with patch(f'{module}.MAX_ROWS', 2), patch(f'{module}.MAX_BYTES', len(rows)):
            self.assertEqual(self.page(rows).rows_created, 2)

    def test_a_code_is_taken_once(self):
        """R179: of two rows with one code, or one that a customer has, archived or not, the later is named."""
        self.make_customer('channel', k20_code='HAD').active = False
        rows = [['码一科技', 'HAD'], ['码二科技', 'NEW'], ['码三科技', 'NEW'], ['码四科技', None]]
        page = self.page([['客户名称', '客户编码'], *rows])
        self.assertEqual(page.line_ids.mapped('row_number'), [2, 4])
        for reason in page.line_ids.mapped('reason'):
            self.assertEqual(reason, "This customer code is taken: leave it empty to get a free one.")
        self.assertEqual(page.rows_created, 2)

    def test_the_importer_gets_the_customers(self):
        """R179: who is no administrator imports own customers and names no other owner."""
        page = self.page([['客户名称'], ['壬科技']], self.importer)
        self.assertEqual(page.partner_ids.user_id, self.importer)
        rows = [['客户名称', '负责人'], ['癸科技', 'k20_sales1'], ['子科技', self.importer.login], ['丑科技', None]]
        page = self.page(rows, self.importer)
        self.assertEqual(page.partner_ids.mapped('user_id'), self.importer)
        self.assertEqual((page.line_ids.row_number, page.rows_created), (2, 2))
        self.assertIn("What you import is yours", page.line_ids.reason)

    def test_a_row_is_not_refused_for_the_sake_of_a_refused_one(self):
        """R179: the first row is bad; the second one has its phone and is good."""
        self.make_customer('channel', name='卯一科技')
        rows = [['客户名称', '电话'], ['卯一科技', '0512-66008888'], ['卯二科技', '0512-66008888']]
        page = self.page(rows)
        self.assertEqual(page.partner_ids.name, '卯二科技')
        self.assertEqual(page.line_ids.row_number, 2)

    def test_of_two_rows_that_are_one_customer_the_second_is_named(self):
        """R179: as one of two in the file, not as one that K20 has had before."""
        page = self.page([['客户名称', '电话'], ['卯三科技', '0512-66009999'], ['卯四科技', '0512-66009999']])
        self.assertEqual((page.rows_created, page.line_ids.row_number), (1, 3))
        self.assertIn("is given to two customers", page.line_ids.reason)

    def test_rows_that_no_check_foresees_are_found_in_their_batch(self):
        """R179: a rule that speaks up only while the customer is made refuses its row alone."""

        Partner = self.registry['res.partner']
        record = Partner._k20_record_first_owner

        def refuse(partners):
            if '辰二科技' in partners.mapped('name'):
                reason = "No 辰二科技 here."
                raise ValidationError(reason)
            return record(partners)

        self.patch(Partner, '_k20_record_first_owner', refuse)
        page = self.page([['客户名称'], *([f'辰{number}科技'] for number in '一二三四五')])
        self.assertEqual(page.rows_created, 4)
        self.assertEqual((page.line_ids.row_number, page.line_ids.reason), (3, "No 辰二科技 here."))

    def test_two_people_of_one_name_are_told_apart_by_login(self):
        """R179: a name that fits two owners is refused, a login never."""
        twin = self.make_user('k20_twin', 'salesperson', name=self.sales1.name)
        reason = self.reason(['寅科技', twin.name], ['客户名称', '负责人'])
        self.assertIn("Several people are called", reason)
        page = self.page([['客户名称', '负责人'], ['寅科技', 'k20_twin']])
        self.assertEqual(page.partner_ids.user_id, twin)

    def test_a_thousand_mixed_rows_through_the_page(self):
        """R179: rows in = rows created + rows named, good rows only."""
        rows, bad = self.mixed_rows(1000)
        page = self.page([['客户名称', '省份', '城市/区县', '负责人', '客户编码'], *rows])
        self.assertEqual((page.rows_read, page.rows_created), (1000, 1000 - len(bad)))
        self.assertEqual({line.row_number - 2 for line in page.line_ids}, bad)
        self.assertTrue(all(line.reason for line in page.line_ids))


@tagged('post_install', '-at_install', 'k20_thorough')
class TestImportTemplate(ImportCase, HttpCase):
    def test_the_template_imports_what_is_filled_in(self):
        """R179: Chinese headers, an example with explanations, a sheet of allowed values; by function; no formulas."""
        self.admin.lang = 'zh_CN'
        self.authenticate(self.admin.login, self.admin.login)
        for kind, kind_type in (('channel', '经销商'), ('end', '制造业')):
            response = self.url_open(f'/k20/import/template/{kind}')
            response.raise_for_status()
            book = openpyxl.load_workbook(io.BytesIO(response.content))
            customers, explanation, values = book.worksheets
            header = [cell.value for cell in customers[1]]
            self.assertEqual(header[0], '客户名称')
            allowed = {cell.value for row in values.rows for cell in row}
            self.assertLessEqual({'江苏省', '台湾省', '苏州市吴中区', kind_type}, allowed)
            self.assertEqual(len([row for row in values.iter_rows(min_row=2, max_col=1) if row[0].value]), 34)
            self.assertNotIn('f', {cell.data_type for sheet in book for row in sheet.rows for cell in row})
            for column, cell in enumerate(explanation[2], 1):
                customers.cell(2, column, cell.value)
            page = self.page(saved(book), kind=kind, mode='all')
            self.assertEqual(page.rows_created, 1, page.line_ids.reason)
            page.partner_ids.child_ids.unlink()
            page.partner_ids.unlink()

    def test_the_template_is_for_who_may_import(self):
        """R155, R179: refused without the function."""
        self.authenticate(self.sales1.login, self.sales1.login)
        self.assertEqual(self.url_open('/k20/import/template/end').status_code, 403)
        self.authenticate(self.importer.login, self.importer.login)
        self.assertEqual(self.url_open('/k20/import/template/end').status_code, 200)
        self.assertEqual(self.url_open('/k20/import/template/none').status_code, 404)


@tagged('post_install', '-at_install')
class TestReader(BaseCase):
    """Reading and writing of files, without a database. (R039, R179)"""

    def test_examples(self):
        """R039, R179: the examples in the texts hold."""
        for module in (spreadsheet, spreadsheet_text, customer_import_columns):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted and not result.failed, module)

    def test_what_a_cell_shows(self):
        """R179: whole numbers without a dot, dates as people write them, an apostrophe of the export taken off."""
        rows = read_rows(xlsx([['a', 1.0, 1.5, date(2026, 11, 24), None, "'=1"], [], [None, 'b']]))
        self.assertEqual([row.number for row in rows], [1, 3])
        self.assertEqual(rows[0].cells, ['a', '1', '1.5', '2026-11-24', '', '=1'])
