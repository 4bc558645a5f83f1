import io
import logging
import re

import lxml.html
from lxml import etree

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import find_in_path
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from odoo.addons.base.models import ir_actions_report as odoo_report

from ..tools import chromium, pdf_text, printed_page

_logger = logging.getLogger(__name__)

SECONDS = 60  # a document of some hundred pages takes ten
CSS_MARGIN = 11  # mm that Odoo's styles keep from the edge where the paper format leaves the margins to them


class IrActionsReport(models.Model):
    """Odoo prints through Chromium where wkhtmltopdf is missing or cannot print headers. (R038; DESIGN §10 "Printing")

    Debian's wkhtmltopdf leaves out header, footer and page numbers though Odoo calls it fit. Callers, reports and paper
    formats stay as they are: this stands in for the one method that runs wkhtmltopdf.
    """

    _inherit = 'ir.actions.report'

    @api.model
    def get_wkhtmltopdf_state(self):
        """Return whether the web client may ask for a PDF: also where K20 prints through Chromium. (R038)

        :return str: 'ok'; also where nothing prints, for then the attempt says what to install, where Odoo's client
            would recommend wkhtmltopdf; otherwise what Odoo found out about wkhtmltopdf
        """
        state = super().get_wkhtmltopdf_state()
        return 'ok' if state == 'install' or self._k20_browser() else state

    @api.model
    def _k20_browser(self):
        """Return the path of the browser to print through; None where wkhtmltopdf is fit, or there is no browser."""
        wkhtmltopdf = odoo_report._wkhtml()
        if wkhtmltopdf.state == 'ok' and wkhtmltopdf.is_patched_qt:
            return None
        for name in chromium.BROWSERS:
            try:
                return find_in_path(name)
            except OSError:
                continue
        return None

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        browser = self._k20_browser()
        if browser:
            sheet = self._k20_sheet(report_ref, landscape, specific_paperformat_args or {})
            pages = self._k20_pages(bodies, header, footer, sheet)
            return self._k20_join([self._k20_print(browser, page) for page in pages])
        if odoo_report._wkhtml().state == 'install':
            raise UserError(
                self.env._(
                    "Nothing on this server can print a PDF: ask its administrator to install Chromium and a Chinese "
                    "font (on Debian: apt install chromium fonts-noto-cjk), then print again."
                )
            )
        return super()._run_wkhtmltopdf(
            bodies, report_ref, header, footer, landscape, specific_paperformat_args, set_viewport_size
        )

    # -- one document after the other --------------------------------------------------------------------------------

    def _k20_print(self, browser, page):
        """Print one document; return the PDF."""
        try:
            return pdf_text.mended(chromium.print_html(browser, page, SECONDS))
        except chromium.TookTooLongError:
            raise UserError(
                self.env._(
                    "The document was not ready after %(seconds)s seconds: print fewer pages, or try again when the "
                    "server is less busy.",
                    seconds=SECONDS,
                )
            ) from None
        except (chromium.PrintingError, OSError) as error:
            _logger.warning("Chromium made no PDF: %s", error)
            raise UserError(
                self.env._("Chromium could not print this document: the server's log says why. Tell its administrator.")
            ) from None

    @api.model
    def _k20_join(self, pdfs):
        """Put PDFs together, in the way Odoo finds out which pages belong to which document: by named places."""
        if len(pdfs) == 1:
            return pdfs[0]
        writer = PdfFileWriter()
        starts = []
        for pdf in pdfs:
            starts.append(len(writer.pages))
            writer.appendPagesFromReader(PdfFileReader(io.BytesIO(pdf)))
        printed_page.mark_starts(writer, starts)
        joined = io.BytesIO()
        writer.write(joined)
        return joined.getvalue()

    # -- what is printed ---------------------------------------------------------------------------------------------

    def _k20_sheet(self, report_ref, landscape, asked):
        """Return the paper: the report's format, and what its template asks for in data-report-… attributes."""
        paper = (self._get_report(report_ref) if report_ref else self).get_paperformat()
        if not paper:
            return printed_page.Sheet()
        width, height = paper.print_page_width, paper.print_page_height
        if (landscape or asked.get('data-report-landscape')) and width < height:
            width, height = height, width
        return printed_page.Sheet(
            width=width,
            height=height,
            margin_top=float(asked.get('data-report-margin-top', paper.margin_top)),
            margin_bottom=float(asked.get('data-report-margin-bottom', paper.margin_bottom)),
            margin_left=paper.margin_left,
            margin_right=paper.margin_right,
            inset=CSS_MARGIN if paper.css_margins else 0,
        )

    def _k20_pages(self, bodies, header, footer, sheet):
        """Yield each document as one page of HTML that loads nothing."""
        headers, footers = printed_page.parts(header, 'headers'), printed_page.parts(footer, 'footers')
        for number, body in enumerate(bodies):
            html = printed_page.parse(body)
            document = self._k20_document_of(html)
            page = printed_page.Page(
                body=self._k20_inline(html),
                header=self._k20_inline(headers[number]) if number < len(headers) else None,
                footer=self._k20_inline(footers[number]) if number < len(footers) else None,
                company=document.env.company.name,
                numbers=document._k20_page_numbers(),
                lang=(document.env.lang or 'zh_CN').replace('_', '-'),
                sheet=sheet,
            )
            yield printed_page.build(page, self._k20_css(html))

    def _k20_document_of(self, html):
        """Return self in the language and the company of the document, which Odoo's layouts write on it."""
        found = html.xpath('//*[@data-oe-lang]/@data-oe-lang')
        lang = found[0] if found and self.env['res.lang']._get_code(found[0]) else None
        named = re.search(r'\bo_company_(\d+)_layout\b', etree.tostring(html, encoding='unicode'))
        company = self.env['res.company'].sudo().browse(int(named[1])).exists() if named else None
        here = self.with_context(lang=lang) if lang else self
        return here.with_company(company) if company else here

    def _k20_page_numbers(self):
        return self.env._("Page %(page)s of %(pages)s", page='%(page)s', pages='%(pages)s')

    # -- what a page would load --------------------------------------------------------------------------------------

    def _k20_css(self, html):
        """Return the text of the styles that a page links to, with those fonts in it that a document uses."""
        names = {'FontAwesome', *self.env['res.company'].sudo().search([('font', '!=', False)]).mapped('font')}
        sheets = []
        for link in html.xpath('//link[@rel="stylesheet"]/@href'):
            content = self._k20_content(link)
            if content:
                text = content[0].decode(errors='replace')
                sheets.append(printed_page.with_fonts(text, names, self._k20_data_uri))
        return '\n'.join(sheets)

    def _k20_inline(self, node):
        """Put a page's pictures into it as data; return the page: an element, or text where it was a whole page."""
        for image in node.iter('img'):
            image.set('src', self._k20_data_uri(image.get('src') or '') or '')
        for styled in node.xpath('.//*[contains(@style, "url(")] | .//style'):
            holder = styled.text if styled.tag == 'style' else styled.get('style')
            text = printed_page.with_data(holder or '', self._k20_data_uri)
            if styled.tag == 'style':
                styled.text = text
            else:
                styled.set('style', text)
        return lxml.html.tostring(node, encoding='unicode') if node.tag == 'html' else node

    def _k20_data_uri(self, url):
        """Return what stands at an address of this server as data; None for what is not there or is elsewhere."""
        if url.startswith('data:'):
            return url
        content = self._k20_content(url)
        return content and printed_page.data_uri(*content)

    def _k20_content(self, url):
        """Return the content at an address of this server and its type, as the user may see it; None for none."""
        base = self._get_report_url()
        path = url.removeprefix(base.rstrip('/')) if base else url
        if not path.startswith('/') or path.startswith('//'):
            return None
        return self.env['ir.binary']._k20_content_at(path)
