from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import K20Case, K20HttpCase, RpcError


@tagged('post_install', '-at_install')
class TestStars(K20Case):
    """An end customer rises by one star at a time, with a reason. (R076)"""

    def setUp(self):
        super().setUp()
        self.customer = self.make_customer(owner=self.sales1)

    def test_the_owner_raises_by_one_with_a_reason(self):
        """R076: old and new star, who, when and why stay in the history."""
        self.assertTrue(self.customer.with_user(self.sales1).action_k20_upgrade(" Second order "))
        self.assertEqual(self.customer.k20_star, '2')
        (change,) = self.customer.k20_star_change_ids
        self.assertEqual((change.old_star, change.new_star, change.reason), ('1', '2', "Second order"))
        self.assertEqual(change.user_id, self.sales1)
        self.assertTrue(change.date)

    def test_leader_and_administrator_raise_and_others_do_not(self):
        """R076: who looks after the customer or leads who does; finance writes customers and still may not."""
        for user in (self.manager, self.admin):
            self.customer.with_user(user).action_k20_upgrade("Leads the team")
        self.assertEqual(self.customer.k20_star, '3')
        for user in (self.sales2, self.sales3, self.finance, self.buyer, self.storekeeper, self.outsider):
            with self.assertRaises(AccessError, msg=user.login):
                self.customer.with_user(user).action_k20_upgrade("Mine")
        self.assertEqual(self.customer.k20_star, '3')

    def test_five_stars_are_the_most(self):
        """R076: raising a five-star customer is refused, and nothing of others in the same call stays."""
        top = self.make_customer(owner=self.sales1, k20_star='5')
        with self.assertRefused('five stars already'):
            (self.customer | top).with_user(self.sales1).action_k20_upgrade("All of them")
        self.assertEqual(self.customer.k20_star, '1')
        self.assertFalse((self.customer | top).k20_star_change_ids)

    def test_a_customer_named_twice_rises_once(self):
        """R076: one star at a time."""
        twice = self.customer.browse(self.customer.ids * 2).with_user(self.sales1)
        twice.action_k20_upgrade("Twice")
        self.assertEqual((self.customer.k20_star, len(self.customer.k20_star_change_ids)), ('2', 1))

    def test_a_reason_is_compulsory(self):
        """R076: empty, blank or no text at all."""
        for reason in ('', '  ', False, None, 5, ['x']):
            with self.assertRefused('say why'):
                self.customer.with_user(self.sales1).action_k20_upgrade(reason)

    def test_only_end_customers_have_stars(self):
        """R076: a channel has a grade instead."""
        channel = self.make_customer('channel', owner=self.sales1)
        with self.assertRefused('no end customer'):
            channel.with_user(self.sales1).action_k20_upgrade("x")

    def test_the_administrator_alone_lowers(self):
        """R076: traced like a rise; the lowest star is the end."""
        self.customer.with_user(self.admin).action_k20_upgrade("Up")
        for user in (self.sales1, self.manager, self.finance):
            with self.assertRaises(AccessError):
                self.customer.with_user(user).action_k20_downgrade("Down")
        self.customer.with_user(self.admin).action_k20_downgrade("A mistake")
        self.assertEqual(self.customer.k20_star, '1')
        self.assertEqual(self.customer.k20_star_change_ids.mapped('new_star'), ['1', '2'])
        with self.assertRefused('one star, the fewest'):
            self.customer.with_user(self.admin).action_k20_downgrade("Further")

    def test_the_field_is_not_written_directly(self):
        """R076: skipping the action is refused, to the administrator too; the same value again is no matter."""
        for user in (self.sales1, self.manager, self.admin, self.finance):
            with self.assertRefused('with a reason'):
                self.customer.with_user(user).write({'k20_star': '4'})
            self.customer.with_user(user).write({'k20_star': '1'})
        with self.assertRefused('begins with one star'):
            self.env['res.partner'].with_user(self.sales1).create({
                'name': "Star Born", 'k20_kind': 'end', 'k20_star': '5',
            })  # fmt: skip
        by_default = self.env['res.partner'].with_user(self.sales1).with_context(default_k20_star='5')
        self.assertEqual(by_default.create({'name': "Star Born", 'k20_kind': 'end'}).k20_star, '1')
        brought = self.env['res.partner'].with_user(self.admin).create({
            'name': "Brought In", 'k20_kind': 'end', 'k20_star': '4',
        })  # fmt: skip
        self.assertEqual(brought.k20_star, '4')

    def test_the_history_is_seen_with_the_customer(self):
        """R022: and it follows a move and a merge."""
        self.customer.with_user(self.sales1).action_k20_upgrade("Up")
        change = self.customer.k20_star_change_ids
        seen = lambda user: bool(change.with_user(user).search([('id', '=', change.id)]))  # noqa: E731
        self.assertTrue(all(map(seen, (self.sales1, self.manager, self.admin, self.finance))))
        self.assertFalse(any(map(seen, (self.sales2, self.sales3))))
        self.customer.user_id = self.sales3
        self.assertTrue(seen(self.sales3))
        self.assertFalse(seen(self.sales1))
        keeper = self.make_customer(owner=self.sales2)
        wizard = self.env['base.partner.merge.automatic.wizard'].with_user(self.admin).create({})
        wizard._merge([self.customer.id, keeper.id], keeper.with_user(self.admin))
        self.assertEqual(change.partner_id, keeper)
        self.assertEqual(change.owner_id, self.sales2)
        self.assertTrue(seen(self.sales2))
        self.assertFalse(seen(self.sales3))

    def test_another_companys_history_is_not_seen(self):
        """R076: not by the administrator either, until that company is switched on."""
        self.admin.company_ids += self.other_company
        theirs = self.make_customer(company_id=self.other_company.id).with_user(self.admin)
        theirs.with_company(self.other_company).action_k20_upgrade("Up")
        Change = self.env['k20.star.change'].with_user(self.admin)
        for company, count in ((self.env.company, 0), (self.other_company, 1)):
            seen = Change.with_context(allowed_company_ids=company.ids).search_count([('partner_id', '=', theirs.id)])
            self.assertEqual(seen, count)


