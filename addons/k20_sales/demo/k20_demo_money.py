from datetime import timedelta

from odoo import Command, api, models

from odoo.addons.k20_base.tools.opening import opened

from . import selling


class K20Demo(models.AbstractModel):
    """What came in for a year of orders, what went back, and the invoices. (DESIGN §6)"""

    _inherit = 'k20.demo'

    @api.model
    def _play_money(self, plan):
        sold = [order for order in plan if order['outcome'] == 'approved']
        cancelled = self._cancel_one(sold)
        sold.remove(cancelled)
        self._invoice(sold)
        together = self._collect_together(sold)
        for number, order in enumerate(sold):
            self._collect_rest(order, slow=self._random(f'slow {number}').random() < selling.SLOW)
        advance = self._collect_advance(sold[-4])
        self._confirm_all()
        self._refund(sold)
        self._complete(sold, but=together + [advance])

    # Instalments and credit

    @api.model
    def _plan_instalments(self, order):
        """Agree when each part of an order's money is due, where it is paid in parts."""
        if len(order['terms']) > 1:
            quoted = order['quoted'].date()
            plan = [
                Command.create({
                    'percent': round(share * 100, 2),
                    'due_date': self._workday(quoted + timedelta(days=max(after, 0) + selling.AGREED)),
                })
                for share, after in order['terms']
            ]  # fmt: skip
            record = order['record'].with_user(order['customer'].user_id)
            record.write({'payment_term_id': False, 'k20_instalment_ids': plan})

    @api.model
    def _give_credit(self):
        """Let finance say how much those who owe most may owe, so that one is above its limit and one near it."""
        counted = ['|', ('state', '=', 'sale'), ('k20_approval_state', '=', 'submitted')]
        owed = self.env['sale.order']._read_group(
            [*counted, ('state', '!=', 'cancel'), ('k20_amount_open', '>', 0)],
            ['k20_customer_id'],
            ['k20_amount_open:sum'],
            order='k20_amount_open:sum desc',
        )
        for (customer, amount), (times, days) in zip(owed, selling.CREDIT, strict=False):
            limit = {'k20_credit_limit': round(amount * times, -3), 'k20_credit_days': days}
            customer.with_user(self._user('finance')).write(limit)
        self.env.company.k20_credit_check = True

    # Collections

    @api.model
    def _collect(self, order, amount, day, keep_advance=False):
        """Register money as the order's salesperson: on `day`, with a reference of the bank."""
        record = order['record'].with_user(order['customer'].user_id)
        if not keep_advance:
            amount = min(amount, record._k20_amount_to_register())
        if record.currency_id.compare_amounts(amount, 0) > 0:
            record.action_k20_register_collection(
                record.currency_id.round(amount),
                date=day,
                reference=self._bank_reference(record, day),
                keep_advance=keep_advance,
            )

    @api.model
    def _bank_reference(self, record, day):
        return f'{day:%Y%m%d}{90000 + record.id:06d}'

    @api.model
    def _collect_deposit(self, order):
        """Register what is paid before the order is approved."""
        for share, after in order['terms']:
            if after < 0:
                day = self._workday(order['quoted'].date())
                self._collect(order, order['record'].amount_total * share, day)

    @api.model
    def _collect_rest(self, order, slow):
        """Register what has come since the deal by the order's terms; from slow payers the last part is missing."""
        terms = order['terms'][:-1] if slow else order['terms']
        for number, (share, after) in enumerate(terms):
            day = self._workday(order['decided'].date() + timedelta(days=max(after, 0)))
            if after >= 0 and day <= self._today():
                last = number == len(order['terms']) - 1
                left = order['record']._k20_amount_to_register()
                self._collect(order, left if last else order['record'].amount_total * share, day)

    @api.model
    def _workday(self, day):
        return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)

    @api.model
    def _collect_together(self, sold):
        """Register one transfer for two orders of a customer, with the dialog; return these orders."""
        by_customer = {}
        for order in sold:
            mates = by_customer.setdefault(order['customer'], [])
            mates.append(order)
            if len(mates) == 2 and all(mate['record']._k20_amount_to_register() for mate in mates):
                records = self._records(mates)
                day = self._workday(order['decided'].date() + timedelta(days=6))
                if day <= self._today():
                    dialog = self.env['k20.collection.register'].with_user(order['customer'].user_id)
                    dialog = dialog.with_context(active_model='sale.order', active_ids=records.ids)
                    dialog.create({'date': day, 'reference': self._bank_reference(records[0], day)}).action_apply()
                    return mates
        return []

    @api.model
    def _collect_advance(self, order):
        """Let a customer pay more than is open: the rest is kept as an advance."""
        left = order['record']._k20_amount_to_register()
        self._collect(order, left + 20000, self._workday(order['decided'].date()), keep_advance=True)
        return order

    @api.model
    def _confirm_all(self):
        """Let finance confirm all but the last transfers, one day after they came in."""
        waiting = self.env['k20.collection'].search([('company_id', '=', self.env.company.id)], order='date, id')
        done = waiting[: -selling.WAITING_FOR_FINANCE]
        done.with_user(self._user('finance')).action_confirm()
        draw = self._random('bank days')
        moments = {collection: self._working_time(draw, min(collection.date, self._today())) for collection in waiting}
        self._backdate(waiting, list(moments.values()))
        payments = waiting.payment_ids
        self._backdate(payments, [moments[payment.k20_collection_id] for payment in payments])
        self.env.cr.execute(
            'UPDATE account_payment SET k20_confirmed_on = create_date + interval \'3 hours\''
            ' WHERE k20_confirmed_on IS NOT NULL AND create_date < now() - interval \'3 hours\''
        )
        payments.invalidate_recordset(['k20_confirmed_on'])

    # Invoices

    @api.model
    def _invoice(self, sold):
        """Invoice part of what is sold, as finance, some days after the deal."""
        billed = sold[:: len(sold) // selling.INVOICED][: selling.INVOICED]
        orders = self._records(billed).with_user(self._user('finance'))
        invoices = orders._create_invoices(grouped=True)
        for order in billed:
            invoice = order['record'].invoice_ids
            invoice.invoice_date = min(self._workday(order['decided'].date() + timedelta(days=5)), self._today())
        invoices.sorted('invoice_date').action_post()

    # What is given up or given back

    @api.model
    def _cancel_one(self, sold):
        """Let the managing director cancel an approved order that nothing has come in for."""
        unpaid = [order for order in sold if not order['record'].k20_amount_pending]
        order = unpaid[len(unpaid) // 2]
        order['record'].with_user(self._user('admin')).action_cancel()
        return order

    @api.model
    def _refund(self, sold):
        """Give money back twice: once as a credit, once to be paid again."""
        for login, share, kind, reason, done in selling.REFUNDS:
            if done:
                refund = self._ask_refund(self._refundable(sold, login), share, kind, reason)
                refund.with_user(self._user('admin')).action_k20_approve()
                refund.payment_id.with_user(self._user('finance')).action_post()

    @api.model
    def _ask_refund(self, order, share, kind, reason):
        record = order['record']
        amount = record.currency_id.round(record.k20_amount_collected * share)
        refund = self.env['k20.order.refund'].with_user(order['customer'].user_id)
        refund = refund.create({'order_id': record.id, 'amount': amount, 'kind': kind, 'reason': reason})
        refund.action_k20_submit()
        return refund.with_env(self.env)

    @api.model
    def _ask_open_refund(self, plan):
        """Leave a refund to be decided."""
        for login, share, kind, reason, done in selling.REFUNDS:
            if not done:
                self._ask_refund(self._refundable(plan, login), share, kind, reason)

    @api.model
    def _refundable(self, orders, login):
        """Return the last but one order of a salesperson that has collected something, or of anybody."""
        paid = [
            order
            for order in orders
            if order['record'].k20_amount_collected > 10000 and not order['record'].k20_completed
        ]
        own = [order for order in paid if order['customer'].user_id.login == login]
        return (own or paid)[-2:][0]

    # Completion

    @api.model
    def _complete(self, sold, but):
        """Complete the oldest orders that are paid: by who sold them, or the managing director with a reason."""
        admin = self._user('admin')
        settled = [
            order
            for order in sold
            if order not in but and order['record']._k20_is_settled() and not order['record'].k20_refund_ids
        ]
        for order in settled[: selling.COMPLETED]:
            record = order['record']
            if record._k20_is_unfinished():
                record.with_user(admin).action_k20_complete(selling.COMPLETION_REASON)
            else:
                record.with_user(order['customer'].user_id).action_k20_complete()
            paid = max(record.k20_payment_ids.mapped('date'))
            with opened(record):
                record.k20_completed_on = min(self._workday(paid + timedelta(days=4)), self._today())
