import base64

from odoo.tests import HttpCase, tagged

from .test_import import ImportCase, xlsx


@tagged('post_install', '-at_install', 'k20_thorough')
class TestImportTour(HttpCase, ImportCase):
    """A salesperson with the import function brings a list of channels in, in the browser. (R155, R179)"""

    def test_a_salesperson_imports_a_list(self):
        """R179: from the page to the customers, one bad row named."""
        rows = [
            ['客户名称', '省份', '联系人'],
            ['浏览器一科技', '江苏省', '张伟'],
            ['浏览器二科技', '浙江', None],
            ['浏览器三科技', '江南省', None],
        ]
        self.env['ir.attachment'].create(
            {
                'name': "customers.xlsx",
                'type': 'binary',
                'url': '/k20_base/tour/customers.xlsx',
                'public': True,
                'datas': base64.b64encode(xlsx(rows)),
            }
        )
        self.start_tour('/odoo/k20-import-channels', 'k20_customer_import', login=self.importer.login)
        made = self.customers('浏览器')
        self.assertEqual(sorted(made.mapped('name')), ['浏览器一科技', '浏览器二科技'])
        self.assertEqual(made.user_id, self.importer)
        self.assertEqual(made.child_ids.name, '张伟')


@tagged('post_install', '-at_install', 'k20_thorough')
class TestImportTourPhone(TestImportTour):
    """The same on a phone."""

    allow_inherited_tests_method = True
    browser_size = '390x844'
    touch_enabled = True


@tagged('post_install', '-at_install', 'k20_thorough')
class TestFileButtons(HttpCase, ImportCase):
    """Who may not take out or bring in gets no button for it. (R039, R155)"""

    def test_import_is_offered_by_function(self):
        """R155: in the menu of Odoo's own list of contacts."""
        self.start_tour('/odoo/contacts?view_type=list', 'k20_import_is_offered', login=self.importer.login)
        self.start_tour('/odoo/contacts?view_type=list', 'k20_import_is_hidden', login=self.sales1.login)

    def test_the_pivots_download_is_offered_by_function(self):
        """R039: Odoo shows it to everybody; an administrator without the tick gets none either."""
        self.env['ir.actions.act_window'].create(
            {'name': "Pivot", 'res_model': 'k20.followup', 'view_mode': 'pivot', 'path': 'k20-tour-pivot'}
        )
        self.make_followup(self.make_customer(owner=self.admin), user_id=self.admin.id)
        self.start_tour('/odoo/k20-tour-pivot', 'k20_pivot_download_is_offered', login=self.admin.login)
        self.admin.k20_function_ids -= self.env.ref('base.group_allow_export')
        self.start_tour('/odoo/k20-tour-pivot', 'k20_pivot_download_is_hidden', login=self.admin.login)
