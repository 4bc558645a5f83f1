from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .project_case import ProjectCase, StepCase


@tagged('post_install', '-at_install')
class TestStepDetails(StepCase):
    """What a finished step tells, and whom the next one reminds, and when. (R003, R011, R012)"""

    def test_the_action_tells_how_and_when(self):
        """R011: the day it was done and by which method; without a status the customer's last one stands."""
        self.make_followup(self.customer, status='quoted', date=self.today - timedelta(3))
        party = self.make_party(self.lead, next_action="Call").with_user(self.sales1)
        method = self.env['k20.followup.method'].search([], limit=1)
        day = self.today - timedelta(1)
        followup = self.env['k20.followup'].browse(party.action_k20_done("Called", method_id=method.id, date=str(day)))
        self.assertEqual((followup.method_id, followup.date, followup.status), (method, day, 'quoted'))

    def test_the_nearest_step_is_the_projects(self):
        """R012: of several parties' days the first."""
        for days in (5, 2, 9):
            self.make_party(self.lead, next_date=self.today + timedelta(days))
        self.assertEqual(self.lead.k20_next_date, self.today + timedelta(2))

    def test_due_soon_includes_the_last_day(self):
        """R012: the reminder days of Settings, both ends included."""
        self.env.company.k20_reminder_days = 3
        states = {}
        for days in (0, 3, 4):
            party = self.make_party(self.lead, next_date=self.today + timedelta(days))
            states[days] = party.step_state
            found = party.search([('id', '=', party.id), ('step_state', '=', 'soon')])
            self.assertEqual(bool(found), party.step_state == 'soon', days)
        self.assertEqual(states, {0: 'soon', 3: 'soon', 4: 'later'})

    def test_who_is_reminded_may_read_the_project(self):
        """R003, R012: a leader plans it; the owner is reminded, not who planned; else the customer's owner."""
        party = self.make_party(self.lead).with_user(self.manager)
        party.write({'next_date': self.today})
        self.assertEqual(self.reminders('k20_party_id', party).user_id, self.sales1)
        self.lead.user_id = self.sales3  # does not see the customer
        self.assertEqual(self.reminders('k20_party_id', party).user_id, self.sales1)

    def test_an_archived_project_reminds_nobody(self):
        """R012: neither won nor lost, and out of sight."""
        party = self.make_party(self.lead, next_date=self.today)
        self.lead.write({'probability': 50, 'active': False})
        self.assertEqual(self.lead.won_status, 'pending')
        self.assertFalse(self.reminders('k20_party_id', party))

    def test_our_own_company_stands_in_the_form_by_itself(self):
        """R010: choosing the role is enough."""
        form = Form(self.env['k20.project.party'].with_context(default_lead_id=self.lead.id))
        form.role = 'own'
        self.assertEqual(form.partner_id, self.env.company.partner_id)


@tagged('post_install', '-at_install')
class TestLeadsOfCompanies(ProjectCase):
    """A lead's customer is its company's. (R002)"""

    def test_the_customer_belongs_to_the_leads_company(self):
        """R002: converted by who works in another one just now."""
        branch = self.env['res.company'].create({'name': "Branch"})
        self.sales1.company_ids += branch
        lead = self.make_lead(
            user=self.sales1, type='lead', partner_name="Branch Customer Ltd.", company_id=self.env.company.id
        )
        both = [branch.id, self.env.company.id]
        lead.with_user(self.sales1).with_context(allowed_company_ids=both).action_k20_convert()
        self.assertEqual(lead.partner_id.company_id, self.env.company)

    def test_sudo_makes_no_customer_for_a_colleague(self):
        """R002, R022: whoever runs the conversion of somebody else's lead in sudo."""
        lead = self.make_lead(user=self.sales3, type='lead', partner_name="Sudo Ltd.")
        with self.assertRefused('who looks after it', AccessError):
            lead.with_user(self.sales1).sudo().action_k20_convert()


@tagged('post_install', '-at_install')
class TestIssueDetails(ProjectCase):
    """What an issue says of itself. (R199, R202)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(owner=cls.sales1)

    def test_no_leaver_is_in_charge(self):
        """R199: although the customer is still theirs in the books."""
        leaver = self.make_user('k20_leaver', 'admin')
        leaver.active = False
        with self.assertRefused('does not see this customer', UserError):
            self.make_issue(self.customer, self.admin, user_id=leaver.id)

    def test_what_is_solved_is_not_overdue(self):
        """R199: its day has passed all the same."""
        issue = self.make_issue(self.customer, date_due='2020-01-01')
        mine = [('id', '=', issue.id)]
        self.assertTrue(issue.is_overdue and issue.search([*mine, ('is_overdue', '=', True)]))
        issue.action_k20_solve("Done", 4)
        issue.invalidate_recordset()
        self.assertFalse(issue.is_overdue or issue.search([*mine, ('is_overdue', '=', True)]))
        self.assertTrue(issue.search([*mine, ('is_overdue', '=', False)]))

    def test_every_fact_of_a_solved_issue_stays(self):
        """R202: whose it was and what it was about, too."""
        lead, order = self.make_project(self.customer), self.make_order(self.customer, self.sales1)
        issue = self.make_issue(self.customer)
        issue.action_k20_solve("Done", 5)
        for values in (
            {'partner_id': self.make_customer(owner=self.sales1).id}, {'lead_id': lead.id}, {'order_id': order.id},
            {'product_id': order.order_line.product_id.id}, {'description': "x"}, {'phase': 'presale'},
        ):  # fmt: skip
            with self.assertRefused('reopen it first'):
                issue.write(values)
