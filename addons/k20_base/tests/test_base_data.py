from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import K20Case

LISTS = ('k20.customer.nature', 'k20.customer.type', 'k20.customer.source', 'k20.followup.method')


@tagged('post_install', '-at_install')
class TestBaseData(K20Case):
    """Short lists that the administrator alone adds and changes. (R145, R148, R149, R150, R153)"""

    def test_the_administrator_adds_and_changes(self):
        """R145, R148, R149, R150: a new entry can be chosen at once."""
        for model in LISTS:
            entry = self.env[model].with_user(self.admin).create({'name': "New entry"})
            entry.name = "Changed entry"
            self.assertIn(entry, self.env[model].with_user(self.sales1).search([]))

    def test_anyone_else_is_refused(self):
        """R145, R148, R149, R150, R153: also who may change Odoo's own provinces and cities by another group."""
        state = self.env.ref('base.state_cn_JS')
        for model, extra in (
            *((model, {}) for model in LISTS),
            ('res.country.state', {'code': 'X1', 'country_id': state.country_id.id}),
            ('res.city', {'state_id': state.id, 'country_id': state.country_id.id}),
        ):
            for user in (self.sales1, self.manager, self.finance, self.buyer, self.storekeeper):
                with self.assertRaises(AccessError, msg=f'{model} {user.login}'):
                    self.env[model].with_user(user).create({'name': "Not mine", **extra})
                with self.assertRaises(AccessError, msg=f'{model} {user.login}'):
                    self.env[model].with_user(user).search([], limit=1).name = "Not mine"

    def test_empty_and_repeated_names_are_refused(self):
        """R145, R148, R149, R150: spaces are no name; capitals make no other name; an archived entry has its name."""
        for model in LISTS:
            List = self.env[model].with_user(self.admin)
            List.create({'name': "Only once"}).active = False
            for name in ("  ", "only ONCE", " Only once "):
                with self.assertRaises(ValidationError, msg=f'{model} {name!r}'), mute_logger('odoo.sql_db'):
                    List.create({'name': name})

    def test_a_used_entry_is_archived_not_deleted(self):
        """R145: deleting it would leave customers without it."""
        nature = self.env['k20.customer.nature'].create({'name': "Cooperative"})
        customer = self.make_customer(k20_nature_id=nature.id)
        with self.assertRefused("archive"):
            nature.with_user(self.admin).unlink()
        nature.with_user(self.admin).active = False
        self.assertEqual(customer.k20_nature_id, nature)
        customer.active = False
        with self.assertRefused("archive"):
            nature.with_user(self.admin).unlink()
        self.env['k20.customer.nature'].create({'name': "Unused"}).with_user(self.admin).unlink()

    def test_all_provinces_with_their_cities(self):
        """R153: 34 provinces from the start; a city's prefecture finds its districts."""
        provinces = self.env['res.country.state'].search([('country_id.code', '=', 'CN')])
        self.assertEqual(len(provinces), 34)
        self.assertEqual(provinces.filtered(lambda state: state.name == '江苏省').display_name, '江苏省')
        City = self.env['res.city']
        for name, prefecture in (
            ('苏州市吴中区', '苏州市'),
            ('延边朝鲜族自治州敦化市', '延边朝鲜族自治州'),
            ('喀什地区塔什库尔干塔吉克自治县', '喀什地区'),
            ('东城区', '北京市'),
        ):
            city = City.search([('name', '=', name)], limit=1)
            self.assertEqual(city.k20_prefecture, prefecture, name)
        self.assertGreater(City.search_count([('k20_prefecture', '=', '苏州市')]), 5)

    def test_a_city_is_named_once_in_its_province(self):
        """R153: an empty name and a repeated name in the same province are refused."""
        city = self.env['res.city'].search([('state_id', '!=', False)], limit=1)
        values = {'state_id': city.state_id.id, 'country_id': city.country_id.id}
        City = self.env['res.city'].with_user(self.admin)
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):
            City.create({'name': city.name, **values})
        with self.assertRefused("empty"):
            City.create({'name': "  ", **values})
        with self.assertRefused("exists already"):
            self.env['res.country.state'].with_user(self.admin).create(
                {'name': city.state_id.name, 'code': 'X2', 'country_id': city.country_id.id}
            )

    def test_a_region_has_a_name_and_its_country(self):
        """R153: a Chinese city lies in a province, any city's province in the city's country."""
        states = self.env['res.country.state'].with_user(self.admin)
        china, abroad = self.env.ref('base.state_cn_JS'), self.env.ref('base.state_us_5')
        City = self.env['res.city'].with_user(self.admin)
        with self.assertRefused("no province"):
            City.create({'name': "Nowhere", 'country_id': china.country_id.id})
        with self.assertRefused("choose a province of that country"):
            City.create({'name': "Nowhere", 'country_id': china.country_id.id, 'state_id': abroad.id})
        with self.assertRefused("empty"):
            states.create({'name': "  ", 'code': 'X3', 'country_id': china.country_id.id})
        City.create({'name': "Elsewhere", 'country_id': abroad.country_id.id})

    def test_a_used_region_is_not_deleted(self):
        """R153: neither the city nor the province of a customer."""
        city = self.env['res.city'].search([('state_id', '!=', False)], limit=1)
        self.make_customer(city_id=city.id)
        for region in (city, city.state_id):
            with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):
                region.with_user(self.admin).unlink()
            self.assertTrue(region.exists())
