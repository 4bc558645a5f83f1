import re

from odoo.tests import tagged
from odoo.tools import file_path

from ..models.k20_approval_mixin import TRANSITIONS
from ..tools.opening import importing
from .common import K20Case

ARROW = re.compile(r'^    (\S+) --> (\S+): (\w+)$', re.MULTILINE)


@tagged('post_install', '-at_install')
class TestStateDiagram(K20Case):
    """The pictures in README.md are what the code does. (R158, R181)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with open(file_path('k20_base/README.md'), encoding='utf-8') as readme:
            pictures = re.findall(r'```mermaid\n(.*?)```', readme.read(), re.DOTALL)
        cls.document, cls.customer = (set(ARROW.findall(picture)) for picture in pictures)

    def test_a_documents_states_are_those_of_the_table(self):
        """R158: no arrow more and none less than TRANSITIONS has."""
        table = {(state, after, event) for state, events in TRANSITIONS.items() for event, after in events.items()}
        self.assertEqual(self.document, table)

    def test_a_customers_arrows_are_what_the_moves_do(self):
        """R181: each kind of move is made in each way there is, and its row is an arrow of the picture."""
        made = self.make_customer(), self.make_customer(owner=self.sales1)
        with importing():
            made += self.make_customer(), self.make_customer(owner=self.sales1)
        arrows = {('[*]', self.place(row.to_user_id), row.kind) for row in self.rows(*made)}
        pooled, owned = made[:2]
        self.env['k20.pool.customer'].with_user(self.sales1).browse(pooled.id).action_claim()
        self.grant(self.rows(pooled)[0])
        for kind, values in (('extend', {'extend_days': 9}), ('transfer', {'to_user_id': self.sales2.id})):
            self.ask(kind, pooled, **values)
        self.ask('release', pooled)
        self.ask('loss', owned)
        for owner in (self.sales1, self.sales2, None):
            owned.with_user(self.admin).user_id = owner
        for row in self.rows(pooled)[:-1] + self.rows(owned)[:-1]:
            arrows.add((self.place(row.from_user_id), self.place(row.to_user_id), row.kind))
        self.assertEqual(self.customer, arrows)
        kinds = self.env['k20.customer.assignment']._fields['kind'].get_values(self.env)
        self.assertEqual({kind for _before, _after, kind in arrows}, set(kinds))

    def place(self, owner):
        return 'owned' if owner else 'pool'

    def rows(self, *customers):
        """Return the rows of `customers`, the newest first."""
        domain = [('partner_id', 'in', [customer.id for customer in customers])]
        return self.env['k20.customer.assignment'].search(domain)

    def ask(self, kind, customer, **values):
        """Have the owner of `customer` ask for a move, and the administrator agree."""
        requests = self.env['k20.customer.assignment'].with_user(customer.user_id)
        self.grant(requests._k20_request(kind, customer.ids, "A reason", **values))

    def grant(self, request):
        request.with_user(self.admin).action_k20_approve()
