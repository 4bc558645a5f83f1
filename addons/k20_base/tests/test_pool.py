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

    def release(self, reason):
        """Bring the owned customer into the pool; return the request."""
        Assignment = self.env['k20.customer.assignment'].with_user(self.sales2)
        request = Assignment._k20_request('release', self.owned.ids, reason)
        request.with_user(self.admin).action_k20_approve()
        return request

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
        self.release("Moved away")
        shown = self.Pool.browse(self.pooled.id)
        self.assertEqual(
            (shown.k20_code, shown.k20_kind, shown.k20_type_id, shown.state_id, shown.city_id, shown.k20_prefecture),
            (self.pooled.k20_code, 'channel', self.dealer, self.city.state_id, self.city, '苏州市'),
        )
        back, new = self.Pool.browse(self.owned.id), self.Pool.browse(self.make_customer('channel').id)
        for customer in (shown, back, new):
            self.assertEqual(customer.k20_pool_since.date(), fields.Date.today())
        self.assertEqual((shown.k20_pool_reason, back.k20_pool_reason), (False, "Release to the pool: Moved away"))

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
        theirs = self.make_customer('channel', company_id=self.other_company.id)
        self.env['k20.followup'].create({'partner_id': theirs.id, 'content': "Asked for a price"})
        for model, path in (('k20.pool.customer', 'id'), ('k20.pool.followup', 'pool_id')):
            Model = self.env[model].with_user(self.sales1)
            self.assertFalse(Model.search([(path, '=', theirs.id)]))
            self.sales1.company_ids += self.other_company
            both = Model.with_context(allowed_company_ids=(self.company + self.other_company).ids)
            self.assertEqual(len(both.search([(path, '=', theirs.id)])), 1)
            self.sales1.company_ids -= self.other_company

    def test_another_companys_moves_are_closed(self):
        """R157, R186: to the administrator, too, until that company is switched on."""
        theirs = self.make_customer('channel', company_id=self.other_company.id)
        (self.sales1 + self.admin).company_ids += self.other_company
        theirs.user_id = self.sales1
        for user in (self.sales1, self.admin):
            Assignment = self.env['k20.customer.assignment'].with_user(user)
            for company, count in ((self.company, 0), (self.other_company, 2)):
                there = Assignment.with_context(allowed_company_ids=company.ids)
                found = there.search_count([('partner_id', '=', theirs.id), ('kind', '=', 'assign')])
                self.assertEqual(found, count, (user.login, company.name))

    def test_past_follow_ups_are_read_before_applying(self):
        """R061: their number, and of each the date, method, status and content; of what is in the pool alone."""
        method = self.env['k20.followup.method'].search([], limit=1)
        status = self.env['k20.followup']._fields['status'].get_values(self.env)[0]
        day = fields.Date.subtract(fields.Date.today(), days=40)
        values = {'method_id': method.id, 'status': status, 'content': "Asked for a price", 'date': day}
        for customer in self.all:
            self.env['k20.followup'].create({'partner_id': customer.id, **values})
        self.plain.active = False
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
        """R061: a name in a longer one, with signs in it, or of no Chinese form."""
        masked = self.env['k20.pool.followup']._k20_masked
        for names, text, left in (
            (["王晓", "王晓燕"], "王晓燕来电", "***来电"),
            (["Li (苏州)"], "联系 Li (苏州)", "联系 ***"),
            (["John Smith"], "J总要报价", "J总要报价"),
            (["阿不都热合曼"], "阿总要报价", "阿总要报价"),
        ):
            with self.subTest(names=names):
                self.assertEqual(masked(text, names), left)

    def test_the_pool_shows_nothing_that_reaches_the_customer(self):
        """R059: no phone, email, address or contact among its fields."""
        names = set(self.Pool.fields_get())
        hidden = {'phone', 'email', 'street', 'street2', 'zip', 'vat', 'child_ids', 'website', 'comment'}
        self.assertFalse(names & hidden)
        with self.assertRaises(AccessError):
            self.pooled.with_user(self.sales1).read(['phone'])

    def test_past_followups_are_masked(self):
        """R061: numbers, mails, messenger ids and contacts' names in the text, of contacts that have left too."""
        self.make_contact(self.pooled, name="王晓燕", active=False)
        self.env['k20.followup'].create({
            'partner_id': self.pooled.id,
            'content': "王晓燕 13812345678, wang@star.example, 微信: wxy_2020, 王经理 021-1550 1234 想要报价，"
            "王助理转达",
        })  # fmt: skip
        pool = self.Pool.browse(self.pooled.id)
        content = pool.followup_ids.content
        for secret in ("王晓燕", "13812345678", "wang@star", "wxy_2020", "王经理", "王助理", "1550"):
            self.assertNotIn(secret, content)
        self.assertIn("想要报价", content)
        self.assertEqual(pool.followup_count, 1)

    def test_no_spelling_of_a_number_passes_the_mask(self):
        """R061: with dots, dashes, full-width digits and signs; the rest of the sentence stays."""
        masked = self.env['k20.pool.followup']._k20_masked
        for reach in (
            '138.1234.5678', '138·1234·5678', '138－1234－5678', '138—1234—5678', '138 1234 5678', '65551234',
            '１３８１２３４５６７８', '(0512)6555-1234', '+86 138 1234 5678', '138/1234/5678', '138*1234*5678',
            '138_1234_5678', 'wang＠star.example', 'wang @ star.example', '微信号是wxy_2020', '微信为 wxy_2020',
            'QQ：28384756', 'vx wxy_2020', 'john smith', '王晓燕',
        ):  # fmt: skip
            with self.subTest(reach=reach):
                self.assertEqual(
                    masked(f'联系 {reach}, 要报价 3 台', ["John Smith", "王晓燕"]), '联系 ***, 要报价 3 台'
                )
        self.assertEqual(masked("王总要报价 3 台", ["王晓燕"]), "***总要报价 3 台")

    def test_a_number_in_the_reason_of_a_release_is_masked_in_the_pool(self):
        """R059, R061: where all see why it is there; the request itself keeps the whole text for who may read it."""
        self.make_contact(self.owned, name="王晓燕", active=False)
        reason = "王晓燕 138-1234-5678 不再采购"
        request = self.release(reason)
        pool = self.Pool
        self.assertEqual(pool.browse(self.owned.id).k20_pool_reason, "Release to the pool: *** *** 不再采购")
        for secret in ('138', '1234', "王晓燕"):
            self.assertFalse(pool.search([('k20_pool_reason', 'like', secret)]))
        self.assertEqual(request.reason, reason)

    def test_the_pool_speaks_the_readers_language(self):
        """R061: the status of past follow-ups too, in whatever language it is read."""
        field = self.env['k20.pool.followup']._fields['status']
        chinese = dict(field._description_selection(self.env(context={'lang': 'zh_CN'})))
        self.assertEqual(chinese['interested'], "有意向")
