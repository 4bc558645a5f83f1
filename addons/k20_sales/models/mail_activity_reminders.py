from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.k20_base.tools.opening import is_creating, is_open, opened

# What makes an activity a reminder of something that stands elsewhere.
SOURCES = ('k20_party_id', 'k20_issue_id')
FIXED = {'active', 'date_deadline', 'res_id', 'res_model', 'res_model_id', 'user_id', *SOURCES}


class MailActivity(models.Model):
    """Reminders of parties' next steps and of open service issues: they follow what they remind of. (R012, R199)

    Marked as done, a party's step is finished with what was typed; an issue's stays until the issue is solved.
    """

    _inherit = 'mail.activity'

    k20_party_id = fields.Many2one(
        'k20.project.party', "Party", ondelete='cascade', index='btree_not_null', readonly=True, copy=False
    )
    k20_issue_id = fields.Many2one(
        'k20.customer.issue', "Service Issue", ondelete='cascade', index='btree_not_null', readonly=True, copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not is_creating(self) and any(vals.get(name) for vals in vals_list for name in SOURCES):
            raise UserError(self.env._("Such reminders come by themselves: plan the next step, or record the issue."))
        return super().create(vals_list)

    @api.model
    def default_get(self, fields):
        return super().default_get([name for name in fields if name not in SOURCES])

    def write(self, vals):
        if FIXED & vals.keys():
            self._k20_check_follows()
        return super().write(vals)

    def unlink(self):
        self._k20_check_follows()
        return super().unlink()

    def _k20_check_follows(self):
        """UserError where one of these follows something else; the administrator tidies up."""
        if self.env.user._k20_administers():
            return
        for activity in self.sudo():
            if (activity.k20_party_id or activity.k20_issue_id) and not is_open(activity):
                raise UserError(
                    self.env._("This reminder follows what it reminds of: change the next step or the issue itself.")
                )

    def _action_done(self, feedback=False, attachment_ids=None):
        for issue in self.sudo().k20_issue_id:
            if issue.state == 'open':
                raise UserError(
                    self.env._("%s is not solved yet: solve it there, and the reminder is done.", issue.display_name)
                )
        # sudo: only to see what is reminded of; the step is finished with the rights of who does it.
        steps = [(activity.sudo().k20_party_id.id, activity.summary) for activity in self]
        with opened(self):
            result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for party_id, summary in steps:
            party = self.env['k20.project.party'].browse(party_id)
            if party and (party.next_action or party.next_date):
                party.action_k20_done(feedback or summary)
        return result
