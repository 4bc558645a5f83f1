import ast

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from .common import K20Case


@tagged('post_install', '-at_install')
class TestPool(K20Case):
    """What everybody who sells finds and reads of the customers without owner, and what not. (R059, R061)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.second = cls.env['res.company'].create({'name': "Second Company"})
        cls.city = cls.env['res.city'].search([('name', 'like', '苏州市')], limit=1)
        cls.dealer = cls.env.ref('k20_base.k20_customer_type_dealer')
        cls.pooled = cls.make_customer(
            'channel', name="昆山华东自动化", city_id=cls.city.id, k20_type_id=cls.dealer.id, phone='0512-66007234'
        )
        cls.plain = cls.make_customer('channel', name="Wuxi Plain")
        cls.owned = cls.make_customer('channel', name="Owned Star", owner=cls.sales2)
        cls.all = cls.pooled + cls.plain + cls.owned
        cls.Pool = cls.env['k20.pool.customer'].with_user(cls.sales1)

    def found(self, text, field):
        """Return which of the customers `text` finds, typed into `field` of the search bar."""
        arch = etree.fromstring(self.Pool.get_view(view_type='search')['arch'])
        [node] = arch.xpath(f"/search/field[@name='{field}']")
        written = node.get('filter_domain')
        domain = ast.literal_eval(written.replace('self', repr(text))) if written else [(field, 'ilike', text)]
        return self.Pool.search(Domain(domain) & Domain('id', 'in', self.all.ids)).ids

    def test_the_search_bar_finds_by_name_region_and_type(self):
        """R059: by name, code and pinyin, by province and city, by type; none that has an owner or is archived."""
        for field, text in (
            ('name', '华东'), ('name', 'kshd'), ('name', self.pooled.k20_code), ('state_id', '江苏'),
            ('state_id', '苏州'), ('k20_type_id', self.dealer.name),
        ):  # fmt: skip
            with self.subTest(field=field, text=text):
                self.assertEqual(self.found(text, field), self.pooled.ids)
        self.plain.active = False
        self.assertEqual(self.found('Star', 'name') + self.found('Plain', 'name'), [])
        self.assertEqual([pair[0] for pair in self.Pool.name_search('华东')], self.pooled.ids)
        self.assertEqual([pair[0] for pair in self.Pool.name_search('kshd')], self.pooled.ids)

    def test_each_shows_its_code_region_type_and_since_when(self):
        """R059: of one that was never owned, and of one that came back, with why."""
        request = self.env['k20.customer.assignment'].with_user(self.sales2)._k20_request(
            'release', self.owned.ids, "Moved away"
        )  # fmt: skip
        request.with_user(self.admin).action_k20_approve()
        shown = self.Pool.browse(self.pooled.id)
        self.assertEqual(
            (shown.k20_code, shown.k20_kind, shown.k20_type_id, shown.state_id, shown.city_id, shown.k20_prefecture),
            (self.pooled.k20_code, 'channel', self.dealer, self.city.state_id, self.city, '苏州市'),
        )
        back, new = self.Pool.browse(self.owned.id), self.Pool.browse(self.make_customer('channel').id)
        for customer in (shown, back, new):
            self.assertEqual(customer.k20_pool_since.date(), fields.Date.today())
        self.assertEqual((shown.k20_pool_reason, back.k20_pool_reason), (False, "Release to the pool: Moved away"))
        with self.assertRaises(AccessError):
            self.pooled.with_user(self.sales1).read(['phone'])

    def test_whether_it_is_asked_for(self):
        """R059: while the decision is open, and no longer."""
        shown = self.Pool.browse(self.pooled.id)
        self.assertFalse(shown.is_asked_for)
        shown.action_claim()
        shown.invalidate_recordset()
        self.assertTrue(shown.is_asked_for)
        claim = self.pooled.k20_assignment_ids.filtered(lambda row: row.kind == 'claim')
        claim.with_user(self.admin).action_k20_reject("No")
        shown.invalidate_recordset()
        self.assertFalse(shown.is_asked_for)

    def test_another_companys_pool_is_closed(self):
        """R059, R061: and what was said to its customers, until one works there."""
        theirs = self.make_customer('channel', company_id=self.second.id)
        self.env['k20.followup'].create({'partner_id': theirs.id, 'content': "Asked for a price"})
        for model, path in (('k20.pool.customer', 'id'), ('k20.pool.followup', 'pool_id')):
            Model = self.env[model].with_user(self.sales1)
            self.assertFalse(Model.search([(path, '=', theirs.id)]))
            self.sales1.company_ids += self.second
            both = Model.with_context(allowed_company_ids=(self.company + self.second).ids)
            self.assertEqual(len(both.search([(path, '=', theirs.id)])), 1)
            self.sales1.company_ids -= self.second

    def test_another_companys_moves_are_closed(self):
        """R157, R186: to the administrator, too, until that company is switched on."""
        theirs = self.make_customer('channel', company_id=self.second.id)
        (self.sales1 + self.admin).company_ids += self.second
        theirs.user_id = self.sales1
        for user in (self.sales1, self.admin):
            Assignment = self.env['k20.customer.assignment'].with_user(user)
            for company, count in ((self.company, 0), (self.second, 2)):
                there = Assignment.with_context(allowed_company_ids=company.ids)
                found = there.search_count([('partner_id', '=', theirs.id), ('kind', '=', 'assign')])
                self.assertEqual(found, count, (user.login, company.name))

    def test_past_follow_ups_are_read_before_applying(self):
        """R061: their number, and of each the date, method, status and content; of the customers in the pool alone."""
        method = self.env['k20.followup.method'].search([], limit=1)
        status = self.env['k20.followup']._fields['status'].get_values(self.env)[0]
        day = fields.Date.subtract(fields.Date.today(), days=40)
        values = {'method_id': method.id, 'status': status, 'content': "Asked for a price", 'date': day}
        for customer in (self.pooled, self.owned):
            self.env['k20.followup'].create({'partner_id': customer.id, **values})
        shown = self.Pool.browse(self.pooled.id)
        self.assertEqual(shown.followup_count, 1)
        said = shown.followup_ids
        self.assertEqual((said.date, said.method_id, said.status), (day, method, status))
        self.assertEqual(said.content, "Asked for a price")
        Followup = self.env['k20.pool.followup'].with_user(self.sales1)
        self.assertEqual(Followup.search([('pool_id', 'in', self.all.ids)]), said)
        for attempt in (lambda: said.write({'status': status}), said.unlink, lambda: Followup.create({})):
            with self.assertRaises(AccessError):
                attempt()

    def test_names_of_contacts_are_masked_whole(self):
        """R061: those who have left, too; a name in a longer one, with signs in it, or of no Chinese form."""
        self.make_contact(self.pooled, name="王晓燕", active=False)
        self.env['k20.followup'].create({'partner_id': self.pooled.id, 'content': "王晓燕要报价"})
        self.assertEqual(self.Pool.browse(self.pooled.id).followup_ids.content, "***要报价")
        masked = self.env['k20.pool.followup']._k20_masked
        for names, text, left in (
            (["王晓", "王晓燕"], "王晓燕来电", "***来电"),
            (["Li (苏州)"], "联系 Li (苏州)", "联系 ***"),
            (["John Smith"], "J总要报价", "J总要报价"),
            (["阿不都热合曼"], "阿总要报价", "阿总要报价"),
        ):
            with self.subTest(names=names):
                self.assertEqual(masked(text, names), left)

    def test_a_new_owner_rests_it_from_the_day_it_came_back(self):
        """R060: not from the day on which it was made."""
        self.company.k20_pool_rest_days = 3
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = create_date - INTERVAL '30 days' WHERE id = %s", [self.owned.id]
        )
        self.env.invalidate_all()
        self.owned.with_user(self.admin).user_id = False
        with self.assertRefused("come back then"):
            self.Pool.browse(self.owned.id).action_claim()
