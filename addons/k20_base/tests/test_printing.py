import base64
import doctest
import io
import os
import re
import stat
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from glob import glob
from pathlib import Path
from unittest.mock import patch

from PyPDF2 import PdfReader

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.models import ir_actions_report as odoo_report

from ..tools import chromium, pdf_text, printed_page
from .common import K20Case

TEMPLATE = """<t t-name="k20_base.test_document"><t t-call="web.html_container"><t t-foreach="docs" t-as="o">
    <t t-call="web.external_layout"><div class="page">
        <h2 t-out="o.name"/><p t-out="o.comment"/>
        <img src="/web/image/res.partner/%s/image_128"/>
        <table><thead><tr><th>抬头</th></tr></thead><tbody>
            <tr t-foreach="range(o.color)" t-as="row"><td>第<t t-out="row"/>行</td></tr>
        </tbody></table>
    </div></t></t></t></t>"""
LONG, SHORT = 60, 3  # lines of a table on two sheets, and on one


def text_of(pdf):
    """Return the text of each page of a PDF, without blanks, which PDFs do not keep."""
    return [''.join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


@tagged('post_install', '-at_install', 'k20_thorough')
class TestPrinting(K20Case):
    """Documents print as PDF through Chromium. (R038; DESIGN §10 "Printing")"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reports = cls.env['ir.actions.report'].with_context(lang='zh_CN', force_report_rendering=True)
        cls.env.company.name = "苏州神州数码有限公司"
        values = {'type': 'qweb', 'key': 'k20_base.test_document', 'arch': TEMPLATE % 0}
        cls.template = cls.env['ir.ui.view'].create({**values, 'name': "Test Document"})
        cls.env['ir.model.data'].create(
            {'module': 'k20_base', 'name': 'test_document', 'model': 'ir.ui.view', 'res_id': cls.template.id}
        )
        cls.report = cls.env['ir.actions.report'].create(
            {'name': "Test", 'model': 'res.partner', 'report_name': 'k20_base.test_document'}
        )
        cls.long = cls.make_customer(name="苏州东方数码", color=LONG, lang='zh_CN')
        cls.short = cls.make_customer(name="Short", color=SHORT, lang='zh_CN')

    def print(self, records, user=None):
        reports = self.reports.with_user(user) if user else self.reports
        return reports._render_qweb_pdf('k20_base.test_document', records.ids)[0]

    def asked_for(self, body, **values):
        """Return the page that Chromium would get for this HTML."""
        return printed_page.build(printed_page.Page(body=f'<html><body>{body}</body></html>', **values))

    def test_header_numbers_and_chinese_on_each_page(self):
        """R038: each sheet names company and page, and repeats the heads of a table; Chinese is text, not a picture."""
        pages = text_of(self.print(self.long))
        self.assertEqual(len(pages), 2)
        for number, text in enumerate(pages, 1):
            self.assertIn("苏州神州数码有限公司", text)
            self.assertIn(f"第{number}页/共2页", text)
            self.assertIn("抬头", text)
        self.assertIn("苏州东方数码", pages[0])

    def test_paper(self):
        """R038: A4 as the paper format says, and landscape where it is asked for."""
        sizes = []
        for orientation in ('Portrait', 'Landscape'):
            self.report.paperformat_id = self.env['report.paperformat'].create(
                {'name': "Test", 'format': 'A4', 'orientation': orientation}
            )
            box = PdfReader(io.BytesIO(self.print(self.short))).pages[0].mediabox
            sizes.append((round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)))
        self.assertEqual(sizes, [(210, 297), (297, 210)])

    def test_several_documents(self):
        """R038: documents of several pages print together, each counted for itself, and can be told apart again."""
        both = self.long + self.short
        found = [re.search("[0-9]页/共[0-9]页", text)[0] for text in text_of(self.print(both))]
        self.assertEqual(found, ["1页/共2页", "2页/共2页", "1页/共1页"])
        streams = self.reports._render_qweb_pdf_prepare_streams('k20_base.test_document', {}, both.ids)
        self.assertEqual([len(text_of(streams[record.id]['stream'].getvalue())) for record in both], [2, 1])

    def test_special_characters(self):
        """R038: what a document says is text, whatever it looks like; so is the company's name, which stands in CSS."""
        self.env.company.name = '"}</style><script>A&B\\'
        self.short.name = '<b>"$(touch /tmp/x)" & \'张\' 𠮷 é</b>'
        text = text_of(self.print(self.short))[0]
        self.assertIn('"}</style><script>A&B\\', text)
        self.assertIn('<b>"$(touch/tmp/x)"&\'张\'𠮷é</b>', text)

    def test_two_at_once(self):
        """R038: two print at the same moment, each its own, and nothing of it stays on the disk."""
        browser = self.reports._k20_browser()
        pages = [self.asked_for(f"<p>Document {number}</p>") for number in (1, 2)]
        with ThreadPoolExecutor(2) as pool:
            pdfs = list(pool.map(lambda page: chromium.print_html(browser, page, 60), pages))
        self.assertEqual([text_of(pdf)[0][-9:] for pdf in pdfs], ["Document1", "Document2"])
        self.assertFalse(glob(f'{tempfile.gettempdir()}/k20_print_*'))

    def test_nothing_is_loaded_and_nothing_runs(self):
        """R038: a page that would read the server's files, or run a script, prints without; nor do styles."""
        with tempfile.NamedTemporaryFile('w', suffix='.html') as secret:
            secret.write('<p>SECRET</p>')
            secret.flush()
            address = Path(secret.name).as_uri()
            for attack in (
                f'<iframe src="{address}"></iframe>',
                f'<object data="{address}"></object>',
                f'<embed src="{address}">',
                f'<meta http-equiv="refresh" content="0;url={address}">',
                '<script>document.write("SECRET")</script>',
                '<img src="x" onerror="document.write(\'SECRET\')">',
                '<svg onload="document.write(\'SECRET\')"></svg>',
                f'<style>@import url("{address}");</style>',
            ):
                page = self.asked_for(f'<p>before</p>{attack}')
                self.assertIn("default-src 'none'", page)
                text = text_of(chromium.print_html(self.reports._k20_browser(), page, 60))[0]
                self.assertIn("before", text, attack)
                self.assertNotIn("SECRET", text, attack)

    def test_pictures_by_right_of_the_reader(self):
        """R038, R022: a picture in a document is taken with the rights of who prints, also where the portal prints."""
        logo = self.env['ir.binary']._k20_static('/web/static/img/logo.png')[0]
        self.short.image_1920 = base64.b64encode(logo)
        self.short.flush_recordset()
        url = f'/web/image/res.partner/{self.short.id}/image_128'
        self.assertEqual(self.env['ir.binary'].with_user(self.admin)._k20_content_at(url)[1], 'image/png')
        outsider = self.env['ir.binary'].with_user(self.outsider)
        for binary in (outsider, outsider.sudo(), self.env['ir.binary'].with_user(SUPERUSER_ID)):
            self.assertIsNone(binary._k20_content_at(url))

    def test_addresses(self):
        """R038: of this server's addresses, files of static folders, styles and pictures are content, no more."""
        binary = self.env['ir.binary'].with_user(self.sales1)
        self.assertEqual(binary._k20_content_at('/web/static/img/logo.png')[1], 'image/png')
        for url in (
            '/web/static/../models/models.py', '/etc/passwd', '/web/session/logout', '/web/image/res.partner/x/y',
            '/web/assets/1/nothing.min.css', '/report/barcode/None/abc', '/json/1/res.partner',
        ):  # fmt: skip
            self.assertIsNone(binary._k20_content_at(url), url)
        for url in ('http://example.com/x.png', '//example.com/x.png', 'file:///etc/passwd'):
            self.assertIsNone(self.reports._k20_content(url), url)

    def test_too_slow(self):
        """R038: a browser that does not come to an end is ended, with all it started, and the user is told."""
        with tempfile.TemporaryDirectory() as folder:
            slow = Path(folder, 'chromium')
            slow.write_text('#!/bin/sh\nsleep 54321 &\nwait\n')
            slow.chmod(slow.stat().st_mode | stat.S_IXUSR)
            began = time.monotonic()
            with self.assertRaises(chromium.TookTooLongError):
                chromium.print_html(str(slow), 'x', 0.5)
            self.assertLess(time.monotonic() - began, 20)
            self.assertFalse(self._running('sleep\x0054321'))
            with patch.object(chromium, 'print_html', side_effect=chromium.TookTooLongError):
                self._assert_not_printed("not ready after 60 seconds: print fewer pages")
            with patch.object(type(self.reports), '_k20_browser', lambda self: '/bin/false'):
                self._assert_not_printed("the server's log says why")

    def test_nothing_to_print_with(self):
        """R038: where neither program is there, one sentence says what to install; the client asks for the PDF."""
        with self._machine():
            self.assertEqual(self.reports.get_wkhtmltopdf_state(), 'ok')
            self._assert_not_printed("install Chromium and a Chinese font")

    def test_which_program(self):
        """R038: wkhtmltopdf prints where it can print headers; Chromium where it is missing or cannot."""
        with tempfile.TemporaryDirectory() as folder:
            browser = Path(folder, 'google-chrome')
            browser.touch(0o755)
            for says, expected in (
                (None, str(browser)),
                ('wkhtmltopdf 0.12.6', str(browser)),
                ('wkhtmltopdf 0.12.6.1 (with patched qt)', None),
            ):
                with self._machine(folder, says):
                    self.assertEqual(self.reports._k20_browser(), expected, says)
                    self.assertEqual(self.reports.get_wkhtmltopdf_state(), 'ok')

    def test_examples(self):
        """R038: the examples in the texts of tools/printed_page.py and pdf_text.py hold."""
        for module in (printed_page, pdf_text):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 3)
            self.assertFalse(result.failed)

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _machine(self, folder='/nowhere', says=None):
        """A machine with the programs of one folder; wkhtmltopdf in it calls itself `says`."""
        if says:
            program = Path(folder, 'wkhtmltopdf')
            program.write_text(f'#!/bin/sh\necho "{says}"\n')
            program.chmod(0o755)
        self.addCleanup(odoo_report._wkhtml.cache_clear)
        odoo_report._wkhtml.cache_clear()
        return patch.dict(os.environ, {'PATH': folder})

    def _assert_not_printed(self, sentence):
        with self.assertRaises(UserError) as caught, self.assertLogs(level='INFO'):
            odoo_report._logger.info("so that there is a log")
            self.reports.with_context(lang='en_US')._run_wkhtmltopdf(['<p>x</p>'])
        self.assertIn(sentence, str(caught.exception))

    def _running(self, command):
        texts = []
        for path in glob('/proc/[0-9]*/cmdline'):
            try:
                texts.append(Path(path).read_text())
            except OSError:
                continue
        return [text for text in texts if command in text]
