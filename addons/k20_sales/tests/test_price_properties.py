import doctest
from decimal import Decimal

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from odoo.addons.k20_base.tests.common import profile

from ..tools import price_spread
from .prices_case import PricesCase

cents = st.decimals(min_value=1, max_value=2000, places=2)
percents = st.decimals(min_value=0, max_value=100, places=2)
quantities = st.integers(min_value=1, max_value=40)
# A line: unit price, discount, quantity, whether sold by the dozen, and its tax (none, on top, inside).
lines = st.lists(
    st.tuples(cents, percents, quantities, st.booleans(), st.sampled_from(('none', 'on_top', 'inside'))),
    min_size=1, max_size=4,
)  # fmt: skip
taken_off = st.lists(st.decimals(min_value=1, max_value=500, places=2), max_size=2)


@tagged('post_install', '-at_install', 'k20_thorough')
class TestNetPriceProperties(PricesCase):
    """The net price of one unit is what an independent reckoning from the seed's words says. (R088, R089)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Tax = cls.env['account.tax']
        tax = {'amount': 13, 'type_tax_use': 'sale'}
        cls.taxes = {
            'none': Tax,
            'on_top': Tax.create({'name': "On", 'price_include_override': 'tax_excluded', **tax}),
            'inside': Tax.create({'name': "In", 'price_include_override': 'tax_included', **tax}),
        }
        cls.dozen = cls.env.ref('uom.product_uom_dozen')
        cls.gift = cls.make_priced(name="Gift")
        cls.order = cls.quote(100)

    def reckon(self, sold, off):
        """Return the net price of one product unit of each of `sold`, reckoned in decimals, order by order."""
        unit = [
            price * (1 - discount / 100) / (Decimal('1.13') if tax == 'inside' else 1)
            for price, discount, _quantity, _dozen, tax in sold
        ]
        total = sum(price * line[2] for price, line in zip(unit, sold, strict=True))
        kept = (total - sum(off)) / total if total else Decimal(1)
        return [price * kept / (12 if line[3] else 1) for price, line in zip(unit, sold, strict=True)]

    def fill(self, sold, off):
        """Give the order these lines; return those that sell."""
        self.order.order_line = (
            [Command.clear()]
            + [
                self.line_values(
                    float(price),
                    discount=float(discount),
                    product_uom_qty=quantity,
                    product_uom_id=self.dozen.id if dozen else self.product.uom_id.id,
                    tax_ids=[Command.set(self.taxes[tax].ids)],
                )
                for price, discount, quantity, dozen, tax in sold
            ]
            + [self.line_values(-float(amount), self.gift) for amount in off]
        )
        return self.order.order_line[: len(sold)]

    @settings(profile, max_examples=40, phases=(Phase.generate,))  # shrinking would take minutes here
    @given(sold=lines, off=taken_off, tolerance=st.sampled_from((0, 5, 12.5)))
    def test_net_price_and_floor(self, sold, off, tolerance):
        self.env.company.k20_floor_tolerance = tolerance
        made = self.fill(sold, off)
        lowest = 80 * (1 - Decimal(tolerance) / 100)
        for line, expected in zip(made, self.reckon(sold, off), strict=True):
            self.assertAlmostEqual(line.k20_net_price, float(expected), 6)
            if abs(expected - lowest) > Decimal('0.000002'):
                self.assertEqual(line.k20_price_state, 'needed' if expected < lowest else 'none')

    @settings(profile, max_examples=200)
    @given(
        amount=st.integers(-(10**9), 10**9).map(lambda cents: cents / 100),
        weights=st.lists(st.integers(-(10**6), 10**9), min_size=1, max_size=20),
    )
    def test_nothing_is_lost_in_spreading(self, amount, weights):
        shares = price_spread.spread(amount, weights)
        self.assertEqual(len(shares), len(weights))
        self.assertAlmostEqual(sum(map(Decimal, map(str, shares))), Decimal(str(amount)))

    def test_examples(self):
        self.assertFalse(doctest.testmod(price_spread).failed)
