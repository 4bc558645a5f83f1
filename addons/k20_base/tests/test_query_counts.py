from lxml import etree

from odoo.tests import tagged

from .common import K20Case

FEW, MANY = 2, 80
ROOM = 200  # above MANY, so that the count of all costs no query of its own


class QueryCountCase(K20Case):
    """Counts the queries of what the web client asks."""

    def specification(self, view, kind, model='res.partner', user=None):
        """Return what the web client reads for the fields of a view, one level deep."""
        Model = self.env[model].with_user(user or self.sales1)
        arch = etree.fromstring(Model.get_view(self.env.ref(f'k20_base.{view}').id, kind)['arch'])
        names = {node.get('name') for node in arch.iter('field')} & set(Model._fields)
        return {name: self._specify(Model._fields[name]) for name in names}

    def _specify(self, field):
        if field.type == 'many2one':
            return {'fields': {'display_name': {}}}
        if field.type in ('one2many', 'many2many'):
            inner = {'display_name': {}, 'user_id': {'fields': {'display_name': {}}}}
            known = self.env[field.comodel_name]._fields
            return {'fields': {name: value for name, value in inner.items() if name in known}, 'limit': ROOM}
        return {}

    def queries(self, work, model='res.partner', user=None):
        """Return how many queries `work(Model)` takes with a cold record cache and warm others; as sales1."""
        counts = []
        for _round in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            work(self.env[model].with_user(user or self.sales1))
            counts.append(self.env.cr.sql_log_count - before)
        return counts[-1]


@tagged('post_install', '-at_install', 'k20_thorough')
class TestQueryCounts(QueryCountCase):
    """What a screen costs does not grow with the rows on it: 2 and 80 take the same number of queries."""

    def make_own_customers(self, count):
        for _number in range(count):
            customer = self.make_customer(
                'end',
                self.sales1,
                state_id=self.env.ref('base.state_cn_JS').id,
                k20_type_id=self.env.ref('k20_base.k20_customer_type_education').id,
            )
            self.make_contact(customer)
            self.env['k20.followup'].create(
                {'partner_id': customer.id, 'user_id': self.sales1.id, 'next_date': self.sales1._k20_today()}
            )

    def assertSameQueries(self, work):
        """Expect `work(Partner)` to take as many queries with 80 customers of sales1 as with 2."""
        self.make_own_customers(FEW)
        few = self.queries(work)
        self.make_own_customers(MANY - FEW)
        self.assertEqual(self.queries(work), few)

    def open_rows(self, view, kind, domain):
        specification = self.specification(view, kind)
        return lambda Partner: self.assertTrue(Partner.web_search_read(domain, specification, limit=ROOM)['records'])

    def test_customer_list(self):
        """R051, R074: the list of customers."""
        mine = [('k20_kind', '=', 'end'), ('k20_owner_id', '=', self.sales1.id)]
        self.assertSameQueries(self.open_rows('res_partner_view_list_customer', 'list', mine))

    def test_customer_cards(self):
        """R051, R074: the same on the phone."""
        self.assertSameQueries(self.open_rows('res_partner_view_kanban_customer', 'kanban', [('k20_kind', '=', 'end')]))

    def test_reminders(self):
        """R048, R176: the list of customers whose next step is due."""
        domain = [('k20_due_within_days', '=', '3')]
        self.assertSameQueries(self.open_rows('res_partner_view_list_reminder', 'list', domain))

    def test_reminder_cards(self):
        """R048, R176: the same on the phone."""
        domain = [('k20_due_within_days', '=', '3')]
        self.assertSameQueries(self.open_rows('res_partner_view_kanban_reminder', 'kanban', domain))

    def test_name_search(self):
        """R007: choosing a customer by part of the name."""
        self.assertSameQueries(lambda Partner: self.assertTrue(Partner.name_search("Test Customer", limit=ROOM)))

    def test_grouping(self):
        """R051: grouped by province."""
        domain = [('k20_kind', '=', 'end')]
        self.assertSameQueries(lambda Partner: Partner.web_read_group(domain, ['state_id'], ['__count']))

    def test_customer_form(self):
        """R052: a customer with 80 contacts and follow-ups opens with as many queries as one with 2."""
        customer = self.make_customer('end', self.sales1)
        specification = self.specification('res_partner_view_form_customer', 'form')

        def open_form(Partner):
            self.assertTrue(Partner.browse(customer.id).web_read(specification))

        def grow(count):
            for _number in range(count):
                self.make_contact(customer)
                self.env['k20.followup'].create({'partner_id': customer.id, 'user_id': self.sales1.id})

        grow(FEW)
        few = self.queries(open_form)
        grow(MANY - FEW)
        self.assertEqual(self.queries(open_form), few)

    def test_customer_codes(self):
        """R161: drawing a code costs one query, however many are drawn at once."""
        few, many = (
            self.queries(lambda Partner, count=count: Partner._k20_next_codes('end', self.env.company, count))
            for count in (FEW, MANY)
        )
        self.assertEqual(many - few, MANY - FEW)

    def test_every_searched_column_has_an_index_for_parts_of_a_text(self):
        """R007: a name search reads no whole table; without one of the indexes PostgreSQL uses none of them."""
        self.assertTrue(self.env.registry.has_trigram, "PostgreSQL's extension pg_trgm is missing.")
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'res_partner'")
        definitions = ' '.join(row[0] for row in self.env.cr.fetchall())
        for name in self.env['res.partner']._rec_names_search:
            self.assertIn(f'({name} gin_trgm_ops)', definitions)
