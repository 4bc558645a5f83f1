from lxml import etree
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import K20Case


@tagged('post_install', '-at_install')
class TestCustomers(K20Case):
    """What a customer is, and whose it becomes. (R014, R047, R161)"""

    def test_a_salespersons_new_customer_is_the_makers(self):
        """R022: with a code, not in the pool, whatever the context says."""
        Partner = self.env['res.partner'].with_user(self.sales1).with_context(default_user_id=self.sales2.id)
        customer = Partner.create({'name': "Suzhou Star", 'k20_kind': 'channel'})
        self.assertEqual(customer.user_id, self.sales1)
        self.assertEqual(customer.k20_owner_id, self.sales1)
        self.assertFalse(customer.k20_in_pool)
        self.assertTrue(customer.k20_code)

    def test_a_salesperson_gives_no_customer_to_a_colleague(self):
        """R157: neither when making it nor afterwards."""
        Partner = self.env['res.partner'].with_user(self.sales1)
        with self.assertRaises(UserError):
            Partner.create({'name': "Suzhou Star", 'k20_kind': 'channel', 'user_id': self.sales2.id})
        customer = Partner.create({'name': "Suzhou Star", 'k20_kind': 'channel'})
        with self.assertRefused("administrator"):
            customer.user_id = self.sales2
        self.assertEqual(customer.user_id, self.sales1)

    def test_no_way_out_of_ownership(self):
        """R157: kind, detaching a contact, making it a company and archiving are the administrator's, in sudo too."""
        customer = self.make_customer(owner=self.sales1)
        contact = self.make_contact(customer)
        for partner, vals in (
            (customer, {'k20_kind': False}),
            (customer, {'active': False}),
            (contact, {'parent_id': False}),
            (contact, {'is_company': True}),
        ):
            for records in (partner.with_user(self.sales1), partner.with_user(self.sales1).sudo()):
                with self.assertRaises(UserError, msg=vals):
                    records.write(dict(vals))  # Odoo empties what it is given

    def test_the_administrator_makes_customers_without_owner_for_the_pool(self):
        """R179: owner or pool, never both, never neither."""
        customer = self.env['res.partner'].with_user(self.admin).create({'name': "Wuxi Star", 'k20_kind': 'end'})
        self.assertTrue(customer.k20_in_pool)
        self.assertTrue(customer.k20_pool_since)
        customer.user_id = self.sales1
        self.assertFalse(customer.k20_in_pool)
        self.assertFalse(customer.k20_pool_since)
        self.make_contact(customer)
        customer.write({'user_id': False})
        self.env.flush_all()
        self.assertTrue(customer.k20_in_pool)
        self.assertTrue(customer.k20_pool_since)

    def test_contacts_follow_the_owner(self):
        """R014, R051, R075: contacts follow owner and visibility, archived ones and contacts of contacts too."""
        customer = self.make_customer('channel', owner=self.sales1)
        contacts = self.make_contact(customer) + self.make_contact(customer, active=False)
        contacts += self.make_contact(contacts[0])
        self.assertEqual(contacts.k20_owner_id, self.sales1)
        customer.with_user(self.admin).user_id = self.sales2
        for contact in contacts:
            self.assertEqual((contact.k20_owner_id, contact.user_id), (self.sales2, self.sales2))

    def test_customers_belong_to_the_makers_company(self):
        """R022, R157: and their contacts with them, so that another company's people see neither."""
        works = {'company_id': self.other_company.id, 'company_ids': self.other_company.ids}
        seller = self.make_user('k20_foreign', 'salesperson', **works)
        Partner = self.env['res.partner'].with_user(seller).with_company(self.other_company)
        contacts = [Command.create({'name': "Li"})]
        customer = Partner.create({'name': "Far Away", 'k20_kind': 'end', 'child_ids': contacts})
        self.assertEqual((customer + customer.child_ids).company_id, self.other_company)
        self.assertFalse(self.env['res.partner'].with_user(self.admin).search([('id', 'child_of', customer.id)]))

    def test_only_who_sells_owns(self):
        """R051, R157: an owner is an active person with selling rights; nobody else makes a customer either."""
        with self.assertRaises(ValidationError):
            self.make_customer(owner=self.buyer)
        for user in (self.buyer, self.finance):
            with self.assertRefused("made by salespeople", AccessError):
                self.env['res.partner'].with_user(user).create({'name': "Suzhou Star", 'k20_kind': 'end'})

    def test_who_makes_no_customers_is_offered_no_new_one(self):
        """R154: what would be refused at saving is not offered: to finance, who sees all; lists of others stay."""
        making = [('res_model', '=', 'res.partner'), ('context', 'like', 'default_k20_kind')]
        screens = self.env['ir.actions.act_window'].search(making).view_ids
        self.assertGreater(len(screens), 5)
        for user, offered in ((self.sales1, True), (self.admin, True), (self.finance, False)):
            Partner = self.env['res.partner'].with_user(user)
            for screen in screens:
                arch = etree.fromstring(Partner.get_view(screen.view_id.id, screen.view_mode)['arch'])
                self.assertEqual(arch.get('create', '1') != '0', offered, (user.login, screen.view_id.xml_id))
            suppliers = etree.fromstring(Partner.get_view(self.env.ref('base.view_partner_tree').id, 'list')['arch'])
            self.assertNotEqual(suppliers.get('create'), '0')

    def test_codes_come_from_the_kinds_sequence_and_are_unique(self):
        """R161: a code by hand that exists is refused, one taken by hand is skipped."""
        sequence = self.env.ref('k20_base.ir_sequence_end')
        taken = self.make_customer(k20_code=sequence.get_next_char(sequence.number_next_actual))
        customer = self.make_customer()
        self.assertNotEqual(customer.k20_code, taken.k20_code)
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):
            self.make_customer(k20_code=taken.k20_code)

    def test_a_contact_is_no_customer_of_its_own(self):
        """R047: the kind is set on the company, never on its contact."""
        contact = self.make_contact(self.make_customer())
        with self.assertRefused("contact", ValidationError):
            contact.k20_kind = 'end'

    def test_types_are_offered_by_kind(self):
        """R148: channel types on channels, customer types on end customers."""
        with self.assertRefused("another type", ValidationError):
            self.make_customer('end', k20_type_id=self.env.ref('k20_base.k20_customer_type_dealer').id)

    def test_a_city_lies_in_its_province(self):
        """R153: the city brings its province; another province is refused; a province without cities is enough."""
        city = self.env['res.city'].search([('name', 'like', '苏州市')], limit=1)
        customer = self.make_customer(city_id=city.id)
        self.assertEqual(customer.state_id, city.state_id)
        self.assertEqual(customer.k20_prefecture, '苏州市')
        self.assertIn(city.name, customer._display_address(), "the city is printed with the address")
        with self.assertRefused("city of the province", ValidationError):
            customer.state_id = self.env['res.country.state'].search([('name', '=', '浙江省')])
        taiwan = self.env['res.country.state'].search([('name', '=', '台湾省')])
        self.assertEqual(self.make_customer(state_id=taiwan.id).country_id.code, 'CN')

    def test_customers_are_found_by_pinyin(self):
        """R007: initials or full pinyin find a Chinese name, as do code and phone."""
        customer = self.make_customer(name="昆山华东自动化", owner=self.sales1, phone='0512-66007234')
        for text in ('kshd', 'huadong', '华东', '6600', customer.k20_code):
            found = self.env['res.partner'].with_user(self.sales1).name_search(text)
            self.assertIn(customer.id, [pair[0] for pair in found], text)

    def test_completeness_follows_the_settings(self):
        """R196: Settings name what a complete customer has; what is missing is shown."""
        self.env.company.k20_required_field_ids = self.env['ir.model.fields']._get('res.partner', 'phone')
        customer = self.make_customer()
        self.assertFalse(customer.k20_complete)
        self.assertTrue(customer.k20_missing)
        customer.phone = '0512-66001234'
        self.assertTrue(customer.k20_complete)
        self.assertFalse(customer.k20_missing)
