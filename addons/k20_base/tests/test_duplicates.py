from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import K20Case

VAT = '91320594MA1MCY7X1K'


@tagged('post_install', '-at_install')
class TestDuplicates(K20Case):
    """No customer twice, and who to ask. (R074, R162)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales3.name = "Li Lei"
        cls.customer = cls.make_customer(
            owner=cls.sales3, name="苏州东方红科技有限公司", vat=VAT, phone='0512-66001234', email='secret@example.com'
        )
        cls.Partner = cls.env['res.partner']

    def refusal(self, user, message='ask', **values):
        """Let `user` make a customer with `values`, expect a refusal that matches `message`, return its text."""
        Partner = self.Partner.with_user(user)
        before = Partner.sudo().search_count([])
        with self.assertRaises(ValidationError) as caught:
            Partner.create({'k20_kind': 'end', 'name': "Another name", **values})
        self.assertEqual(Partner.sudo().search_count([]), before)
        self.assertRegex(str(caught.exception), message)
        return str(caught.exception)

    def test_a_taken_name_number_or_phone_is_refused_with_who_to_ask(self):
        """R074: the owner's name, and nothing else of the hidden customer."""
        for values in (
            {'name': "苏州东方红科技股份有限公司"},
            {'name': " 苏州(东方红) 科技"},
            {'vat': ' 91320594 ma1mcy7x1k'},
            {'phone': '+86 512 6600 1234 转 801'},
        ):
            text = self.refusal(self.sales1, self.sales3.name, **values)
            self.assertIn(*values.values(), text)
            secrets = {self.customer[name] for name in ('k20_code', 'email', 'name', 'vat', 'phone')}
            for hidden in secrets - set(values.values()):
                self.assertNotIn(hidden, text)

    def test_all_that_is_taken_is_told_at_once(self):
        """R074: three reasons, three sentences."""
        text = self.refusal(self.sales1, name=self.customer.name, vat=VAT, phone=self.customer.phone)
        self.assertEqual(len(text.splitlines()), 3)

    def test_ones_own_customer_is_named_as_such(self):
        """R074: asking oneself leads nowhere."""
        self.refusal(self.sales3, "customer of yours", name=self.customer.name)

    def test_pool_and_archived_customers_count(self):
        """R074: the administrator is asked; a leaver or a sleeping record is no way round."""
        self.make_customer('channel', name="Pool Trading Co., Ltd.")
        archived = self.make_customer(owner=self.sales2, name="Archive Trading Co., Ltd.")
        archived.active = False
        for name in ("pool trading", "ARCHIVE TRADING INC."):
            text = self.refusal(self.sales1, "administrator", name=name)
            self.assertNotIn(self.sales2.name, text)

    def test_nobody_is_sent_to_a_leaver(self):
        """R074: who left before K20 came may still own customers."""
        leaver = self.make_user('k20_leaver', 'salesperson')
        self.make_customer(owner=leaver, name="Leaver Trading Co., Ltd.")
        self.env.cr.execute("UPDATE res_users SET active = FALSE WHERE id = %s", [leaver.id])
        self.env.invalidate_all()
        self.assertNotIn(leaver.name, self.refusal(self.sales1, "administrator", name="leaver trading"))

    def test_a_channel_and_an_end_customer_are_one_customer(self):
        """R162: entered once, whatever its kind."""
        self.refusal(self.sales1, k20_kind='channel', name=self.customer.name)

    def test_no_change_makes_a_duplicate(self):
        """R162: renaming, a number typed later, a supplier that becomes a customer, another company."""
        mine = self.make_customer(owner=self.sales1).with_user(self.sales1)
        for vals in ({'name': self.customer.name}, {'vat': VAT}, {'phone': self.customer.phone}):
            with self.assertRefused(self.sales3.name, ValidationError):
                mine.write(dict(vals))
        supplier = self.Partner.create({'name': self.customer.name, 'is_company': True})
        with self.assertRefused(self.sales3.name, ValidationError):
            supplier.with_user(self.admin).write({'k20_kind': 'end', 'user_id': self.sales1.id})
        contact = self.make_contact(mine)
        with self.assertRefused(self.sales3.name, ValidationError):
            contact.with_user(self.sales1).vat = VAT  # a contact's tax number is its company's

    def test_the_same_customer_may_be_written_again(self):
        """R162: no customer is its own duplicate."""
        self.customer.with_user(self.sales3).write(
            {'name': "苏州东方红科技（集团）有限公司", 'vat': VAT.lower(), 'phone': '0512 6600 1234'}
        )
        self.assertEqual(self.customer.k20_name_key, '苏州东方红科技')

    def test_a_freed_name_can_be_had(self):
        """R162: keys follow what is written."""
        self.customer.with_user(self.sales3).write({'name': "苏州西方白科技有限公司", 'phone': False})
        self.make_customer(name="苏州东方红科技有限公司", phone='0512-66001234')

    def test_within_one_batch(self):
        """R162: a list that holds a customer twice makes none."""
        with self.assertRefused("given to two customers", ValidationError):
            self.Partner.with_user(self.sales1).create(
                [{'k20_kind': 'end', 'name': name} for name in ("Twice Ltd.", "Once", "TWICE")]
            )
        with self.assertRefused("given to two customers", ValidationError):
            (self.make_customer(owner=self.sales1) + self.make_customer(owner=self.sales1)).vat = '91320594MA1AAAAA1A'

    def test_the_database_holds_it_even_where_the_check_does_not_look(self):
        """R162: the unique indexes are the truth, and their message says who to ask, too."""
        other = self.make_customer()
        for key, value in (
            ('k20_name_key', '苏州东方红科技'),
            ('k20_vat_key', VAT),
            ('k20_phone_key', '+8651266001234'),
        ):
            with self.assertRaises(IntegrityError) as caught, mute_logger('odoo.sql_db'):
                self.env.cr.execute(f'UPDATE res_partner SET {key} = %s WHERE id = %s', (value, other.id))
            message = self.Partner.with_user(self.sales1)._sql_error_to_message(caught.exception)
            self.assertRegex(message, f'{value}.*ask {self.sales3.name}'.replace('+', r'\+'))

    def test_nobody_sets_a_key(self):
        """R162: over RPC every stored field can be sent; these are never taken over."""
        mine = self.make_customer(owner=self.sales1, name="Own Name Ltd.").with_user(self.sales1)
        for vals in ({'k20_name_key': False}, {'k20_phone_key': 'x'}):
            with self.assertRefused("worked out by the system"):
                mine.write(vals)
        for key in ('squatted', False):
            with self.assertRefused("worked out by the system"):
                mine.create({'name': "own name", 'k20_name_key': key})
            with self.assertRefused("yours", ValidationError):
                mine.with_context(default_k20_name_key=key).create({'name': "own name", 'k20_kind': 'end'})
        supplier = mine.with_context(default_k20_name_key='squatted').create({'name': "Supplier"})
        self.assertFalse(supplier.k20_name_key)

    def test_contacts_and_others_stop_nobody(self):
        """R162: a contact's phone, a supplier's or a user's name are no customer's."""
        self.make_contact(self.customer, name="王经理", phone='13800000001')
        self.Partner.create({'name': "Supplier Ltd.", 'vat': '91320594MA1BBBBB1B', 'phone': '13800000002'})
        customer = self.Partner.with_user(self.sales1).create(
            [
                {'k20_kind': 'end', 'name': "王经理", 'phone': '13800000001'},
                {'k20_kind': 'end', 'name': "Supplier", 'vat': '91320594MA1BBBBB1B', 'phone': '13800000002'},
            ]
        )
        self.make_contact(customer[0], name="王经理", phone='13800000001')

    def test_another_company_has_customers_of_its_own(self):
        """R162: keys are unique within a company."""
        self.make_customer(name=self.customer.name, phone=self.customer.phone, company_id=self.other_company.id)

    def test_a_copy_leaves_out_what_belongs_to_one(self):
        """R162: duplicating on the form asks for a new tax number and phone."""
        copy = self.customer.with_user(self.admin).copy()
        self.assertFalse(copy.vat)
        self.assertFalse(copy.phone)

    # Shared phones

    def test_a_shared_phone_may_be_had_by_many(self):
        """R074: marked by the administrator, carried on by whoever gets the number, ended when one is left."""
        self.customer.with_user(self.admin).k20_phone_shared = True
        second = self.Partner.with_user(self.sales1).create(
            {'k20_kind': 'end', 'name': "Second", 'phone': '051266001234'}
        )
        third = self.make_customer(owner=self.sales1, name="Third").with_user(self.sales1)
        third.phone = '0512-6600-1234'
        self.assertTrue(second.k20_phone_shared and third.k20_phone_shared)
        with self.assertRefused("Other customers"):
            self.customer.with_user(self.admin).k20_phone_shared = False
        (second + third).unlink()
        self.customer.with_user(self.admin).k20_phone_shared = False
        self.refusal(self.sales1, phone='0512-66001234')

    def test_a_new_number_is_not_shared(self):
        """R074: the mark belongs to the number, not to the customer."""
        self.customer.k20_phone_shared = True
        self.customer.with_user(self.sales3).phone = '0512-66005678'
        self.assertFalse(self.customer.k20_phone_shared)
        self.refusal(self.sales1, phone='0512-66005678')

    def test_the_mark_on_a_new_customer_marks_the_old_one(self):
        """R074: the administrator needs not find the other first."""
        self.Partner.with_user(self.admin).create(
            {'k20_kind': 'end', 'name': "Second", 'phone': '0512-66001234', 'k20_phone_shared': True}
        )
        self.assertTrue(self.customer.k20_phone_shared)

    def test_the_mark_with_a_changed_number_marks_the_old_one(self):
        """R074: the same, on a customer that is there."""
        other = self.make_customer().with_user(self.admin)
        other.write({'phone': '0512-66001234', 'k20_phone_shared': True})
        self.assertTrue(other.k20_phone_shared and self.customer.k20_phone_shared)

    def test_only_the_administrator_marks_a_phone(self):
        """R074: or a salesperson would get round the check."""
        for user in (self.sales3, self.finance):
            with self.assertRefused("administrator"):
                self.customer.with_user(user).k20_phone_shared = True
        with self.assertRefused("administrator"):
            self.Partner.with_user(self.sales1).create(
                {'k20_kind': 'end', 'name': "Second", 'phone': '0512-66001234', 'k20_phone_shared': True}
            )
        self.assertFalse(self.customer.k20_phone_shared)

    # Near matches

    def typed(self, user, **values):
        """Return what the form warns of when `user` types `values` into a new customer."""
        Partner = self.Partner.with_user(user).with_context(default_k20_kind='end')
        form = Form(Partner, 'k20_base.res_partner_view_form_customer')
        for name, value in values.items():
            form[name] = value
        return form.k20_similar or ''

    def test_similar_names_warn_and_name_nobody_hidden(self):
        """R074: a count for who may not see it, the name for who may; saving goes on."""
        longer = "江苏省苏州东方红科技信息系统集成工程有限公司"
        for name in ("东方红科技", longer, "苏州东方红科贸有限公司"):
            self.assertRegex(self.typed(self.sales1, name=name), "not look after: 1")
            self.assertIn(self.customer.name, self.typed(self.sales3, name=name))
        self.assertFalse(self.typed(self.sales1, name="无锡太湖水利工程有限公司"))
        self.Partner.with_user(self.sales1).create({'k20_kind': 'end', 'name': "东方红科技"})

    def test_numbers_of_contacts_and_second_numbers_warn(self):
        """R074: the same person at another company may be the same business."""
        self.make_contact(self.customer, phone='13800000001')
        for phone in ('13800000001', '0512-88888888 / 0512-66001234'):
            self.assertRegex(self.typed(self.sales1, phone=phone), "not look after: 1")
        self.assertFalse(self.typed(self.sales1, phone='13900000009'))
        elsewhere = self.make_customer(company_id=self.other_company.id)
        self.make_contact(elsewhere, phone='13700000003')
        self.assertFalse(self.typed(self.sales1, phone='13700000003'))

    def test_a_saved_customer_warns_only_while_it_is_renamed(self):
        """R074: opening one costs no search; a customer is not similar to itself."""
        twin = self.make_customer(owner=self.sales3, name="东方红科技").with_user(self.sales3)
        self.assertFalse(twin.k20_similar)
        with Form(twin, 'k20_base.res_partner_view_form_customer') as form:
            form.name = "东方红科"
            self.assertEqual(form.k20_similar, f"Similar customers: {self.customer.name}.")

    # Doors

    def test_who_may_not_change_a_customer_learns_nothing(self):
        """R157: rights come before the check."""
        other = self.make_customer(owner=self.sales2)
        with self.assertRaises(AccessError):
            other.with_user(self.sales1).name = self.customer.name
        with self.assertRaises(AccessError):
            self.Partner.with_user(self.outsider).create({'k20_kind': 'end', 'name': self.customer.name})

    def test_import_names_the_row(self):
        """R162: Odoo's own import comes through the same check."""
        self.sales1.group_ids += self.env.ref('k20_base.group_k20_import')
        for names, row, reason in (
            (["Good Ltd.", self.customer.name], 1, self.sales3.name),
            (["Good Ltd.", "Better Ltd.", "GOOD"], 2, "two customers"),
        ):
            load = self.Partner.with_user(self.sales1).load
            result = load(['name', 'k20_kind'], [[name, 'end'] for name in names])
            self.assertFalse(result['ids'])
            self.assertIn(reason, {message['rows']['from']: message['message'] for message in result['messages']}[row])

    # Speed

    def test_the_check_costs_one_query(self):
        """R162: for ten customers as for a thousand."""
        for count in (10, 1000):
            customers = [
                {
                    'name': f'{i}',
                    'company_id': 1,
                    'k20_name_key': f'n{i}',
                    'k20_vat_key': f'v{i}',
                    'k20_phone_key': f'p{i}',
                }
                for i in range(count)
            ]
            self.Partner.flush_model()
            with self.assertQueryCount(1):
                self.Partner._k20_check_duplicates(customers)

    def test_the_check_and_the_warning_walk_indexes(self):
        """R162: 20,000 customers are looked through in milliseconds."""
        self.env.cr.execute('SET LOCAL enable_seqscan = off')
        for query, indexes in (
            (self.Partner._query_holders('k20_name_key', [1], ['x']), ['k20_name_key_uniq']),
            (self.Partner._query_holders('k20_vat_key', [1], ['x']), ['k20_vat_key_uniq']),
            (self.Partner._query_holders('k20_phone_key', [1], ['x']), ['k20_phone_key_idx']),
            (self.Partner._query_similar_names('东方红科技', self.env.company), ['k20_name_key']),
            (self.Partner._query_similar_phones(['+861'], self.env.company), ['k20_phone_key', 'phone_sanitized']),
        ):
            self.env.cr.execute('EXPLAIN ' + self.env.cr.mogrify(query.code, query.params).decode())
            plan = '\n'.join(line for (line,) in self.env.cr.fetchall())
            for index in indexes:
                self.assertIn(index, plan)
            self.assertNotIn('Seq Scan', plan)

    # Merging

    def test_customers_are_merged_by_the_administrator_alone(self):
        """R157: merging moves contacts, follow-ups and documents past every guard."""
        twin = self.make_customer(owner=self.sales3, name="东方红科技", email=self.customer.email, vat=False)
        contact = self.make_contact(twin)
        Wizard = self.env['base.partner.merge.automatic.wizard']
        values = {'partner_ids': (twin + self.customer).ids, 'dst_partner_id': twin.id}
        for user in (self.sales3, self.finance):
            with self.assertRefused("administrator", UserError):
                Wizard.with_user(user).create(dict(values)).action_merge()
        self.assertTrue(self.customer.exists())
        Wizard.with_user(self.admin).create(values).action_merge()
        self.assertFalse(self.customer.exists())
        self.assertEqual((twin.k20_vat_key, twin.k20_phone_key), (VAT, '+8651266001234'))
        self.assertEqual(contact.parent_id, twin)
