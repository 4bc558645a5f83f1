from odoo.tests import HttpCase, tagged

from .project_case import ProjectCase


@tagged('post_install', '-at_install', 'k20_thorough')
class TestProjectTour(HttpCase, ProjectCase):
    """A salesperson finishes a party's step on the project's page and solves a service issue. (R009, R011, R202)"""

    def test_a_step_is_finished_and_an_issue_solved(self):
        """R011, R012, R202: from the list of projects to the solved issue, in the browser."""
        lead = self.make_project(user=self.sales1, name="Tour Project")
        party = self.make_party(lead, next_action="Send the offer", next_date=self.sales1._k20_today())
        issue = self.make_issue(lead.partner_id, name="Tour Issue", lead_id=lead.id)
        self.start_tour('/odoo/k20-projects', 'k20_project', login=self.sales1.login)
        self.assertEqual(lead.k20_followup_ids.content, "Offer is out")
        self.assertEqual((party.next_action, party.next_date), ("Ask what they think", False))
        self.assertEqual((issue.state, issue.solution, issue.satisfaction), ('solved', "Turned it on", 5))


@tagged('post_install', '-at_install', 'k20_thorough')
class TestProjectTourPhone(TestProjectTour):
    """The same on a phone."""

    allow_inherited_tests_method = True
    browser_size = '390x844'
    touch_enabled = True
