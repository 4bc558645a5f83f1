import base64
import io

import openpyxl

from .common import K20Case

FUNCTION = 'k20_base.group_k20_import'


def xlsx(rows):
    """Return the bytes of a workbook with `rows` on its first sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book):
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


class ImportCase(K20Case):
    """Somebody who may import, and files to import."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.importer = cls.make_user('k20_importer', 'salesperson')
        cls.importer.group_ids += cls.env.ref(FUNCTION)
        cls.dealer = cls.env.ref('k20_base.k20_customer_type_dealer')

    def page(self, content, user=None, mode='good', kind='channel', lang='en_US'):
        """Return the import page after running it with a file of `content`, or of rows."""
        content = content if isinstance(content, bytes) else xlsx(content)
        values = {'kind': kind, 'mode': mode, 'file': base64.b64encode(content), 'file_name': 'customers.xlsx'}
        page = self.env['k20.customer.import'].with_user(user or self.admin).with_context(lang=lang).create(values)
        page.action_run()
        self.assertEqual(page.rows_read, page.rows_good + page.rows_refused)
        self.assertEqual(page.rows_refused, len(page.line_ids))
        return page

    def reason(self, row, header=('客户名称',), **options):
        """Return why a file of one `row` is refused."""
        page = self.page([header, row], **options)
        self.assertEqual((page.rows_refused, page.rows_created), (1, 0), page.partner_ids)
        return page.line_ids.reason

    def customers(self, name):
        return self.env['res.partner'].search([('name', 'like', name)])

    def mixed_rows(self, count):
        """Return `count` rows, and the numbers of the bad ones."""
        self.make_customer('channel', k20_code='TAKEN', name='已有科技')
        rows, bad = [], set()
        spoil = {
            2: {'state_id': '江南省'},
            3: {'city_id': '没有区'},
            5: {'user_id': 'nobody'},
            7: {'name': None},
            11: {'name': '长' * 300},
            13: {'k20_code': 'TAKEN'},
            14: {'name': '已有科技有限公司'},
            15: {'name': '重复（苏州）科技'},
            17: {'k20_code': 'TWICE'},
            19: {'state_id': '浙江省', 'city_id': '苏州市吴中区'},
        }
        twice = set()
        for number in range(count):
            row = {
                'name': f'千行科技{number}',
                'state_id': '江苏省',
                'city_id': None,
                'user_id': None,
                'k20_code': None,
            }
            change = spoil.get(number % 50)
            if change:
                row.update(change)
                # Of two rows that are the same customer the first one is good.
                if number % 50 not in (15, 17) or number % 50 in twice:
                    bad.add(number)
                twice.add(number % 50)
            rows.append(list(row.values()))
        return rows, bad
