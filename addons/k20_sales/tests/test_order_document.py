import base64
import io
import json
from urllib.parse import quote

from PIL import Image
from PyPDF2 import PdfReader

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .prices_case import PricesCase, PricesHttpCase

REPORT = 'sale.report_saleorder'


def picture(colour):
    content = io.BytesIO()
    Image.new('RGB', (40, 40), colour).save(content, 'PNG')
    return base64.b64encode(content.getvalue())


class DocumentMakers:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.china = cls.env.ref('base.cn')
        cls.env.company.write({'k20_seal': picture('red'), 'currency_id': cls.env.ref('base.CNY').id})
        cls.env.company.with_context(lang='zh_CN').k20_order_terms = "<p>质保三年</p>"
        cls.customer.write({'name': "苏州东方数码", 'vat': '91320500MA1N12345X', 'phone': '0512-88886666'})
        cls.customer.write({'street': "人民路1号", 'city': "苏州市", 'country_id': cls.china.id})
        cls.product.write({'name': "服务器", 'default_code': 'SR650-V3'})
        cls.sales1.phone = '0512-1234567'

    def approved(self, order):
        order.action_k20_submit()
        order.with_user(self.admin).action_k20_approve()
        return order

    def html(self, order, user=None):
        reports = self.env['ir.actions.report'].with_user(user or self.sales1)
        return reports._render_qweb_html(REPORT, order.ids)[0].decode()

    def pdf_text(self, order):
        """Return the text layer of the PDF, without any space."""
        reports = self.env['ir.actions.report'].with_user(self.sales1).with_context(force_report_rendering=True)
        pdf = reports._render_qweb_pdf(REPORT, order.ids)[0]
        return ''.join(''.join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


@tagged('post_install', '-at_install', 'k20_thorough')
class TestOrderDocument(DocumentMakers, PricesCase):
    """Quotation and contract are printed in Chinese. (R038)"""

    def test_text_of_the_pdf(self):
        """R038: the text layer holds what the document says, also the amount in capital numerals."""
        project = self.make_lead(self.customer, self.sales1, name="机房改造项目")
        order = self.quote(1002.30, opportunity_id=project.id, note="<p>交货期15天</p>")
        text = self.pdf_text(order)
        order_type = order.k20_order_type_id.with_context(lang='zh_CN').name
        for words in (
            "报价单", order.name, "机房改造项目", order_type, "苏州东方数码", "91320500MA1N12345X", "0512-88886666",
            "苏州市人民路1号", "SR650-V3", "服务器", "1,002.30", "人民币壹仟零贰元叁角整", "交货期15天", "质保三年",
            "0512-1234567", "第1页/共1页", self.env.company.name,
        ):  # fmt: skip
            self.assertIn(''.join(words.split()), text)
        self.assertNotIn("销售合同", text)
        document = order.with_context(lang='zh_CN')._k20_document()
        for label, _value in document['facts'] + document['buyer'] + document['seller']:
            self.assertNotRegex(label, '[A-Za-z]')

    def test_instalments_are_printed(self):
        """R038, R091: quotation and contract say when what is to be paid; nothing where nothing is planned."""
        order = self.quote(1000)
        self.assertNotIn("付款计划", self.html(order))
        order.k20_instalment_ids = [
            Command.create({'due_date': '2031-03-05', 'percent': 30}),
            Command.create({'due_date': '2031-01-05', 'amount': 700}),
        ]
        for title, change in (("报价单", lambda: None), ("销售合同", lambda: self.approved(order))):
            change()
            text = self.pdf_text(order)
            for words in (title, "付款计划", "12031-01-05", "700.00", "22031-03-0530%", "300.00"):
                self.assertIn(words, text)
        self.assertIn("比例", self.html(order))
        order.with_user(self.admin).k20_instalment_ids.percent = 0
        self.assertNotIn("比例", self.html(order))

    def test_title_and_seal_follow_the_approval(self):
        """R038: the seal is on approved orders alone, not on quotations, submitted or cancelled ones."""
        order = self.quote(100)
        seal = base64.b64decode(self.env.company.k20_seal)
        for change, title, sealed in (
            (lambda: None, "报价单", False),
            (order.action_k20_submit, "报价单", False),
            (order.with_user(self.admin).action_k20_approve, "销售合同", True),
            (order.with_user(self.admin)._action_cancel, "销售合同（已取消）", False),
        ):
            change()
            document = order.with_context(lang='zh_CN')._k20_document()
            self.assertEqual((document['title'], bool(document['seal'])), (title, sealed))
            self.assertEqual(base64.b64encode(seal).decode() in self.html(order), sealed)
        self.assertEqual(order._get_report_base_filename(), f"销售合同（已取消） {order.name}")

    def test_nobody_else_gets_the_seal(self):
        """R038: who prints may not take the seal from the company, or put it into a text."""
        for user in (self.sales1, self.manager, self.finance):
            with self.assertRaises(AccessError):
                self.env.company.with_user(user).read(['k20_seal'])
            url = f'/web/image/res.company/{self.env.company.id}/k20_seal'
            for binary in (self.env['ir.binary'].with_user(user), self.env['ir.binary'].with_user(user).sudo()):
                self.assertIsNone(binary._k20_content_at(url))

    def test_lines(self):
        """R038: prices with tax, discounts, sections and notes; hidden prices stay hidden."""
        tax = self.env['account.tax'].create({'name': "VAT", 'amount': 13, 'type_tax_use': 'sale'})
        order = self.quote(
            Command.create({'display_type': 'line_section', 'name': "硬件", 'sequence': 1}),
            self.line_values(100, product_uom_qty=2.5, discount=10, sequence=2, tax_ids=[Command.set(tax.ids)]),
            Command.create({'display_type': 'line_note', 'name': "含安装", 'sequence': 3}),
        )
        section, product, note = order._k20_document_rows()
        self.assertEqual((section['kind'], section['name'], section['amount']), ('section', "硬件", 254.25))
        self.assertEqual(
            (product['number'], product['model'], product['quantity'], product['price'], product['discount']),
            (1, 'SR650-V3', '2.5', 113, '10%'),
        )
        self.assertEqual((product['amount'], note['kind']), (254.25, 'note'))
        order.order_line[0].collapse_prices = True
        self.assertNotIn('price', order._k20_document_rows()[1])

    def test_never_cost_margin_or_floor(self):
        """R038, R088: whoever prints, the document tells a customer neither cost nor margin nor floor price."""
        order = self.quote(100)
        for user in (self.sales1, self.admin):
            html = self.html(order, user)
            self.assertIn('100.00', html)
            for secret in (f'{self.COST:.2f}', f'{100 - self.COST:.2f}', '80.00'):
                self.assertNotIn(secret, html)

    def test_foreign_currency(self):
        """R038: another currency goes by its name."""
        dollar = self.env.ref('base.USD')
        dollar.active = True
        pricelist = self.env['product.pricelist'].create({'name': "USD", 'currency_id': dollar.id})
        order = self.quote(88.05, pricelist_id=pricelist.id)
        self.assertIn("美元捌拾捌元零伍分", self.html(order))

    def test_language(self):
        """R038: Chinese for everybody in China, whatever their record says; a customer abroad reads its own."""
        order = self.quote(100)
        self.customer.lang = 'en_US'
        self.assertIn("含税单价", self.html(order))
        self.customer.country_id = self.env.ref('base.us')
        html = self.html(order)
        self.assertIn("Unit Price with Tax", html)
        self.assertNotIn("人民币壹佰元整", html)

    def test_beyond_counting(self):
        """R038: a total that has no words is refused in a sentence."""
        order = self.quote(1e15, 1e16)
        with self.assertRaisesRegex(UserError, "无法写成大写"):
            order.with_context(lang='zh_CN')._k20_document()

    def test_what_was_read_for_somebody_else_is_not_printed(self):
        """R038: a colleague's order stays unread, also where the server has just read it for its own ends."""
        order = self.quote(100)
        order.sudo()._k20_document()
        with self.assertRaises(AccessError):
            order.with_user(self.sales3)._k20_document()

    def test_text_is_no_code(self):
        """R038: names are shown as they are written."""
        self.product.name = '<script>alert("x")</script>'
        html = self.html(self.quote(100))
        self.assertNotIn('<script>alert', html)
        self.assertIn('&lt;script&gt;alert', html)


@tagged('post_install', '-at_install', 'k20_thorough')
class TestOrderDocumentDoors(DocumentMakers, PricesHttpCase):
    """Who may not read an order cannot print it. (R022, R038)"""

    def get(self, url):
        answer = self.url_open(url, timeout=60)
        return answer.status_code, answer.content.decode(errors='replace')

    def test_a_colleague_cannot_print(self):
        """R022, R038: every route of a report refuses a colleague, alone and among own orders."""
        order = self.quote(100, user=self.sales1)
        own = self.quote(100, user=self.sales3, partner_id=self.make_customer(owner=self.sales3).id)
        self.login(self.sales3)
        self.assertEqual(self.get(f'/report/html/{REPORT}/{own.id}')[0], 200)
        for ids in (order.id, f'{own.id},{order.id}'):
            for route in ('html', 'pdf', 'text'):
                status, text = self.get(f'/report/{route}/{REPORT}/{ids}')
                self.assertNotEqual(status, 200, route)
                self.assertNotIn("苏州东方数码", text)
            data = quote(json.dumps([f'/report/pdf/{REPORT}/{ids}', 'qweb-pdf']))
            with mute_logger('odoo.addons.web.controllers.report'):
                _status, text = self.get(f'/report/download?data={data}')
            self.assertRegex(text, '^{.*AccessError')  # Odoo answers 200 with the error inside
            self.assertNotIn("苏州东方数码", text)

    def test_no_call_gives_the_values(self):
        """R022, R038: what a document is made of is no method of the order that a client could call."""
        order = self.quote(100)
        self.login(self.sales1)
        for method in ('_k20_document', '_k20_document_seal', '_get_report_base_filename'):
            self.assertCallRefused('sale.order', method, order.ids)

    def test_customer_gets_the_same(self):
        """R038: the portal's link prints the same document, without it nothing."""
        order = self.quote(100)
        url = f'/my/orders/{order.id}?report_type=html'
        self.assertIn("人民币壹佰元整", self.get(f'{url}&access_token={order.sudo().access_token}')[1])
        self.assertNotIn("人民币", self.get(url)[1])
        self.assertNotIn("人民币", self.get(f'{url}&access_token=x')[1])
