from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.k20_base.tests.common import profile

from .common import K20MoneyCase

RATE = 8  # yuan for a dollar; so that cents of both fall together
picks = st.integers(0, 5)
returned = st.sampled_from((10_000, 20_000, 50_000, 999, 100_001))
cents = st.sampled_from((30_000, 999, 10_000, 33_333, 1, 50_000, 100_000, 100_001))


class Claim:
    """What the model knows of an order: its documents, in cents of its currency; written from DESIGN §6 alone."""

    def __init__(self, order):
        self.order = order
        self.rate = RATE if order.currency_id.name == 'USD' else 1
        self.total = 100_000
        self.cancelled = False
        self.money = {}  # payment: [amount, 'inbound' or 'outbound', counts, written off]
        self.refunds = []  # [refund, amount, kind, state, noted]
        self.invoices = {}  # posted invoice: its amount
        self.notes = []  # amounts of posted credit notes that no refund made
        self.quantity = 0  # invoiced, less credited; Odoo offers to invoice the rest

    def sum(self, direction, counts=True, what=0):
        return sum(entry[what] for entry in self.money.values() if entry[1:3] == [direction, counts])

    def credits(self):
        return sum(
            amount for _refund, amount, kind, state, _noted in self.refunds if (kind, state) == ('credit', 'approved')
        )

    def pending(self):
        return sum(
            amount
            for refund, amount, _kind, state, _noted in self.refunds
            if state == 'submitted' or (state == 'approved' and not self.money[refund.payment_id][2])
        )

    def figures(self):
        standing = not self.cancelled
        claim = {
            'contract': self.total * standing,
            'credited': (self.credits() + sum(self.notes)) * standing,
            'written_off': self.sum('inbound', what=3) * standing,
        }
        money = {'collected': self.sum('inbound'), 'refunded': self.sum('outbound')}
        opened = claim['contract'] - claim['credited'] - claim['written_off'] - money['collected'] + money['refunded']
        pending = {'pending': self.sum('inbound', False), 'refund_pending': self.pending()}
        return {**claim, **money, **pending, 'open': opened}

    def books(self):
        """Return what the customer owes of this order by the books: documents with an entry, nothing else."""
        noted = sum(self.notes) + sum(amount for _refund, amount, _kind, _state, noted in self.refunds if noted)
        paid = self.sum('inbound') + self.sum('inbound', what=3) - self.sum('outbound')
        return sum(self.invoices.values()) - noted - paid

    def note_refunds(self):
        """A refund that ends a claim gets its credit note as soon as so much is invoiced."""
        for refund in self.refunds:
            _refund, amount, kind, state, noted = refund
            notes = sum(self.notes) + sum(entry[1] for entry in self.refunds if entry[4])
            if (kind, state, noted) == ('credit', 'approved', False) and sum(self.invoices.values()) - notes >= amount:
                refund[4] = True


