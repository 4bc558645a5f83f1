from odoo.tests import HttpCase, tagged

from .common import K20Case


@tagged('post_install', '-at_install', 'k20_thorough')
class TestFollowupTour(HttpCase, K20Case):
    """A salesperson records a follow-up with a next step and finds it in the reminders. (R048, R057, R176)"""

    def test_a_follow_up_is_recorded_and_comes_back_as_a_reminder(self):
        """R048, R057: from the customer's page to 跟单提醒, in the browser."""
        channel = self.make_customer('channel', owner=self.sales1, name="Tour Channel")
        self.start_tour('/odoo/k20-channels', 'k20_followup', login=self.sales1.login)
        self.assertEqual(channel.k20_followup_ids.user_id, self.sales1)
        self.assertEqual(channel.k20_next_followup_plan, "Bring the offer")


@tagged('post_install', '-at_install', 'k20_thorough')
class TestFollowupTourPhone(TestFollowupTour):
    """The same on a phone."""

    allow_inherited_tests_method = True
    browser_size = '390x844'
    touch_enabled = True
