from babel.numbers import get_currency_name

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date, is_html_empty

from ..tools.capitals import capitals

CHINESE = 'zh_CN'
CHINESE_SPOKEN = ('CN', 'HK', 'MO', 'TW')


class SaleOrder(models.Model):
    """The quotation and the contract as they are printed. (R038; DESIGN §9)

    All values are worked out here, the template only places them; cost, margin and floor prices are not among them.
    """

    _inherit = 'sale.order'

    def _get_report_base_filename(self):
        self.ensure_one()
        order = self.with_context(lang=self._k20_document_lang())
        return f'{order._k20_document_title()} {order.name}'

    def _k20_document_lang(self):
        """Return the language to print in: Chinese, and for a customer abroad the customer's."""
        self.ensure_one()
        country, lang = self.partner_id.country_id.code, self.partner_id.lang
        abroad = country and country not in CHINESE_SPOKEN
        chinese = self.env['res.lang']._get_code(CHINESE)
        return lang if (abroad and lang) or not chinese else chinese

    def _k20_document(self):
        """Return everything that the printed document shows, as text or as (label, text).

        :return dict: see the template k20_sales.order_document
        :raise AccessError: where the user may not read the order or its customer
        """
        self.ensure_one()
        self.check_access('read')  # what was read already in this request would be printed without being asked for
        rows = self._k20_document_rows()
        return {
            'title': self._k20_document_title(),
            'facts': [fact for fact in self._k20_document_facts() if fact[1]],
            'buyer': [fact for fact in self._k20_document_buyer() if fact[1]],
            'seller': [fact for fact in self._k20_document_seller() if fact[1]],
            'rows': rows,
            'discounted': any(row.get('discount') for row in rows),
            'capitals': self._k20_document_capitals(),
            'instalments': self._k20_document_instalments(),
            'terms': [text for text in self._k20_document_terms() if not is_html_empty(text)],
            'seal': self._k20_document_seal(),
        }

    # -- what kind of document ---------------------------------------------------------------------------------------

    def _k20_is_contract(self):
        """Whether the document binds both sides: an order is one once it is approved."""
        return self.k20_approval_state == 'approved'

    def _k20_document_title(self):
        title = self.env._("Sales Contract") if self._k20_is_contract() else self.env._("Quotation")
        return self.env._("%(title)s (cancelled)", title=title) if self.state == 'cancel' else title

    def _k20_document_seal(self):
        """Return the seal for an approved order that stands, else False."""
        if not self._k20_is_contract() or self.state == 'cancel':
            return False
        return self.company_id.sudo().k20_seal  # kept from everybody, so that it is on nothing else

    # -- facts -------------------------------------------------------------------------------------------------------

    def _k20_document_facts(self):
        """Hook: (label, text) of the facts above the lines, in the order of printing; empty ones are left out."""
        seller = self.user_id.sudo()  # a customer on the portal may not read the user, but is told whom to call
        contract = self._k20_is_contract()
        return [
            (self.env._("Number"), self.name),
            (self.env._("Date"), self._k20_document_day(self.date_order)),
            (self.env._("Valid until"), not contract and self._k20_document_day(self.validity_date)),
            (self.env._("Project"), self.opportunity_id.sudo().name),  # the name alone, for who may read the order
            (self.env._("Order Type"), self.k20_order_type_id.sudo().name),
            (self.env._("Your Reference"), self.client_order_ref),
            (self.env._("Salesperson"), ' '.join(filter(None, (seller.name, seller.phone)))),
            (self.env._("Payment Terms"), self.payment_term_id.sudo().name),
            (self.env._("Delivery Date"), self._k20_document_day(self.commitment_date)),
            (self.env._("Currency"), self._k20_currency_name(self.env.lang)),
        ]

    def _k20_document_buyer(self):
        customer = self.partner_id.commercial_partner_id
        contact = self.partner_id if self.partner_id != customer else customer.child_ids.filtered('name')[:1]
        return [
            (self.env._("Buyer"), customer.name),
            (self.env._("Contact"), contact.name),
            (self.env._("Phone"), self.partner_id.phone or contact.phone or customer.phone),
            (self.env._("Address"), self._k20_address(self.partner_invoice_id or self.partner_id)),
            (self.env._("Ship to"), self._k20_ship_to()),
            (self.env._("Tax No."), customer.vat),
        ]

    def _k20_document_seller(self):
        company = self.company_id.sudo()
        account = company.partner_id.bank_ids[:1]
        return [
            (self.env._("Seller"), company.name),
            (self.env._("Phone"), company.phone),
            (self.env._("Address"), self._k20_address(company.partner_id)),
            (self.env._("Tax No."), company.vat),
            (self.env._("Bank"), account.bank_id.name),
            (self.env._("Account No."), account.acc_number),
        ]

    def _k20_ship_to(self):
        place = self.partner_shipping_id
        return place and place != (self.partner_invoice_id or self.partner_id) and self._k20_address(place)

    def _k20_address(self, partner):
        """Return an address in one line, the largest part first, as it is written in China; the country abroad only."""
        if partner.country_id and partner.country_id.code not in CHINESE_SPOKEN:
            return ', '.join(filter(None, partner._display_address(without_company=True).split('\n')))
        pieces = (partner.state_id.name, partner.city, partner.street, partner.street2)
        named = [piece for number, piece in enumerate(pieces) if piece and piece not in pieces[:number]]
        return ' '.join(named) + (f' ({partner.zip})' if named and partner.zip else '')

    def _k20_document_day(self, day):
        return day and format_date(self.env, day, date_format='yyyy-MM-dd')

    # -- lines -------------------------------------------------------------------------------------------------------

    def _k20_document_rows(self):
        """Return the lines as dicts: kind (product, section, note), texts, and amounts in the order's currency."""
        rows = []
        for line in self._get_order_lines_to_report():
            row = self._k20_document_row(line)
            row['number'] = sum(other['kind'] == 'product' for other in rows) + 1 if row['kind'] == 'product' else None
            rows.append(row)
        return rows

    def _k20_document_row(self, line):
        if line.display_type == 'line_note':
            return {'kind': 'note', 'name': line.name}
        if line.display_type:
            return {'kind': 'section', 'name': line.name, 'amount': line._get_section_totals('price_total')}
        product = line.product_id.sudo()  # a customer on the portal may not read a product that is not for sale there
        row = {
            'kind': 'product',
            'model': product.default_code,
            'name': line.name.removeprefix(f'[{product.default_code}]').strip(),
            'quantity': self._k20_document_number(line.product_uom_qty),
            'unit': line.product_uom_id.sudo().name,
        }
        if line.parent_id.collapse_prices or line.parent_id.parent_id.collapse_prices:
            return row
        if line.product_type == 'combo':
            return {**row, 'amount': line._get_combo_totals('price_total')}
        discount = line.discount and f'{self._k20_document_number(line.discount)}%'
        return {**row, 'price': self._k20_price_with_tax(line), 'discount': discount, 'amount': line.price_total}

    def _k20_document_number(self, number):
        """Return a quantity without the zeros that say nothing: 1,250 and 0.5."""
        return f'{number:,.6f}'.rstrip('0').rstrip('.')

    def _k20_price_with_tax(self, line):
        """Return the price of one unit with tax, before the line's discount."""
        taxes = line.tax_ids.sudo()
        partner = self.partner_shipping_id or self.partner_id
        return taxes.compute_all(line.price_unit, self.currency_id, 1, line.product_id, partner)['total_included']

    # -- when it is paid ---------------------------------------------------------------------------------------------

    def _k20_document_instalments(self):
        """Return the instalments as dicts of number, day and percent as text, amount in the order's currency."""
        planned = self.sudo().k20_instalment_ids._k20_oldest_first()  # the customer prints it too, on the portal
        return [
            {
                'number': number,
                'day': self._k20_document_day(instalment.due_date),
                'percent': instalment.percent and f'{self._k20_document_number(instalment.percent)}%',
                'amount': instalment.amount,
            }
            for number, instalment in enumerate(planned, 1)
        ]

    # -- amount in words, terms --------------------------------------------------------------------------------------

    def _k20_document_capitals(self):
        """Return the total in Chinese capital numerals, for a document in Chinese."""
        if not (self.env.lang or '').startswith('zh'):
            return False
        try:
            name = self._k20_currency_name(CHINESE)
            return capitals(self.amount_total, name, min(self.currency_id.decimal_places, 3))
        except ValueError:
            raise UserError(
                self.env._(
                    "The total of %s is too large to be written in capital numerals: correct its lines.", self.name
                )
            ) from None

    def _k20_currency_name(self, lang):
        return get_currency_name(self.currency_id.name, locale=lang if lang in ('zh_CN', 'zh_TW') else 'en')

    def _k20_document_terms(self):
        """Return what is agreed: for this order, by its payment terms and taxes, and the company's own terms."""
        return [
            self.note,
            self.payment_term_id.sudo().note,
            self.fiscal_position_id.sudo().note,
            self.company_id.sudo().with_context(lang=self.env.lang).k20_order_terms,
        ]
