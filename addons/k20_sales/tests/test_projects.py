from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.k20_base.tests.common import RpcError

from .project_case import ProjectHttpCase, StepCase


@tagged('post_install', '-at_install')
class TestParties(StepCase):
    """Who takes part in a project, in which role, with which duty. (R010)"""

    def test_a_party_has_a_role(self):
        """R010: without one it is refused, at creation and afterwards."""
        partner = self.env['res.partner'].create({'name': "Anybody"})
        Party = self.env['k20.project.party'].with_user(self.sales1)
        for role in ({}, {'role': False}, {'role': ''}):
            with self.assertRefused('Choose its role'):
                Party.create({'lead_id': self.lead.id, 'partner_id': partner.id, **role})
        party = self.make_party(self.lead)
        with self.assertRefused('Choose its role'):
            party.with_user(self.sales1).write({'role': False})
        with self.assertRefused('Choose its role'):
            self.lead.with_user(self.sales1).write({'k20_party_ids': [[0, 0, {'partner_id': partner.id}]]})

    @mute_logger('odoo.sql_db')
    def test_a_party_stands_once_in_a_role(self):
        """R010: the same party twice in one role is refused; in two roles, or in another project, it is not."""
        party = self.make_party(self.lead)
        with self.assertRaises(UniqueViolation):
            self.make_party(self.lead, partner=party.partner_id)
        self.make_party(self.lead, 'other', party.partner_id)
        self.make_party(self.make_project(self.customer), partner=party.partner_id)

    def test_own_is_our_company(self):
        """R010: our own company needs no choosing, and nobody else is it."""
        party = self.env['k20.project.party'].with_user(self.sales1).create({'lead_id': self.lead.id, 'role': 'own'})
        self.assertEqual(party.partner_id, self.env.company.partner_id)
        with self.assertRefused('not our own company', ValidationError):
            self.make_party(self.lead, 'own', self.customer)

    def test_parties_are_seen_with_their_project(self):
        """R022: own, the team's; not a colleague's, and finance reads no projects."""
        party = self.make_party(self.lead)
        for user, sees in ((self.sales1, 1), (self.manager, 1), (self.admin, 1), (self.sales2, 0), (self.sales3, 0)):
            self.assertEqual(party.with_user(user).search_count([('id', '=', party.id)]), sees, user.login)
        for user in (self.finance, self.buyer, self.outsider):
            with self.assertRaises(AccessError):
                party.with_user(user).search([])  # pylint: disable=no-search-all
        self.customer.user_id = self.sales3
        self.assertFalse(party.with_user(self.sales1).search([('id', '=', party.id)]))

    def test_a_colleagues_channel_shows_its_bare_name(self):
        """R157: who may not read it does not add it; where the leader did, name and nothing else shows."""
        channel = self.make_customer('channel', self.sales3, name="Hidden Channel", phone='13911112222')
        with self.assertRaises(AccessError):
            self.env['k20.project.party'].with_user(self.sales1).create(
                {'lead_id': self.lead.id, 'partner_id': channel.id, 'role': 'channel'}
            )
        party = self.make_party(self.lead, 'channel', channel).with_user(self.sales1)
        self.assertEqual(party.display_name, "Channel: Hidden Channel")
        with self.assertRaises(AccessError):
            party.partner_id.read(['phone'])
        party.write({'duty': "Brings the project"})

    def test_who_acted_stays(self):
        """R011: a party with actions is not taken out of the story."""
        party = self.make_party(self.lead, next_action="Call").with_user(self.sales1)
        party.action_k20_done("Called")
        with self.assertRefused('taken action in the project already'):
            party.unlink()
        self.make_party(self.lead, 'other').with_user(self.sales1).unlink()


