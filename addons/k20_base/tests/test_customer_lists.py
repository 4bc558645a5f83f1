from lxml import etree

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import K20Case


@tagged('post_install', '-at_install')
class TestCustomerLists(K20Case):
    """The lists of channels and end customers find by what the search bar offers, alone and together. (R049, R073)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        city = cls.env['res.city'].search([('name', '=', '苏州市吴中区')])
        cls.type = cls.env.ref('k20_base.k20_customer_type_dealer')
        cls.channel = cls.make_customer(
            'channel', owner=cls.sales1, name="苏州样板渠道", city_id=city.id, k20_type_id=cls.type.id
        )
        cls.end = cls.make_customer(owner=cls.sales1, name="苏州样板业主", city_id=city.id, k20_star='3')
        cls.plain = cls.make_customer(owner=cls.sales1, name="Elsewhere")
        cls.hidden = cls.make_customer(owner=cls.sales3, name="苏州样板同行", city_id=city.id)

    def search_as(self, user, action, **typed):
        """Search what `user` types into the fields of the action's search view, all criteria together."""
        action = self.env['ir.actions.act_window']._for_xml_id(f'k20_base.{action}')
        Partner = self.env['res.partner'].with_user(user)
        arch = etree.fromstring(Partner.get_view(action['search_view_id'][0], 'search')['arch'])
        domain = Domain(safe_eval(action['domain']))
        for name, text in typed.items():
            field = arch.find(f".//field[@name='{name}']")
            default = f"[('{name}', 'ilike', self)]"
            domain &= Domain(safe_eval(field.get('filter_domain', default), {'self': text}))
        return Partner.search(domain)

    def test_each_criterion_finds_alone(self):
        """R049, R073: any part of name, code, province, city, type, star or salesperson."""
        for action, customer, typed in (
            ('res_partner_action_channel', self.channel, {'name': "样板"}),
            ('res_partner_action_channel', self.channel, {'name': self.channel.k20_code}),
            ('res_partner_action_channel', self.channel, {'state_id': "江苏"}),
            ('res_partner_action_channel', self.channel, {'state_id': "苏州"}),
            ('res_partner_action_channel', self.channel, {'k20_type_id': self.type.name[:3]}),
            ('res_partner_action_channel', self.channel, {'k20_owner_id': self.sales1.name}),
            ('res_partner_action_end', self.end, {'name': "业主"}),
            ('res_partner_action_end', self.end, {'state_id': "苏州市"}),
            ('res_partner_action_end', self.end, {'k20_star': '3'}),
        ):
            self.assertEqual(self.search_as(self.sales1, action, **typed), customer, typed)

    def test_criteria_work_together(self):
        """R049, R073: what does not meet all of them is not found."""
        found = self.search_as(self.sales1, 'res_partner_action_end', state_id="苏州", k20_star='3', name="样板")
        self.assertEqual(found, self.end)
        self.assertFalse(self.search_as(self.sales1, 'res_partner_action_end', state_id="苏州", k20_star='4'))

    def test_everybody_finds_what_they_see(self):
        """R049, R073: a salesperson own ones, a manager the team's, the administrator all; channels stay apart."""
        for user, customers in (
            (self.sales1, self.end),
            (self.sales2, self.end.browse()),
            (self.manager, self.end),
            (self.sales3, self.hidden),
            (self.admin, self.end + self.hidden),
        ):
            found = self.search_as(user, 'res_partner_action_end', name="苏州样板")
            self.assertEqual(set(found.ids), set(customers.ids), user.login)

    def test_the_lists_show_what_is_searched(self):
        """R049, R073: code, name, region, type, star, owner and the last follow-up."""
        view = self.env.ref('k20_base.res_partner_view_list_customer')
        arch = self.env['res.partner'].with_user(self.sales1).get_view(view.id, 'list')['arch']
        shown = {node.get('name') for node in etree.fromstring(arch).iter('field')}
        wanted = {'k20_code', 'name', 'state_id', 'k20_prefecture', 'k20_type_id', 'k20_star', 'k20_owner_id', 'phone'}
        self.assertFalse((wanted | {'k20_last_followup_date'}) - shown)
