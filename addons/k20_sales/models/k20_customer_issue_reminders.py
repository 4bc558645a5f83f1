from odoo import models
from odoo.tools.misc import clean_context

from odoo.addons.k20_base.tools.opening import creating, opened


class K20CustomerIssue(models.Model):
    """An open issue is an activity of its person in charge, and follows the customer to the next owner. (R199)"""

    _inherit = 'k20.customer.issue'

    def _sync_reminders(self):
        """Leave each open issue one activity of its person in charge, and solved ones none."""
        # sudo: it is that person's, whoever records the issue. Nobody is mailed: it is found in the list.
        Activity = self.env(context=clean_context(self.env.context))['mail.activity'].sudo()
        Activity = Activity.with_context(mail_activity_quick_update=True)
        standing = Activity.search([('k20_issue_id', 'in', self.ids)]).grouped('k20_issue_id')
        missing = []
        for issue in self.sudo():
            activities = standing.get(issue, Activity)
            with opened(activities):
                if issue.state != 'open':
                    activities.unlink()
                elif not activities:
                    missing.append(issue._prepare_reminder())
                elif differing := activities[0]._k20_differing(issue._prepare_reminder()):
                    activities[0].write(differing)
        with creating(Activity):
            Activity.create(missing)

    def _prepare_reminder(self):
        """Return the values of the activity that reminds of this issue; without a person it waits for one."""
        self.ensure_one()
        return {
            'res_model_id': self.env['ir.model']._get_id(self._name),
            'res_id': self.id,
            'activity_type_id': self.env.ref('k20_sales.mail_activity_type_issue').id,
            'automated': True,
            'k20_issue_id': self.id,
            'date_deadline': self.date_due,
            'summary': f"{self.partner_id.name}: {self.name}",
            'user_id': self.user_id.id,
        }

    def _k20_follow_customer(self, former_owners):
        """Give open issues of customers that moved to the new owner, and unsubscribe who sees them no more.

        :param former_owners: {customer: its owner until now, empty for the pool}
        """
        for issue in self.filtered(lambda issue: issue.state == 'open'):
            customer, user = issue.partner_id, issue.user_id
            if not user or user == former_owners[customer] or not customer._k20_seen_by(user):
                issue.user_id = customer.user_id
        partners = {issue.id: issue.partner_id for issue in self}
        followers = self.env['mail.followers'].search([('res_model', '=', self._name), ('res_id', 'in', self.ids)])
        followers.filtered(
            lambda follower: (
                (user := follower.partner_id.user_ids[:1])
                and not user.share
                and not partners[follower.res_id]._k20_seen_by(user)
            )
        ).unlink()