@tagged('post_install', '-at_install')
class TestSteps(StepCase):
    """Who does what next, and who did what. (R011, R012)"""

    def step(self, days=2, **values):
        return self.make_party(self.lead, next_action="Send offer", next_date=self.today + timedelta(days), **values)

    def test_a_finished_step_is_an_action(self):
        """R011: date, person, party, content and result; the step is gone, the next one stands."""
        party = self.step().with_user(self.sales1)
        tomorrow = self.today + timedelta(1)
        followup_id = party.action_k20_done("Sent it", next_action="Ask", next_date=str(tomorrow), status='quoted')
        followup = self.env['k20.followup'].browse(followup_id)
        self.assertEqual(
            (followup.partner_id, followup.lead_id, followup.party_id, followup.user_id, followup.date),
            (self.customer, self.lead, party, self.sales1, self.today),
        )
        self.assertEqual((followup.content, followup.status), ("Sent it", 'quoted'))
        self.assertEqual((party.next_action, party.next_date), ("Ask", tomorrow))
        self.assertEqual(self.lead.k20_followup_ids, followup)

    def test_a_step_is_finished_once(self):
        """R011: a second click has nothing to finish, and content is compulsory."""
        party = self.step().with_user(self.sales1)
        for content in ('', '  ', None, False, 7):
            with self.assertRefused('Write it down'):
                party.action_k20_done(content)
        party.action_k20_done("Done")
        with self.assertRefused('no next step to finish'):
            party.action_k20_done("Done")
        self.assertEqual(len(self.lead.k20_followup_ids), 1)

    def test_bad_days_leave_the_step_standing(self):
        """R011: a day in the future, or a next step before the contact: refused, nothing half-written."""
        party = self.step().with_user(self.sales1)
        for values in ({'date': self.today + timedelta(1)}, {'next_date': self.today - timedelta(1)}):
            with self.assertRefused('lies', ValidationError):
                party.action_k20_done("Done", **values)
        self.assertEqual(party.next_action, "Send offer")
        self.assertFalse(self.lead.k20_followup_ids)

    def test_a_project_without_customer_has_no_story(self):
        """R011: the follow-up is the customer's."""
        party = self.make_party(self.make_lead(user=self.sales1), next_action="Call").with_user(self.sales1)
        with self.assertRefused('names no customer'):
            party.action_k20_done("Called")

    def test_the_customers_own_next_step_stays(self):
        """R012, R176: what a vendor did neither ends nor replaces what was agreed with the customer."""
        day = self.today + timedelta(5)
        self.make_followup(self.customer, next_date=day, next_plan="Visit")
        self.step().with_user(self.sales1).action_k20_done("Vendor has sent it", next_date=self.today)
        self.assertEqual((self.customer.k20_next_followup_date, self.customer.k20_next_followup_plan), (day, "Visit"))
        self.assertEqual(self.customer.activity_ids.mapped('summary'), ["Visit"])
        self.assertEqual(self.customer.k20_last_followup_date, self.today)

    def test_the_projects_owner_is_reminded(self):
        """R012: one activity on the project, on its day; it follows day, text and owner."""
        party = self.step(2)
        activity = self.reminders('k20_party_id', party)
        self.assertEqual((activity.res_model, activity.res_id), ('crm.lead', self.lead.id))
        self.assertEqual((activity.user_id, activity.date_deadline), (self.sales1, party.next_date))
        self.assertIn("Send offer", activity.summary)
        party.with_user(self.sales1).write({'next_date': self.today, 'next_action': "Call"})
        self.assertEqual(activity.date_deadline, self.today)
        self.assertIn("Call", activity.summary)
        self.customer.user_id = self.sales3
        self.assertNotEqual(activity.user_id, self.sales1)  # sees neither customer nor project any more
        self.lead.user_id = self.sales3
        self.assertEqual(self.reminders('k20_party_id', party), activity)
        self.assertEqual(activity.user_id, self.sales3)

    def test_nobody_is_reminded_of_what_is_over(self):
        """R012: won, lost, or no day any more; restored, the reminder is back."""
        party = self.step()
        self.assertTrue(self.reminders('k20_party_id', party))
        reason = self.env['crm.lost.reason'].create({'name': "Too dear"})
        self.lead.with_user(self.sales1).action_set_lost(lost_reason_id=reason.id)
        self.assertFalse(self.reminders('k20_party_id', party))
        self.lead.with_user(self.sales1).action_restore()
        self.assertTrue(self.reminders('k20_party_id', party))
        self.lead.with_user(self.sales1).action_set_won()
        self.assertFalse(self.reminders('k20_party_id', party))
        other = self.make_party(self.make_project(self.customer), next_date=self.today)
        other.next_date = False
        self.assertFalse(self.reminders('k20_party_id', other))

    def test_done_in_the_reminders_is_done_in_the_project(self):
        """R011, R012: what is typed there becomes the action."""
        party = self.step()
        activity = self.reminders('k20_party_id', party).with_user(self.sales1)
        activity.action_feedback(feedback="Offer is out")
        self.assertFalse(party.next_action or party.next_date)
        self.assertEqual(self.lead.k20_followup_ids.content, "Offer is out")
        self.assertFalse(self.reminders('k20_party_id', party))

    def test_reminders_are_not_changed_behind_the_step(self):
        """R012: deleted, moved to another day or person, or forged."""
        party = self.step()
        activity = self.reminders('k20_party_id', party).with_user(self.sales1)
        for act in (
            activity.unlink,
            activity.action_reschedule_tomorrow,
            lambda: activity.write({'active': False}),
            lambda: activity.copy({'k20_party_id': party.id}),
        ):
            with self.assertRefused('follows what it reminds of|come by themselves'):
                act()
        self.assertEqual(self.reminders('k20_party_id', party).date_deadline, party.next_date)

    def test_open_projects_without_a_next_step_are_found(self):
        """R012: one filter; a step of any party takes the project out of it."""
        domain = [('won_status', '=', 'pending'), ('k20_has_next_step', '=', False), ('id', '=', self.lead.id)]
        self.assertTrue(self.lead.search(domain))
        party = self.make_party(self.lead)
        self.assertTrue(self.lead.search(domain))
        party.next_action = "Call"
        self.assertFalse(self.lead.search(domain))
        party.write({'next_action': False, 'next_date': self.today})
        self.assertFalse(self.lead.search(domain))
        self.assertEqual(self.lead.k20_next_date, self.today)
        party.unlink()
        self.assertTrue(self.lead.search(domain))

    def test_due_and_overdue_steps(self):
        """R012: yesterday overdue, today due, beyond the reminder days later."""
        states = [self.make_party(self.lead, next_date=self.today + timedelta(days)).step_state for days in (-1, 0, 30)]
        self.assertEqual(states, ['overdue', 'soon', 'later'])
        for state in states:
            found = self.env['k20.project.party'].search([('lead_id', '=', self.lead.id), ('step_state', '=', state)])
            self.assertEqual(found.mapped('step_state'), [state])
        self.assertTrue(self.lead.search([('k20_party_ids.step_state', '=', 'overdue'), ('id', '=', self.lead.id)]))

    def test_a_followup_names_its_own_project_and_party(self):
        """R011: of another customer, or another project's party: refused; who acted stays."""
        party, other = self.step(), self.make_project()
        Followup = self.env['k20.followup'].with_user(self.sales1)
        with self.assertRefused('no part in the project', ValidationError):
            Followup.create({'partner_id': self.customer.id, 'lead_id': other.id})
        with self.assertRefused('another project', ValidationError):
            Followup.create({'partner_id': other.partner_id.id, 'lead_id': other.id, 'party_id': party.id})
        followup = Followup.create({'partner_id': self.customer.id, 'party_id': party.id, 'next_date': self.today})
        self.assertEqual(followup.lead_id, self.lead)
        self.assertEqual(party.next_date, self.today)
        with self.assertRefused('stays as it was recorded'):
            followup.party_id = False

    def test_merged_projects_keep_the_whole_story(self):
        """R009, R011: parties, actions and issues of both; what both name stands once."""
        vendor = self.env['res.partner'].create({'name': "Vendor"})
        other = self.make_project(self.customer)
        mine = self.make_party(self.lead, partner=vendor)
        twin = self.make_party(other, partner=vendor, next_action="Ship", next_date=self.today)
        agent = self.make_party(other, 'other', next_action="Sign", next_date=self.today)
        twin.with_user(self.sales1).action_k20_done("Called", next_action="Ship", next_date=self.today)
        issue = self.make_issue(self.customer, lead_id=other.id)
        (self.lead + other).with_user(self.sales1).merge_opportunity()
        kept = (self.lead + other).exists()
        self.assertEqual(len(kept), 1)
        self.assertEqual(sorted(kept.k20_party_ids.mapped('role')), ['other', 'vendor'])
        self.assertEqual(kept.k20_followup_ids.party_id, kept.k20_party_ids.filtered(lambda one: one.role == 'vendor'))
        self.assertEqual(kept.k20_followup_ids.party_id.next_action, "Ship")
        self.assertEqual(issue.lead_id, kept)
        self.assertTrue(agent.exists())
        activities = self.env['mail.activity'].search([('k20_party_id', 'in', kept.k20_party_ids.ids)])
        self.assertEqual(sorted(activities.mapped('res_id')), kept.ids * 2)
        self.assertTrue(mine.exists() or twin.exists())

    def test_merged_partners_become_one_party(self):
        """R010: and the same partner's part in another project is not lost, as Odoo's merge would."""
        first, second = (self.env['res.partner'].create({'name': "Twin"}) for _number in range(2))
        other = self.make_project(self.customer)
        self.make_party(self.lead, partner=first)
        doubled = self.make_party(self.lead, partner=second, next_action="Ship")
        elsewhere = self.make_party(other, partner=second)
        doubled.with_user(self.sales1).action_k20_done("Called", next_action="Ship")
        wizard = self.env['base.partner.merge.automatic.wizard'].create({})
        wizard._merge([first.id, second.id], first)
        self.env.invalidate_all()
        self.assertEqual(self.lead.k20_party_ids.partner_id, first)
        self.assertEqual(self.lead.k20_party_ids.next_action, "Ship")
        self.assertEqual(self.lead.k20_followup_ids.party_id, self.lead.k20_party_ids)
        self.assertEqual(elsewhere.exists().partner_id, first)

    def test_the_project_shows_its_customer(self):
        """R013: data, contacts and follow-ups of the customer, also where the project names a contact."""
        self.customer.write({'phone': '13700001111', 'street': "Road 1"})
        contact = self.make_contact(self.customer)
        lead = self.make_lead(contact, self.sales1).with_user(self.sales1)
        self.make_followup(self.customer)
        self.assertEqual(lead.k20_customer_id, self.customer)
        self.assertEqual((lead.k20_customer_phone, lead.k20_customer_street), (self.customer.phone, "Road 1"))
        self.assertEqual(lead.k20_customer_contact_ids, contact)
        self.assertEqual(lead.k20_customer_followup_date, self.today)
        self.assertEqual(self.customer.with_user(self.sales1).k20_project_count, 2)


