from lxml import etree

from odoo.tests import tagged

from .project_case import ProjectCase

FEW, MANY = 2, 40
ROOM = 200


@tagged('post_install', '-at_install', 'k20_thorough')
class TestProjectQueryCounts(ProjectCase):
    """What a screen costs does not grow with the rows on it."""

    def make_rows(self, count):
        today = self.sales1._k20_today()
        channel = self.make_customer('channel', self.sales1)
        for _number in range(count):
            customer = self.make_customer(owner=self.sales1)
            lead = self.make_project(customer, k20_channel_id=channel.id)
            self.make_party(lead, next_action="Call", next_date=today)
            self.make_issue(customer, lead_id=lead.id)
            self.make_order(customer, self.sales1, opportunity_id=lead.id)

    def queries(self, model, view, kind, domain):
        """Return how many queries the web client's reading of a view takes, with a cold record cache."""
        Model = self.env[model].with_user(self.sales1)
        arch = etree.fromstring(Model.get_view(self.env.ref(f'k20_sales.{view}').id, kind)['arch'])
        names = {node.get('name') for node in arch.iter('field')} & set(Model._fields)
        many2one = {'fields': {'display_name': {}}}
        specification = {name: many2one if Model._fields[name].type == 'many2one' else {} for name in names}
        counts = []
        for _round in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(Model.web_search_read(domain, specification, limit=ROOM)['records'])
            counts.append(self.env.cr.sql_log_count - before)
        return counts[-1]

    def test_lists_and_cards(self):
        """R009, R012, R078, R197, R199: projects, steps, quotations, prospects, issues."""
        screens = [
            ('crm.lead', 'crm_lead_view_list_project', 'list', []),
            ('crm.lead', 'crm_lead_view_kanban_project', 'kanban', []),
            ('k20.project.party', 'k20_project_party_view_list', 'list', []),
            ('k20.project.party', 'k20_project_party_view_kanban', 'kanban', []),
            ('k20.customer.issue', 'k20_customer_issue_view_list', 'list', []),
            ('k20.customer.issue', 'k20_customer_issue_view_kanban', 'kanban', []),
            ('sale.order', 'sale_order_view_list_history', 'list', []),
            ('sale.order', 'sale_order_view_list_customer_orders', 'list', []),
            ('res.partner', 'res_partner_view_list_prospect', 'list', [('k20_kind', '=', 'end')]),
        ]
        self.make_rows(FEW)
        few = [self.queries(*screen) for screen in screens]
        self.make_rows(MANY - FEW)
        for screen, count in zip(screens, few, strict=True):
            with self.subTest(view=screen[1]):
                self.assertEqual(self.queries(*screen), count)

    def test_a_customers_move_takes_its_issues_in_few_queries(self):
        """R157: the owner of all issues in one statement; nobody waits for a customer with a long history."""
        few, many = self.make_customer(owner=self.sales1), self.make_customer(owner=self.sales1)
        for customer, count in ((few, FEW), (many, MANY)):
            for _number in range(count):
                self.make_issue(customer).action_k20_solve("Done", 3)
        counts = []
        for customer in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            customer.user_id = self.sales3
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
