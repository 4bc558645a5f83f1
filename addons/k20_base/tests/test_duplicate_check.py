from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import K20Case


@tagged('post_install', '-at_install')
class TestDuplicateCheck(K20Case):
    """The page 查重: the answer of creation before typing, limited and logged. (R074, R162)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(owner=cls.sales3, name="苏州东方红科技有限公司", phone='0512-66001234')
        cls.Check = cls.env['k20.duplicate.check']
        cls.Log = cls.env['k20.duplicate.check.log']
        cls.env.company.partner_id.tz = 'Asia/Shanghai'

    def test_it_answers_as_creation_does(self):
        """R074: taken, similar or free; who to ask, and nobody hidden by name."""
        Check = self.Check.with_user(self.sales1)
        taken = Check.check("苏州东方红科技股份有限公司", False, '0512 6600 1234')
        self.assertEqual(taken['outcome'], 'taken')
        self.assertEqual([self.sales3.name in line for line in taken['answer'].splitlines()], [True, True])
        similar = Check.check(name="东方红科技")
        self.assertEqual(similar['outcome'], 'similar')
        self.assertNotIn(self.customer.name, similar['answer'])
        free = Check.check(name="无锡太湖水利工程有限公司")
        self.assertEqual((free['outcome'], free['left']), ('free', self.env.company.k20_duplicate_checks_per_day - 3))

    def test_the_page_shows_the_answer(self):
        """R074: type, check, read; typing on clears the answer."""
        page = self.Check.with_user(self.sales1).create({'name': self.customer.name})
        self.assertTrue(page.action_check())
        self.assertEqual(page.outcome, 'taken')
        self.assertIn(self.sales3.name, page.answer)
        page._onchange_asked()
        self.assertFalse(page.outcome or page.answer)

    def test_nothing_typed_is_refused(self):
        """R074: and is no check."""
        with self.assertRefused("Nothing is typed"):
            self.Check.with_user(self.sales1).check("  ", False, '')
        self.assertFalse(self.Log.search_count([]))

    def test_the_limit_of_the_day(self):
        """R074: per person, counted in the company's time zone, 0 for no limit."""
        self.env.company.k20_duplicate_checks_per_day = 2
        Check = self.Check.with_user(self.sales1)
        with freeze_time('2026-03-01 15:00:00'):  # 23:00 in China
            self.assertEqual([Check.check(name="x y z")['left'] for _ in range(2)], [1, 0])
            with self.assertRefused("2 checks of today"):
                Check.check(name="x y z")
            with self.assertRefused("2 checks of today"):
                Check.create({'name': "x y z"}).action_check()
            self.Check.with_user(self.sales2).check(name="x y z")
        with freeze_time('2026-03-01 16:00:00'):  # midnight in China, the same day in UTC
            self.assertEqual(Check.check(name="x y z")['left'], 1)
            self.env.company.k20_duplicate_checks_per_day = 0
            self.assertEqual([Check.check(name="x y z")['left'] for _ in range(3)], [-1, -1, -1])
        self.assertEqual(self.Log.search_count([('user_id', '=', self.sales1.id)]), 6)

    def test_two_at_once_do_not_share_a_number(self):
        """R074: so a race cannot pass the limit; the later one is told to try again."""
        self.Check.with_user(self.sales1).check(name="x y z")
        row = self.Log.search([], limit=1)
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):
            row.copy()

    def test_the_limit_is_a_setting(self):
        """R074: shipped 50, the administrator's, never negative."""
        self.assertEqual(self.other_company.k20_duplicate_checks_per_day, 50)
        settings = self.env['res.config.settings'].with_user(self.admin).create({'k20_duplicate_checks_per_day': 7})
        settings.execute()
        self.assertEqual(self.env.company.k20_duplicate_checks_per_day, 7)
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):
            self.env.company.k20_duplicate_checks_per_day = -1
            self.env.company.flush_recordset()

    def test_every_check_is_logged_for_the_administrator(self):
        """R162: who, when, what, outcome; nobody changes or deletes a row."""
        self.Check.with_user(self.sales1).check(self.customer.name, False, '0512')
        row = self.Log.with_user(self.admin).search([])
        self.assertEqual((row.user_id, row.name), (self.sales1, self.customer.name))
        self.assertEqual((row.phone, row.outcome), ('0512', 'taken'))
        self.assertIn(self.sales3.name, row.answer)
        for user in (self.admin, self.sales1, self.manager):
            rows = row.with_user(user)
            for method, *arguments in (('write', {'outcome': 'free'}), ('unlink',), ('copy',)):
                with self.assertRaises(AccessError):
                    getattr(rows, method)(*arguments)
        for user in (self.sales1, self.manager, self.finance):
            with self.assertRaises(AccessError):
                self.Log.with_user(user).search([])

    def test_another_companys_checks_are_not_seen(self):
        """R162: the administrator sees those of the companies switched on."""
        (self.sales1 + self.admin).company_ids += self.other_company
        self.Check.with_user(self.sales1).with_company(self.other_company).check(name="x y z")
        rows = self.Log.with_user(self.admin)
        for company in (self.env.company, self.other_company):
            found = rows.with_context(allowed_company_ids=company.ids).search([])
            self.assertEqual(found.company_id, company if company == self.other_company else company.browse())

    def test_only_who_sells_checks(self):
        """R154: buyers, storekeepers, finance and people without a role have no need to."""
        for user in (self.buyer, self.storekeeper, self.finance, self.outsider):
            with self.assertRaises(AccessError):
                self.Check.with_user(user).check(name=self.customer.name)
