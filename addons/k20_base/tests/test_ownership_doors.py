from odoo.tests import tagged

from .common import K20HttpCase, RpcError


@tagged('post_install', '-at_install', 'k20_thorough')
class TestOwnershipDoors(K20HttpCase):
    """Whose a customer is changes through the administrator only, by whatever call a salesperson tries. (R157)"""

    def setUp(self):
        super().setUp()
        self.mine = self.make_customer(owner=self.sales1)
        self.contact = self.make_contact(self.mine)
        self.other = self.make_customer('channel', owner=self.sales1)
        self.supplier = self.env['res.partner'].create({'name': "Supplier", 'is_company': True})
        self.make_contact(self.supplier)
        self.login(self.sales1)

    def standing(self):
        """Return what must not change, of customer and contact."""
        partners = self.mine + self.contact
        partners.invalidate_recordset()
        return partners.read(
            [
                'user_id', 'parent_id', 'commercial_partner_id', 'company_id', 'is_company', 'active', 'k20_kind',
                'k20_is_customer', 'k20_owner_id', 'k20_in_pool', 'k20_pool_since', 'k20_pool_reason', 'k20_star',
                'k20_complete', 'k20_pinyin', 'k20_prefecture',
            ],
            load='',
        )  # fmt: skip

    def moving_writes(self, company):
        """Return pairs of ids and values, each of which would move a customer or contact, or say that it is moved."""
        mine, contact, other = self.mine.ids, self.contact.ids, self.other.id
        return (
            (mine, {'user_id': self.sales2.id}),
            (mine, {'user_id': False}),
            (mine, {'k20_kind': 'channel'}),
            (mine, {'k20_kind': False}),
            (mine, {'parent_id': self.supplier.id}),
            (mine, {'parent_id': other}),
            (mine, {'commercial_partner_id': self.supplier.id}),
            (mine, {'company_id': company.id}),
            (mine, {'company_id': False}),
            (mine, {'is_company': False, 'parent_id': other}),
            (mine, {'active': False}),
            (mine, {'child_ids': [[3, contact[0]]]}),
            (mine, {'child_ids': [[5]]}),
            (mine, {'child_ids': [[6, 0, []]]}),
            (mine, {'child_ids': [[1, contact[0], {'is_company': True}]]}),
            (mine, {'child_ids': [[1, contact[0], {'parent_id': other}]]}),
            (mine, {'child_ids': [[4, self.supplier.child_ids.id]]}),
            ([other], {'child_ids': [[4, contact[0]]]}),
            (contact, {'parent_id': False}),
            (contact, {'parent_id': other}),
            (contact, {'parent_id': self.supplier.id}),
            (contact, {'commercial_partner_id': self.supplier.id}),
            (contact, {'is_company': True}),
            (contact, {'company_type': 'company'}),
            (contact, {'k20_kind': 'end'}),
            (contact, {'user_id': self.sales2.id}),
            (mine, {'k20_owner_id': self.sales2.id}),
            (mine, {'k20_is_customer': False}),
            (contact, {'k20_is_customer': False}),
            (mine, {'k20_in_pool': True}),
            (mine, {'k20_pool_since': '2026-01-01 00:00:00'}),
            (mine, {'k20_pool_reason': "x"}),
            (mine, {'k20_complete': True}),
            (mine, {'k20_pinyin': "x"}),
            (mine, {'k20_prefecture': "x"}),
            (mine, {'k20_star': '5'}),
        )

    def test_no_write_moves_a_customer_or_a_contact(self):
        """R157: fields that decide, fields that the system works out, commands for lines; by each way of writing."""
        mine = self.mine.ids
        self.sales1.company_ids += self.other_company
        before = self.standing()
        for ids, vals in self.moving_writes(self.other_company):
            with self.subTest(ids=ids, vals=vals):
                for method, more in (('write', ()), ('web_save', ({'name': {}},))):
                    with self.assertRaises(RpcError):
                        self.call('res.partner', method, ids, vals, *more, context={'k20_owner': True, 'moving': True})
                self.assertEqual(self.standing(), before)
        with self.assertRaises(RpcError):
            self.call('res.partner', 'action_archive', mine)
        self.sales1.group_ids += self.env.ref('k20_base.group_k20_import')
        for name, value in (('user_id/.id', str(self.sales2.id)), ('k20_kind', 'Channel'), ('k20_star', '★★★★★')):
            loaded = self.call('res.partner', 'load', ['.id', name], [[str(mine[0]), value]])
            self.assertFalse(loaded['ids'], name)
        self.assertEqual(self.standing(), before)

    def test_no_creation_gives_a_customer_away(self):
        """R157: by values it is refused, by defaults of the context or personal ones it has no effect."""
        for vals in (
            {'user_id': self.sales2.id},
            {'k20_in_pool': True},
            {'k20_owner_id': self.sales2.id},
            {'k20_is_customer': False},
            {'k20_pool_since': '2026-01-01 00:00:00'},
            {'k20_pool_reason': "x"},
            {'k20_complete': True},
            {'k20_pinyin': "x"},
            {'k20_star': '5'},
            {'child_ids': [[4, self.contact.id]]},
            {'child_ids': [[0, 0, {'name': "x", 'user_id': self.sales2.id, 'k20_kind': 'end', 'is_company': True}]]},
        ):
            with self.subTest(vals=vals), self.assertRaises(RpcError):
                self.call('res.partner', 'create', [{'name': "Given away", 'k20_kind': 'end', **vals}])
            with self.subTest(copy=vals), self.assertRaises(RpcError):
                self.call('res.partner', 'copy', self.mine.ids, vals)
        for source in ('context', 'ir.default'):
            defaults = {
                'user_id': self.sales2.id,
                'k20_in_pool': True,
                'k20_owner_id': self.sales2.id,
                'k20_is_customer': False,
                'k20_pool_since': '2026-01-01 00:00:00',
                'k20_star': '5',
            }
            context = {f'default_{name}': value for name, value in defaults.items()} if source == 'context' else {}
            if source == 'ir.default':
                for name, value in defaults.items():
                    self.call('ir.default', 'set', 'res.partner', name, value, True)
            vals = {'name': f"Kept {source}", 'k20_kind': 'end', 'child_ids': [[0, 0, {'name': "Contact"}]]}
            ids = self.call('res.partner', 'create', [vals], context=context)
            customer = self.env['res.partner'].browse(ids)
            with self.subTest(source=source):
                for partner in customer + customer.child_ids:
                    self.assertEqual(partner.k20_owner_id, self.sales1)
                    self.assertTrue(partner.k20_is_customer)
                    self.assertFalse(partner.k20_in_pool or partner.k20_pool_since)
                self.assertEqual(customer.k20_star, '1')

    def test_a_kind_that_comes_as_a_default_makes_a_whole_customer(self):
        """R022, R161: the lists of channels and end customers open the form with it; the contacts get none."""
        context = {'default_k20_kind': 'channel'}
        vals = {'name': "By default", 'child_ids': [[0, 0, {'name': "Contact"}]]}
        customer = self.env['res.partner'].browse(self.call('res.partner', 'create', [vals], context=context))
        self.assertEqual((customer.k20_kind, customer.user_id), ('channel', self.sales1))
        self.assertTrue(customer.k20_code)
        self.assertFalse(customer.child_ids.k20_kind)
        partner_id, _name = self.call('res.partner', 'name_create', "Quick", context=context)
        self.assertEqual(self.env['res.partner'].browse(partner_id).user_id, self.sales1)
        contact_id = self.call('res.partner', 'create', [{'name': "x", 'parent_id': customer.id}], context=context)
        self.assertFalse(self.env['res.partner'].browse(contact_id).k20_kind)

    def test_daily_work_goes_on(self):
        """R154: what is granted works: contacts, details, the same value again."""
        call = self.call
        call(
            'res.partner', 'write', self.mine.ids, {'user_id': self.sales1.id, 'phone': '13700001111', 'k20_star': '1'}
        )
        call(
            'res.partner',
            'write',
            self.mine.ids,
            {'child_ids': [[0, 0, {'name': "New"}], [1, self.contact.id, {'email': 'a@b.example'}]]},
        )
        call('res.partner', 'web_save', self.contact.ids, {'phone': '13700002222'}, {'phone': {}})
        call('res.partner', 'copy', self.contact.ids)
        copied = self.env['res.partner'].browse(call('res.partner', 'copy', self.mine.ids))
        self.assertEqual(copied.user_id, self.sales1)
