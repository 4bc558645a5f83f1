from .common import K20SalesCase, K20SalesHttpCase


class ProjectMakers:
    """Makers of projects with parties and of service issues."""

    @classmethod
    def make_project(cls, customer=None, user=None, **values):
        customer = customer or cls.make_customer(owner=user or cls.sales1)
        return cls.make_lead(customer, user or customer.user_id, **values)

    @classmethod
    def make_party(cls, lead, role='vendor', partner=None, **values):
        partner = partner or cls.env['res.partner'].create({'name': "Vendor Ltd."})
        values = {'lead_id': lead.id, 'role': role, 'partner_id': partner.id, **values}
        return cls.env['k20.project.party'].create(values)

    @classmethod
    def make_issue(cls, customer, user=None, **values):
        """Record an issue as `user`, by default as the customer's owner."""
        Issue = cls.env['k20.customer.issue'].with_user(user or customer.user_id or cls.admin)
        return Issue.create({'name': "Printer is silent", 'partner_id': customer.id, **values})

    @classmethod
    def reminders(cls, field, record):
        """Return the open activities that remind of a party or an issue."""
        return cls.env['mail.activity'].search([(field, '=', record.id)])


class ProjectCase(ProjectMakers, K20SalesCase):
    """K20SalesCase with projects and issues."""


class StepCase(ProjectCase):
    """A project of sales1's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(owner=cls.sales1)
        cls.lead = cls.make_project(cls.customer)
        cls.today = cls.sales1._k20_today()


class ProjectHttpCase(ProjectMakers, K20SalesHttpCase):
    """The same over HTTP."""
