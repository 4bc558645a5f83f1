from odoo import Command

from odoo.addons.k20_base.tests.common import K20Case, K20HttpCase


class SalesMakers:
    """Makers of projects, orders and invoices; a test shows the values that matter to it."""

    @classmethod
    def make_lead(cls, customer=None, user=None, **values):
        values = {'name': "Project", 'type': 'opportunity', 'user_id': user.id if user else False, **values}
        return cls.env['crm.lead'].create({'partner_id': customer.id if customer else False, **values})

    @classmethod
    def make_order(cls, customer, user=None, product=None, **values):
        """Make a quotation of one line over 100.00."""
        values = {
            'user_id': user.id if user else False,
            'k20_order_type_id': cls.env.ref('k20_sales.k20_order_type_hardware').id,
            **values,
        }
        if 'order_line' not in values:
            product = product or cls.make_product()
            line = {'name': "Server", 'product_id': product.id, 'product_uom_qty': 1, 'price_unit': 100}
            values['order_line'] = [Command.create(line)]
        return cls.env['sale.order'].create({'partner_id': customer.id, **values})

    @classmethod
    def approve(cls, order):
        """Submit `order` as its salesperson, or who looks after the customer, and approve it."""
        order.with_user(order.user_id or order.partner_id.k20_owner_id or cls.admin).action_k20_submit()
        order.with_user(cls.admin).action_k20_approve()
        return order

    @classmethod
    def confirm_order(cls, *orders):
        """Bring orders to where an approval brings them."""
        for order in orders:
            cls.approve(order)

    @classmethod
    def make_product(cls, **values):
        return cls.env['product.product'].create({'name': "Server", **values})

    @classmethod
    def make_dollars(cls, rates=None):
        """Return a price list in dollars, one of which is 8 yuan, or as `rates` = {day: yuan} say."""
        usd = cls.env.ref('base.USD')
        usd.active = True
        usd.rate_ids.unlink()
        for day, rate in (rates or {'2020-01-01': 8}).items():
            cls.env['res.currency.rate'].create({'name': day, 'currency_id': usd.id, 'inverse_company_rate': rate})
        return cls.env['product.pricelist'].create({'name': "Dollar", 'currency_id': usd.id})

    @classmethod
    def make_invoice(cls, customer, user=None, **values):
        line = {'name': "Server", 'quantity': 1, 'price_unit': 100}
        values = {'invoice_user_id': user.id if user else False, 'invoice_line_ids': [Command.create(line)], **values}
        return cls.env['account.move'].create({'move_type': 'out_invoice', 'partner_id': customer.id, **values})


