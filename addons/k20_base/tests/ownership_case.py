from .common import K20Case


class OwnershipCase(K20Case):
    """A channel in the pool, one of sales1's, and how to ask for either."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Assignment = cls.env['k20.customer.assignment']
        cls.pooled = cls.make_customer('channel', name="Pool Channel", phone='0512-15501234')
        cls.owned = cls.make_customer('channel', owner=cls.sales1)

    def claim(self, user, *customers, reason="I know them"):
        ids = [customer.id for customer in customers]
        self.env['k20.pool.customer'].with_user(user).browse(ids).action_claim(reason)
        return self.Assignment.search([('partner_id', 'in', ids), ('kind', '=', 'claim')], limit=len(ids))

    def ask(self, user, kind, customer, **values):
        return self.Assignment.with_user(user)._k20_request(kind, customer.ids, "A reason", **values)

    def grant(self, request):
        request.with_user(self.admin).action_k20_approve()
