from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import K20Case


@tagged('post_install', '-at_install', 'k20_thorough')
class TestDeletion(K20Case):
    """Who deletes and archives customers, and what keeps them. (R050, R074)"""

    def make_invoice(self, partner):
        return self.env['account.move'].create(
            {
                'move_type': 'entry',
                'partner_id': partner.id,
                'date': fields.Date.today(),
                'journal_id': self.env['account.journal'].search([('type', '=', 'general')], limit=1).id,
                'line_ids': [
                    Command.create({'name': "x", 'account_id': account.id})
                    for account in self.env['account.account'].search([], limit=1)
                ],
            }
        )

    def test_an_unused_customer_is_deleted_by_who_looks_after_it(self):
        """R014, R050, R074: owner, manager of the owner, administrator; contacts go with it, archived ones too."""
        for user in (self.sales1, self.manager, self.admin):
            customer = self.make_customer(owner=self.sales1)
            contacts = self.make_contact(customer) + self.make_contact(customer, active=False)
            customer.with_user(user).unlink()
            self.assertFalse((customer + contacts).exists(), user.login)

    def test_nobody_else_deletes(self):
        """R050: a colleague's, the pool's, and finance, who may change every customer."""
        owned = self.make_customer(owner=self.sales1)
        contact = self.make_contact(owned)
        pooled = self.make_customer('channel')
        for user in (self.sales2, self.sales3, self.finance, self.buyer, self.storekeeper, self.outsider):
            for partner in (owned, pooled, contact):
                with self.assertRaises(AccessError, msg=user.login):
                    partner.with_user(user).unlink()
        for user in (self.sales1, self.manager):
            with self.assertRaises(AccessError, msg=user.login):
                pooled.with_user(user).unlink()

    def test_a_used_customer_is_kept(self):
        """R050: with a sentence that says what is there; for the administrator too."""
        customer = self.make_customer(owner=self.sales1)
        contact = self.make_contact(customer)
        for partner in (customer, contact):
            entry = self.make_invoice(partner)
            for user in (self.sales1, self.admin):
                with self.assertRefused(r"Journal Entry: 1.*archive"):
                    customer.with_user(user).unlink()
            entry.unlink()
        with self.assertRefused(r"cannot be deleted"):
            self.make_invoice(contact)
            contact.with_user(self.sales1).unlink()
        customer.with_user(self.sales1).unlink()

    def test_a_payment_keeps_a_customer(self):
        """R050: also one that is not posted yet and has no entry."""
        customer = self.make_customer(owner=self.sales1)
        journal = self.env['account.journal'].search([('type', '=', 'bank')], limit=1)
        values = {'partner_id': customer.id, 'amount': 5, 'payment_type': 'inbound', 'journal_id': journal.id}
        payment = self.env['account.payment'].create({**values, 'partner_type': 'customer'})
        self.assertFalse(payment.move_id)
        for user in (self.sales1, self.admin):
            with self.assertRefused(r"Payments: 1.*archive"):
                customer.with_user(user).unlink()

    def test_contacts_are_the_owners_to_delete_and_archive(self):
        """R014: people come and go at a customer; the customer itself stays the administrator's to archive."""
        customer = self.make_customer(owner=self.sales1)
        contact = self.make_contact(customer).with_user(self.sales1)
        contact.action_archive()
        self.assertFalse(contact.active)
        self.assertEqual(contact.k20_owner_id, self.sales1)
        contact.action_unarchive()
        contact.unlink()
        self.assertFalse(contact.exists())
        with self.assertRaises(AccessError):
            self.make_contact(customer).with_user(self.sales2).action_archive()

    def test_archiving_is_the_administrators(self):
        """R050: by button, by the web client's write, there and back; it keeps the owner."""
        customer = self.make_customer(owner=self.sales1)
        for user in (self.sales1, self.manager, self.finance):
            with self.assertRefused("administrator"):
                customer.with_user(user).action_archive()
            with self.assertRefused("administrator"):
                customer.with_user(user).web_save({'active': False}, {})
        customer.with_user(self.admin).action_archive()
        self.assertFalse(customer.active)
        self.assertEqual(customer.user_id, self.sales1)
        with self.assertRefused("administrator"):
            customer.with_user(self.sales1).action_unarchive()
        customer.with_user(self.admin).action_unarchive()
        self.assertTrue(customer.active)

    def test_what_is_no_customer_is_deleted_as_before(self):
        """R050: Odoo's own rules for other partners stay."""
        partner = self.env['res.partner'].create({'name': "Nobody"})
        partner.with_user(self.sales1).unlink()
        self.assertFalse(partner.exists())