class MoneyMachine(RuleBasedStateMachine):
    """Drives orders in two currencies through the public methods, beside the model."""

    def __init__(self, case):
        super().__init__()
        self.case = case
        self.savepoint = case.env.cr.savepoint()
        self.claims = [Claim(order) for order in case.orders]

    def teardown(self):
        self.savepoint.close(rollback=True)
        self.case.env.invalidate_all()

    def attempt(self, allowed, action):
        """Do what must pass, or be refused in one sentence with nothing changed; return the outcome or None."""
        if allowed:
            return action()
        with self.case.assertRaises(UserError):
            action()
        return None

    def payments(self, counts):
        return [
            (claim, payment) for claim in self.claims for payment, entry in claim.money.items() if entry[2] == counts
        ]

    def refunds(self, state):
        return [(claim, entry) for claim in self.claims for entry in claim.refunds if entry[3] == state]

    def invoices(self):
        return [(claim, invoice) for claim in self.claims for invoice in claim.invoices]

    def collected(self):
        return [claim for claim in self.claims if claim.sum('inbound')]

    @initialize(invoiced=st.integers(0, 3))
    def begin(self, invoiced):
        """Begin in the midst of things: money on two orders, and some of them invoiced."""
        for at in (0, 2):
            self.register(at, 50_000, at == 2)
            self.confirm(0)
        for at in range(invoiced):
            self.invoice(at)

    # -- money in ------------------------------------------------------------------------------------------------------

    @rule(at=picks, amount=cents, in_yuan=st.booleans())
    def register(self, at, amount, in_yuan):
        claim = self.claims[at % 3]
        figures = claim.figures()
        allowed = not claim.cancelled and amount <= figures['open'] - figures['pending']
        values = {'currency_id': self.case.env.ref('base.CNY').id} if in_yuan else {}
        paid = amount * claim.rate / 100 if in_yuan else amount / 100
        payment = self.attempt(allowed, lambda: self.case.register(claim.order, paid, **values))
        if payment:
            claim.money[payment] = [amount, 'inbound', False, 0]

    @precondition(lambda self: self.payments(counts=False))
    @rule(at=picks)
    def confirm(self, at):
        drafts = self.payments(counts=False)
        claim, payment = drafts[at % len(drafts)]
        amount, direction = claim.money[payment][:2]
        figures = claim.figures()
        if direction == 'inbound':
            allowed = amount <= figures['open']
        else:
            allowed = amount <= figures['collected'] - figures['refunded']
        posted = self.attempt(allowed, lambda: payment.with_user(self.case.finance).action_post())
        if posted:
            claim.money[payment][2] = True

    @precondition(lambda self: self.payments(counts=True))
    @rule(at=picks, action=st.sampled_from(('action_draft', 'action_cancel', 'action_reject')))
    def take_back(self, at, action):
        confirmed = self.payments(counts=True)
        claim, payment = confirmed[at % len(confirmed)]
        amount, direction = claim.money[payment][:2]
        figures = claim.figures()
        allowed = direction == 'outbound' or amount <= figures['collected'] - figures['refunded']
        if self.attempt(allowed, lambda: getattr(payment.with_user(self.case.finance), action)()):
            claim.money[payment][2] = False
            if action != 'action_draft':
                payment.with_user(self.case.finance).action_draft()  # and may be confirmed again

    @precondition(lambda self: self.invoices())
    @rule(at=picks, amount=cents)
    def write_off(self, at, amount):
        due = [(claim, invoice) for claim, invoice in self.invoices() if invoice.amount_residual > 5]
        if not due:
            return
        (claim, invoice), lost = due[at % len(due)], 500
        amount = min(amount, round(invoice.amount_residual * 100) - lost)
        paid = round(invoice.amount_residual * 100) - lost
        if amount != paid:
            paid, lost = amount, 0
        handling = (
            {'payment_difference_handling': 'reconcile', 'writeoff_account_id': self.case.loss.id} if lost else {}
        )
        allowed = paid + lost <= claim.figures()['open']
        payment = self.attempt(allowed, lambda: self.case.pay_invoice(invoice, paid / 100, **handling))
        if payment:
            claim.money[payment] = [paid, 'inbound', True, lost]

    # -- the order and its invoices ------------------------------------------------------------------------------------

    @rule(at=picks)
    def invoice(self, at):
        claim = self.claims[at % 3]
        if claim.cancelled or claim.order.invoice_status != 'to invoice':
            return
        invoice = self.case.invoice(claim.order)
        claim.invoices[invoice] = claim.total * (1 - claim.quantity)
        claim.quantity = 1
        claim.note_refunds()

    @precondition(lambda self: self.invoices())
    @rule(at=picks, amount=cents)
    def credit_note(self, at, amount):
        invoices = self.invoices()
        claim, invoice = invoices[at % len(invoices)]
        note = self.case.credit(invoice)
        note.invoice_line_ids.write({'quantity': 1, 'price_unit': amount / 100})
        note.action_post()
        claim.notes.append(amount)
        claim.quantity -= 1

    @rule(at=picks, total=cents)
    def change_order(self, at, total):
        claim = self.claims[at % 3]
        if not claim.cancelled:
            claim.order.with_user(self.case.admin).order_line.price_unit = total / 100
            claim.total = total

    @rule(at=st.integers(0, 8))
    def cancel_order(self, at):
        if at < 3:  # seldom: not much happens on a cancelled order
            self.claims[at].order.with_user(self.case.admin)._action_cancel()
            self.claims[at].cancelled = True

    # -- money out -----------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.collected())
    @rule(at=picks, amount=returned, kind=st.sampled_from(('credit', 'return_payment')), far=st.integers(0, 3))
    def refund(self, at, amount, kind, far):
        """Ask for a refund; `far` says whether it is granted and paid, too."""
        claim = self.collected()[at % len(self.collected())]
        figures = claim.figures()
        allowed = amount <= figures['collected'] - figures['refunded'] - figures['refund_pending']
        refund = self.attempt(allowed, lambda: self.case.ask_refund(claim.order, amount / 100, kind))
        if not refund:
            return
        entry = [refund, amount, kind, 'submitted', False]
        claim.refunds.append(entry)
        if far:
            self.grant(claim, entry)
        if far > 1:
            drafts = [payment for _claim, payment in self.payments(counts=False)]
            self.confirm(drafts.index(refund.payment_id))

    @precondition(lambda self: self.refunds('submitted'))
    @rule(at=picks)
    def grant_refund(self, at):
        asked = self.refunds('submitted')
        self.grant(*asked[at % len(asked)])

    def grant(self, claim, entry):
        figures = claim.figures()
        pending = figures['refund_pending'] - entry[1]
        allowed = entry[1] <= figures['collected'] - figures['refunded'] - pending
        if self.attempt(allowed, lambda: entry[0].with_user(self.case.admin).action_k20_approve()):
            entry[3] = 'approved'
            claim.money[entry[0].payment_id] = [entry[1], 'outbound', False, 0]
            claim.note_refunds()

    @precondition(lambda self: self.refunds('approved'))
    @rule(at=picks)
    def cancel_refund(self, at):
        granted = self.refunds('approved')
        claim, entry = granted[at % len(granted)]
        allowed = not claim.money[entry[0].payment_id][2]
        if self.attempt(allowed, lambda: entry[0].with_user(self.case.admin).action_k20_cancel()):
            entry[3:] = 'cancelled', False
            claim.money.pop(entry[0].payment_id)

    # -- what holds at any moment --------------------------------------------------------------------------------------

    @invariant()
    def figures_equal_their_documents(self):
        for claim in self.claims:
            expected = claim.figures()
            found = {name: round(claim.order[f'k20_amount_{name}'] * 100) for name in expected}
            self.case.assertEqual(found, expected, claim.order.currency_id.name)

    @invariant()
    def the_books_agree(self):
        for customer in self.case.orders.partner_id:
            mine = [claim for claim in self.claims if claim.order.partner_id == customer]
            expected = sum(claim.books() * claim.rate for claim in mine)
            self.case.assertEqual(round(self.case.balance(customer) * 100), expected, customer.name)

    @invariant()
    def what_counts_has_a_posted_entry(self):
        for payment in [payment for claim in self.claims for payment in claim.money]:
            posted = payment.move_id.state == 'posted'
            self.case.assertEqual(payment.state in ('in_process', 'paid'), posted, payment.state)


@tagged('post_install', '-at_install', 'k20_thorough')
class TestMoneyProperty(K20MoneyCase):
    """The invariant and the books, after any interleaving of what people do with orders and money. (DESIGN §6)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        pricelist = cls.make_dollars({'2020-01-01': RATE})
        cls.loss = cls.env['account.account'].search([('account_type', '=', 'expense')], limit=1)
        first = cls.make_claim(1000)
        cls.orders = first + cls.make_claim(1000, customer=first.partner_id)
        cls.orders += cls.make_claim(1000, pricelist_id=pricelist.id)
        cls.confirm_order(*cls.orders)

    def test_figures_and_books_agree_in_any_order_of_events(self):
        """DESIGN §6: contract − credited − written off = collected − refunded + open, each as its documents say."""
        # No shrinking: what fails is short enough to read, and the run stays within its minute.
        bounds = settings(profile, max_examples=10, stateful_step_count=14, phases=[Phase.generate])
        run_state_machine_as_test(lambda: MoneyMachine(self), settings=bounds)
