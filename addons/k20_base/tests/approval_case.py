from odoo import Command

from .common import K20Case


class ApprovalCase(K20Case):
    """The engine is shown on customer assignments, under flows that each test makes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Flow = cls.env['k20.approval.flow']
        cls.env.ref('k20_base.k20_approval_flow_assignment').active = False
        cls.model_id = cls.env['ir.model']._get_id('k20.customer.assignment')
        cls.customer = cls.make_customer(owner=cls.sales1)

    def make_flow(self, *steps, **values):
        """Make a flow for assignments; a step is a dict of its values."""
        steps = [{'name': f"Step {n}", **step} for n, step in enumerate(steps, start=1)]
        return self.Flow.create({
            'name': "Test flow",
            'model_id': self.model_id,
            'step_ids': [Command.create(step) for step in steps],
            **values,
        })  # fmt: skip

    def by(self, *users, **values):
        return {'approver_kind': 'users', 'user_ids': [Command.set([user.id for user in users])], **values}

    def ask(self, user=None, customer=None):
        """Ask, as the owner, to release a customer."""
        Assignment = self.env['k20.customer.assignment'].with_user(user or self.sales1)
        return Assignment._k20_request('release', (customer or self.customer).ids, "No budget this year")

    def tasks(self, request):
        return request._k20_tasks().sorted('sequence')