@tagged('post_install', '-at_install')
class TestProjectDoors(ProjectHttpCase):
    """The same rules as a client meets them. (R022, R157)"""

    def setUp(self):
        super().setUp()
        self.own = self.make_project(user=self.sales1)
        self.others = self.make_project(user=self.sales3)
        self.theirs = self.make_party(self.others, next_action="Secret plan", next_date=self.sales3._k20_today())
        self.login(self.sales1)

    def test_nothing_of_a_colleagues_project(self):
        """R022: neither read nor changed, finished, filled by line commands, nor named."""
        vendor = self.env['res.partner'].create({'name': "Vendor"})
        values = {'role': 'vendor', 'partner_id': vendor.id}
        for method, *args in (
            ('read', self.theirs.ids, ['next_action']),
            ('write', self.theirs.ids, {'next_action': "x"}),
            ('unlink', self.theirs.ids),
            ('action_k20_done', self.theirs.ids, "x"),
            ('create', [{**values, 'lead_id': self.others.id}]),
        ):
            self.assertNotIn("Secret", self.assertCallRefused('k20.project.party', method, *args))
        mine = self.make_party(self.own, 'other')
        self.assertCallRefused('k20.project.party', 'write', mine.ids, {'lead_id': self.others.id})
        self.assertCallRefused('crm.lead', 'write', self.own.ids, {'k20_party_ids': [[4, self.theirs.id]]})
        self.assertCallRefused('k20.project.step', 'create', [{'party_id': self.theirs.id, 'content': "x"}])
        customer = self.own.partner_id
        followup = {'partner_id': customer.id, 'party_id': self.theirs.id}
        self.assertCallRefused('k20.followup', 'create', [followup])

    @mute_logger('odoo.sql_db')
    def test_twice_in_one_role_is_told_in_a_sentence(self):
        """R010: what the index refuses, says what to do."""
        party = self.make_party(self.own)
        values = {'lead_id': self.own.id, 'partner_id': party.partner_id.id, 'role': 'vendor'}
        with self.assertRaises(RpcError) as caught:
            self.call('k20.project.party', 'create', [values])
        self.assertIn("has that role in the project already", caught.exception.message)

    def test_figures_of_a_project_are_not_sent(self):
        """R157: whose it is and whether somebody acts is worked out."""
        for name, value in (('k20_has_next_step', True), ('k20_next_date', '2030-01-01'), ('k20_customer_id', 1)):
            with self.assertRaises(RpcError) as caught:
                self.call('crm.lead', 'write', self.own.ids, {name: value})
            self.assertIn('worked out', caught.exception.message)

    def test_a_step_is_finished_from_the_dialog(self):
        """R011: over the wire, with everything the dialog asks."""
        party = self.make_party(self.own, next_action="Call")
        values = {'party_id': party.id, 'content': "Called", 'status': 'interested', 'next_action': "Visit"}
        (dialog,) = self.call('k20.project.step', 'create', [values])
        self.call('k20.project.step', 'action_apply', [dialog])
        self.assertEqual((self.own.k20_followup_ids.content, party.next_action), ("Called", "Visit"))
