from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from odoo.addons.k20_sales.hooks import post_init_hook

from .test_order_approval import OrderCase


class ChannelCase(OrderCase):
    """`channel` is sales1's own, `colleagues` belongs to sales3."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel = cls.make_customer('channel', owner=cls.sales1)
        cls.colleagues = cls.make_customer('channel', owner=cls.sales3)


@tagged('post_install', '-at_install')
class TestDeals(ChannelCase):
    """What customers and channels have bought and brought follows their orders. (DESIGN §3)"""

    def facts(self, customer):
        customer.invalidate_recordset()
        return customer.k20_deal_count, customer.k20_deal_amount, customer.k20_first_deal_date

    def test_an_approved_order_counts_for_customer_and_channel(self):
        """DESIGN §3: the commercial partner's and its channel's, each once; the first is the conversion."""
        contact = self.make_contact(self.customer)
        order = self.make_order(contact, self.sales1, k20_channel_id=self.channel.id)
        today = order.company_id._k20_today()
        self.assertEqual(self.facts(self.customer), (0, 0, False))
        self.approve(order)
        for customer in (self.customer, self.channel):
            self.assertEqual(self.facts(customer), (1, 113, today))
        self.assertEqual(self.facts(contact), (0, 0, False))
        self.approve(self.order)
        self.assertEqual(self.facts(self.customer), (2, 226, today))
        self.assertEqual(self.facts(self.channel), (1, 113, today))
        self.assertEqual(order.opportunity_id.k20_channel_id, self.channel)

    def test_deal_dates_are_the_companys(self):
        """DESIGN §9, R191: 17:00 UTC is the next day in Shanghai."""
        self.order.company_id.partner_id.tz = 'Asia/Shanghai'
        with freeze_time('2026-03-31 17:00:00'):
            self.approve(self.order)
        self.assertEqual(self.order.k20_deal_date, fields.Date.to_date('2026-04-01'))
        self.assertEqual(self.customer.k20_last_deal_date, self.order.k20_deal_date)

    def test_a_cancelled_order_counts_no_more(self):
        """DESIGN §3, R197: cancelled, and approved once more."""
        self.approve(self.order)
        self.order.with_user(self.admin).action_cancel()
        self.assertEqual(self.facts(self.customer), (0, 0, False))
        self.order.with_user(self.admin).action_draft()
        self.approve(self.order)
        self.assertEqual(self.facts(self.customer)[0], 1)

    def test_the_administrators_changes_count(self):
        """DESIGN §3: another price, channel or customer of an approved order."""
        self.approve(self.order)
        order = self.order.with_user(self.admin)
        order.order_line.price_unit = 200
        self.assertEqual(self.facts(self.customer)[:2], (1, 226))
        order.k20_channel_id = self.channel
        self.assertEqual(self.facts(self.channel)[:2], (1, 226))
        order.k20_channel_id = self.colleagues
        self.assertEqual(self.facts(self.channel)[:2], (0, 0))
        self.assertEqual(self.facts(self.colleagues)[:2], (1, 226))
        order.partner_id = other = self.make_customer(owner=self.sales1)
        self.assertEqual(self.facts(self.customer)[:2], (0, 0))
        self.assertEqual(self.facts(other)[:2], (1, 226))

    def test_what_a_channel_buys_counts_once(self):
        """DESIGN §3: a channel does not bring its own purchase."""
        order = self.make_order(self.channel, self.sales1)
        with self.assertRefused("buys itself", ValidationError):
            order.k20_channel_id = self.channel
        self.approve(order)
        self.assertEqual(self.facts(self.channel)[:2], (1, 113))

    def test_a_merge_takes_the_deals_along(self):
        """DESIGN §3: of the other customer, its contacts, and what the other channel brought."""
        other, merged = self.make_customer(owner=self.sales1), self.make_customer('channel', owner=self.sales1)
        contact = self.make_contact(other)
        for customer in (other, contact, self.customer):
            self.approve(self.make_order(customer, self.sales1, k20_channel_id=merged.id))
        wizard = self.env['base.partner.merge.automatic.wizard'].with_user(self.admin)
        wizard.create({})._merge((other + self.customer).ids, self.customer)
        wizard.create({})._merge((merged + self.channel).ids, self.channel)
        self.assertEqual(self.facts(self.customer)[:2], (3, 339))
        self.assertEqual(self.facts(self.channel)[:2], (3, 339))

    def test_orders_from_before_count_as_approved(self):
        """R191: confirmed before the installation."""
        old = self.make_order(self.customer, self.sales1)
        old.company_id.partner_id.tz = 'Asia/Shanghai'
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET state = 'sale', date_order = '2025-12-31 17:00:00' WHERE id = %s", [old.id]
        )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertEqual(old.k20_approval_state, 'approved')
        self.assertEqual(old.order_line.k20_deal_date, fields.Date.to_date('2026-01-01'))
        self.assertEqual(self.facts(self.customer)[:2], (1, 113))
        with self.assertRefused("submitted or approved"):
            old.with_user(self.sales1).note = "x"


@tagged('post_install', '-at_install')
class TestChannelOfOrders(ChannelCase):
    """The channel goes from customer to project to order; whom one names one must be able to read. (DESIGN §3)"""

    def test_it_comes_with_the_project_or_the_customer(self):
        """DESIGN §3: also a colleague's, which the administrator has put on the customer."""
        for channel in (self.channel, self.colleagues):
            self.customer.with_user(self.admin).k20_channel_id = channel
            for user in (self.sales1, self.admin):
                lead = self.env['crm.lead'].with_user(user).create({'name': "P", 'partner_id': self.customer.id})
                order = self.env['sale.order'].with_user(user).create({'partner_id': self.customer.id})
                self.assertEqual((lead.sudo().k20_channel_id, order.sudo().k20_channel_id), (channel, channel))
        lead = self.make_lead(self.customer, self.sales1, k20_channel_id=self.channel.id)
        order = self.env['sale.order'].with_user(self.sales1)
        order = order.create({'partner_id': self.customer.id, 'opportunity_id': lead.id})
        self.assertEqual(order.k20_channel_id, self.channel)

    def test_the_screen_may_send_back_what_it_was_given(self):
        """DESIGN §3, R157: the form shows a colleague's channel of the own customer, and saves it with the rest."""
        self.customer.k20_channel_id = self.colleagues
        self.customer.with_user(self.sales1).write({'k20_channel_id': self.colleagues.id})
        for model, values in (('crm.lead', {'name': "P"}), ('sale.order', {})):
            values.update(partner_id=self.customer.id, k20_channel_id=self.colleagues.id)
            document = self.env[model].with_user(self.sales1).create(values)
            document.write({'k20_channel_id': self.colleagues.id})
            document.k20_channel_id = False
            document.write({'k20_channel_id': self.colleagues.id})  # as its customer has it

    def test_nobody_names_a_channel_they_cannot_read(self):
        """R157: on customer, project and order; nor by naming somebody else's customer along."""
        hidden = self.make_customer(owner=self.sales3, k20_channel_id=self.colleagues.id)
        lead = self.make_lead(self.customer, self.sales1)
        values = {'k20_channel_id': self.colleagues.id}
        for record in (self.customer, lead, self.order):
            for extra in ({}, {'partner_id': hidden.id} if record != self.customer else {}):
                with self.assertRefused(".", AccessError):
                    record.with_user(self.sales1).write({**values, **extra})
        for model in ('crm.lead', 'sale.order'):
            for extra in ({'partner_id': self.customer.id}, {'partner_id': hidden.id}):
                with self.assertRefused(".", AccessError):
                    self.env[model].with_user(self.sales1).create({'name': "P", **values, **extra})

    def test_only_channels_are_channels(self):
        """DESIGN §3: no end customer, no contact, no stranger; and a channel is brought by none."""
        contact = self.make_contact(self.channel)
        for wrong in (self.make_customer(owner=self.sales1), contact):
            for record in (self.customer, self.make_lead(self.customer, self.sales1), self.order):
                with self.assertRefused("no channel", ValidationError):
                    record.k20_channel_id = wrong
        with self.assertRefused("no end customer", ValidationError):
            self.channel.k20_channel_id = self.colleagues

    def test_orders_and_referrals_fix_the_kind(self):
        """R049: of the customer, of the channel that brought it, and of that of an order."""
        self.make_customer(k20_channel_id=self.channel.id)
        self.order.k20_channel_id = self.colleagues
        for customer, kind in ((self.customer, 'channel'), (self.channel, 'end'), (self.colleagues, 'end')):
            with self.assertRefused("its kind stays", ValidationError):
                customer.with_user(self.admin).k20_kind = kind
            customer.with_user(self.admin).k20_kind = customer.k20_kind  # the same once more changes nothing
        private = self.env['res.partner'].create({'name': "Bought before", 'is_company': True})
        self.make_order(private, self.sales1)
        private.with_user(self.admin).k20_kind = 'end'
        self.assertEqual(private.k20_code[:1], self.customer.k20_code[:1])

    def test_used_customers_and_types_stay(self):
        """R074, R145: what a project, an order or a referral names is archived, not deleted."""
        self.make_customer(owner=self.sales1, k20_channel_id=self.channel.id)
        for customer in (self.customer, self.channel):
            with self.assertRefused("in use"):
                customer.with_user(self.admin).unlink()
        with self.assertRefused("in use"):
            self.order.k20_order_type_id.with_user(self.admin).unlink()
        with self.assertRefused(".", AccessError):
            self.env['k20.order.type'].with_user(self.sales1).create({'name': "Mine"})
