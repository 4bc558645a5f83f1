from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class K20CollectionRegister(models.TransientModel):
    """Registers one transfer for one or several orders; the rules live on order and collection. (R092, R200)"""

    _name = 'k20.collection.register'
    _description = "Register a Collection"

    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self._default_orders().company_id[:1]
    )
    partner_id = fields.Many2one(
        'res.partner', "Payer", required=True, default=lambda self: self._default_partner_id(), check_company=True
    )
    currency_id = fields.Many2one(
        'res.currency', required=True, default=lambda self: self._default_orders().currency_id[:1]
    )
    journal_id = fields.Many2one(
        'account.journal',
        compute='_compute_journal_id',
        store=True,
        readonly=False,
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash')), ('currency_id', 'in', (currency_id, False))]",
    )
    date = fields.Date(required=True, default=lambda self: self.env.company._k20_today())
    reference = fields.Char("Bank Reference")
    line_ids = fields.One2many(
        'k20.collection.register.line', 'wizard_id', "Orders", default=lambda self: self._default_line_ids()
    )
    advance = fields.Monetary(help="What of the transfer belongs to no order yet; finance gives it to one later.")
    amount = fields.Monetary("Transfer", compute='_compute_amount')
    # Written by the first click, so that a second one, also at the same time, finds what is done.
    collection_id = fields.Many2one('k20.collection', readonly=True)

    @api.model
    def _default_orders(self):
        if self.env.context.get('active_model') != 'sale.order':
            return self.env['sale.order']
        return self.env['sale.order'].browse(self.env.context.get('active_ids') or [])

    @api.model
    def _default_partner_id(self):
        return self._default_orders()[:1].partner_invoice_id.commercial_partner_id

    @api.model
    def _default_line_ids(self):
        return [
            Command.create({'order_id': order.id, 'amount': order._k20_amount_to_register()})
            for order in self._default_orders()
        ]

    @api.depends('currency_id', 'company_id')
    def _compute_journal_id(self):
        for wizard in self:
            if wizard.company_id and wizard.currency_id:
                journals = self.env['k20.collection']
                wizard.journal_id = journals._k20_journal(None, wizard.company_id, wizard.currency_id).sudo(False)

    @api.depends('line_ids.amount', 'advance')
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = sum(wizard.line_ids.mapped('amount')) + wizard.advance

    def action_apply(self):
        """Register the transfer: a draft payment for each order, one for the advance.

        :return: an action that closes the dialog
        :raise UserError: one sentence each, and nothing written
        """
        self.ensure_one()
        if not self.collection_id:
            self.collection_id = self._k20_register()
        return {'type': 'ir.actions.act_window_close'}

    def _k20_register(self):
        orders = self.line_ids.order_id
        Collection = self.env['k20.collection']
        Collection._k20_check_may_register(orders)
        self._k20_check_together(orders)
        shares = {line.order_id: line._k20_share() for line in self.line_ids if line.amount}
        return Collection._k20_register(
            shares,
            advance=self.advance,
            date=self.date,
            journal=self.journal_id,
            reference=self.reference,
            currency=self.currency_id,
            payer=self.partner_id,
        )

    def _k20_check_together(self, orders):
        if not any(self.line_ids.mapped('amount')):
            raise UserError(self.env._("No order gets anything of this transfer: type an amount for one of them."))
        if len(orders) < len(self.line_ids):
            raise UserError(self.env._("An order stands here twice: put its amounts together in one line."))
        if orders.company_id != self.company_id:
            raise UserError(self.env._("These orders are of several companies: register one transfer for each."))
        if self.currency_id.compare_amounts(self.advance, 0) < 0:
            raise UserError(self.env._("An advance is zero or more: correct it."))


class K20CollectionRegisterLine(models.TransientModel):
    """What one order gets of a transfer."""

    _name = 'k20.collection.register.line'
    _description = "Order in a Collection"

    wizard_id = fields.Many2one('k20.collection.register', required=True, ondelete='cascade')
    order_id = fields.Many2one('sale.order', required=True)
    currency_id = fields.Many2one(related='wizard_id.currency_id')
    order_currency_id = fields.Many2one(related='order_id.currency_id', string="Currency of the Order")
    amount_left = fields.Monetary("Open", compute='_compute_amount_left', currency_field='order_currency_id')
    amount = fields.Monetary()

    @api.depends('order_id')
    def _compute_amount_left(self):
        for line in self:
            line.amount_left = line.order_id._k20_amount_to_register() if line.order_id else 0.0

    def _k20_share(self):
        order, wizard = self.order_id, self.wizard_id
        amount = order._k20_money(self.amount)
        order._k20_check_not_echo(amount, wizard.date, wizard.reference, wizard.currency_id)
        return order._k20_split(amount, wizard.currency_id, wizard.date)[0]
