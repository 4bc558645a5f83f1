from odoo.exceptions import AccessError
from odoo.tests import tagged

from .ownership_case import OwnershipCase


@tagged('post_install', '-at_install')
class TestOwnershipHistory(OwnershipCase):
    """Every move leaves a row that nobody writes, changes or loses. (R074, R139, R157, R181)"""

    def test_every_owner_leaves_a_row(self):
        """R139, R181, R184: first rows, of the pool too; the administrator's direct change; the open request goes."""
        for owner in (self.sales1, None):
            customer = self.make_customer('channel', owner=owner)
            row = customer.k20_assignment_ids
            self.assertEqual((row.kind, row.to_user_id, row.from_user_id.ids), ('assign', customer.user_id, []))
        request = self.ask(self.sales1, 'release', self.owned)
        self.owned.with_user(self.admin).user_id = self.sales3
        row = self.Assignment.search([('partner_id', '=', self.owned.id)], limit=1)
        self.assertEqual((row.kind, row.from_user_id, row.to_user_id), ('assign', self.sales1, self.sales3))
        self.assertEqual(request.k20_approval_state, 'rejected')

    def test_archiving_is_written_down_and_stops_no_clock(self):
        """R157: archived and restored by the administrator; an open request ends, the owner and the clock stay."""
        since = self.owned.k20_owned_since
        request = self.ask(self.sales1, 'release', self.owned)
        for active, reason in ((False, "Archived"), (True, "Restored")):
            self.owned.with_user(self.admin).active = active
            row = self.Assignment.search([('partner_id', '=', self.owned.id)], limit=1)
            self.assertEqual((row.kind, row.to_user_id, row.reason), ('assign', self.sales1, reason))
        self.assertEqual(request.k20_approval_state, 'rejected')
        self.assertEqual(self.owned.k20_owned_since, since)

    def test_a_merge_keeps_every_row(self):
        """R157: also with an open request on each; the one that stays keeps its own, owner and clock included."""
        other = self.make_customer('channel', owner=self.sales2)
        kept = self.ask(self.sales1, 'release', self.owned)
        ended = self.ask(self.sales2, 'release', other)
        since = self.owned.k20_owned_since
        rows = (self.owned + other).k20_assignment_ids
        wizard = self.env['base.partner.merge.automatic.wizard'].with_user(self.admin).create({})
        wizard._merge((self.owned + other).ids, self.owned)
        history = self.Assignment.search([('partner_id', '=', self.owned.id)])
        self.assertLess(rows, history)
        merge = history - rows
        self.assertEqual((merge.from_user_id, merge.to_user_id), (self.sales2, self.sales1))
        self.assertIn("Merged", merge.reason)
        self.assertEqual((kept.k20_approval_state, ended.k20_approval_state), ('submitted', 'rejected'))
        self.assertEqual((self.owned.user_id, self.owned.k20_owned_since), (self.sales1, since))

    def test_what_has_a_history_is_not_deleted(self):
        """R074: a claim, also one that was refused, or a former owner keeps a customer; an unused one goes."""
        self.claim(self.sales1, self.pooled).with_user(self.admin).action_k20_reject("No")
        with self.assertRefused("in use"):
            self.pooled.with_user(self.admin).unlink()
        moved = self.make_customer(owner=self.sales1)
        moved.with_user(self.admin).user_id = self.sales2
        with self.assertRefused("in use"):
            moved.with_user(self.sales2).unlink()
        self.assertTrue(self.owned.with_user(self.sales1).unlink())

    def test_a_partner_that_becomes_a_customer_has_all_that_one_has(self):
        """R047: company, code, first star, first row."""
        supplier = self.env['res.partner'].create({'name': "Sells and Buys", 'is_company': True})
        supplier.with_user(self.admin).k20_kind = 'end'
        self.assertTrue(supplier.k20_code)
        self.assertEqual((supplier.company_id, supplier.k20_star), (self.env.company, '1'))
        self.assertEqual(supplier.k20_assignment_ids.mapped('kind'), ['assign'])

    def test_nobody_writes_rows_of_the_history(self):
        """R157: not by create, write or unlink, for the administrator either."""
        for kind in ('assign', 'import', 'nonsense', False):
            with self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017
                self.Assignment.with_user(self.admin).create({'kind': kind, 'partner_id': self.owned.id})
        row = self.owned.k20_assignment_ids
        with self.assertRaises(AccessError):
            row.with_user(self.admin).reason = "Changed"
        with self.assertRaises(AccessError):
            row.with_user(self.admin).unlink()