class MoneyMakers(SalesMakers):
    """Makers of collections, invoices of orders and refunds; everything over the order's own doors."""

    @classmethod
    def make_claim(cls, amount, owner=None, customer=None, **values):
        """Make a quotation over exactly `amount`, without tax."""
        owner = owner or cls.sales1
        customer = customer or cls.make_customer(owner=owner)
        product = cls.make_product(taxes_id=False, invoice_policy='order')
        line = {'name': "Server", 'product_id': product.id, 'product_uom_qty': 1, 'price_unit': amount}
        return cls.make_order(customer, owner, order_line=[Command.create({**line, 'tax_ids': False})], **values)

    def register(self, order, amount, user=None, **values):
        """Register a collection as `user`, by default the order's salesperson; return the payment."""
        order = order.with_user(user or order.user_id)
        payment = order.action_k20_register_collection(amount, **{'reference': self.new_reference(), **values})
        return self.env['account.payment'].browse(payment)

    def collect(self, order, amount, **values):
        """Register a collection and confirm the whole transfer as finance."""
        payment = self.register(order, amount, **values)
        payment.k20_collection_id.with_user(self.finance).action_confirm()
        return payment

    @classmethod
    def new_reference(cls):
        cls._reference_count = getattr(cls, '_reference_count', 0) + 1
        return f'TT{cls._reference_count:06d}'

    def invoice(self, order, post=True):
        """Invoice what Odoo offers to invoice of the order."""
        invoice = order.with_user(self.finance)._create_invoices()
        if post:
            invoice.action_post()
        return invoice.with_env(self.env)

    def credit(self, invoice, modify=False):
        """Reverse an invoice with Odoo's dialog, as finance; return the credit note, or the new invoice."""
        wizard = self.env['account.move.reversal'].with_user(self.finance)
        wizard = wizard.with_context(active_model='account.move', active_ids=invoice.ids)
        wizard = wizard.create({'journal_id': invoice.journal_id.id, 'reason': "Wrong"})
        wizard.modify_moves() if modify else wizard.refund_moves()
        return wizard.new_move_ids.with_env(self.env)

    def pay_invoice(self, invoice, amount=None, user=None, **values):
        """Pay an invoice with Odoo's own dialog, as finance."""
        wizard = self.env['account.payment.register'].with_user(user or self.finance)
        wizard = wizard.with_context(active_model='account.move', active_ids=invoice.ids)
        wizard = wizard.create({**({'amount': amount} if amount else {}), **values})
        return wizard._create_payments().with_env(self.env)

    def transact(self, amount, currency=None, order=None, **values):
        """Return what a provider says of money that a customer has paid online."""
        provider = self.env['payment.provider'].search([('code', '=', 'none')], limit=1)
        provider = provider or provider.create({'name': "Test"})
        provider.write({'state': 'test', 'is_published': True})
        provider.journal_id = self.bank
        method = self.env['payment.method'].with_context(active_test=False).search([], limit=1)
        order = order or self.order
        transaction = self.env['payment.transaction'].create({
            'provider_id': provider.id, 'amount': amount, 'currency_id': (currency or order.currency_id).id,
            'payment_method_id': method.id, 'state': 'done', 'partner_id': order.partner_id.id,
            'sale_order_ids': [Command.set(order.ids)], 'reference': f'online-{amount}', **values,
        })  # fmt: skip
        return transaction.with_user(self.env.ref('base.public_user')).sudo()

    def ask_refund(self, order, amount, kind='credit', user=None):
        """Ask for a refund as the order's salesperson."""
        Refund = self.env['k20.order.refund'].with_user(user or order.user_id)
        refund = Refund.create({'order_id': order.id, 'amount': amount, 'kind': kind, 'reason': "Returned"})
        refund.action_k20_submit()
        return refund.with_env(self.env)

    def refund(self, order, amount, kind='credit', pay=True):
        """Ask for a refund, approve it as administrator and pay it as finance."""
        refund = self.ask_refund(order, amount, kind)
        refund.with_user(self.admin).action_k20_approve()
        if pay:
            refund.payment_id.with_user(self.finance).action_post()
        return refund

    def assertMoney(self, order, **figures):
        """Compare figures of an order by their names without prefix; and the invariant."""
        found = {name: order[f'k20_amount_{name}'] for name in figures}
        self.assertEqual({name: round(value, 2) for name, value in found.items()}, figures)
        claim = order.k20_amount_contract - order.k20_amount_credited - order.k20_amount_written_off
        money = order.k20_amount_collected - order.k20_amount_refunded + order.k20_amount_open
        self.assertTrue(order.currency_id.is_zero(claim - money), (claim, money))

    def balance(self, customer):
        """Return what `customer` owes by the journal, in the company's currency."""
        domain = [
            ('partner_id', 'child_of', customer.id),
            ('account_id.account_type', '=', 'asset_receivable'),
            ('parent_state', '=', 'posted'),
        ]
        [[balance]] = self.env['account.move.line']._read_group(domain, aggregates=['balance:sum'])
        return round(balance, 2)


class K20SalesCase(SalesMakers, K20Case):
    """K20Case with makers of sales documents."""


class K20SalesHttpCase(SalesMakers, K20HttpCase):
    """The same over HTTP."""


class K20MoneyCase(MoneyMakers, K20Case):
    """Orders and their money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env['account.journal'].search([('type', '=', 'bank'), ('company_id', '=', cls.env.company.id)])[
            :1
        ]


class K20MoneyHttpCase(MoneyMakers, K20HttpCase):
    """The same over HTTP."""