@tagged('post_install', '-at_install')
class TestStarsOverHttp(K20HttpCase):
    """As a client meets it. (R076)"""

    def test_no_door_leads_past_the_action(self):
        """R076: write, import, the history's own model, the dialog for somebody else's customer."""
        own, others = self.make_customer(owner=self.sales1), self.make_customer(owner=self.sales3)
        self.login(self.sales1)
        for refused in (
            lambda: self.call('res.partner', 'write', own.ids, {'k20_star': '5'}),
            lambda: self.call('res.partner', 'write', own.ids, {'k20_star': '5'}, context={'k20_star': True}),
            lambda: self.call('res.partner', 'web_save', own.ids, {'k20_star': '5'}, {}),
            lambda: self.call('res.partner', 'action_k20_upgrade', others.ids, "x"),
            lambda: self.call('k20.star.change', 'create', [{'partner_id': own.id, 'reason': "x", 'user_id': 2}]),
        ):
            with self.assertRaises(RpcError):
                refused()
        self.assertEqual((own.k20_star, others.k20_star), ('1', '1'))
        self.assertCallRefused('k20.customer.star', 'create', [{'partner_ids': [[6, 0, others.ids]], 'reason': "x"}])
        (dialog,) = self.call('k20.customer.star', 'create', [{'partner_ids': [[6, 0, own.ids]], 'reason': "Good"}])
        self.call('k20.customer.star', 'action_apply', [dialog])
        self.assertEqual(own.k20_star, '2')
        change = own.k20_star_change_ids
        for method, *args in (('write', {'reason': "y"}), ('unlink',)):
            self.assertCallRefused('k20.star.change', method, change.ids, *args)
        self.login(self.admin)
        answer = self.call('res.partner', 'load', ['.id', 'k20_star'], [[own.id, '5']])
        self.assertFalse(answer['ids'])
        self.assertEqual(own.k20_star, '2')
