from collections import defaultdict

from odoo import models


class K20ApprovalMixin(models.AbstractModel):
    """Who is told what: approvers are asked and reminded, requesters hear the outcome. (R160)"""

    _inherit = 'k20.approval.mixin'

    def _k20_ask(self, tasks):
        """Give an activity to each of those who may decide `tasks`, and to who stands in for them today."""
        asked = defaultdict(set)
        for people, mine in tasks.grouped(lambda task: task._k20_deciders()).items():
            for user in people | people._k20_delegates():
                asked[user].update(mine.mapped('res_id'))
        common = {
            'activity_type_id': self.env.ref('k20_base.mail_activity_type_approval').id,
            'res_model_id': self.env['ir.model']._get_id(self._name),
            'automated': True,
        }
        # An activity asks; who decides need not be mailed whatever else is said about the document.
        self.env['mail.activity'].sudo().with_context(k20_unfollowed=True).create([
            {
                **common,
                'res_id': document.id,
                'user_id': user.id,
                'summary': self.env._("Decide: %s", document.display_name),
            }
            for user, document_ids in asked.items()
            for document in self.browse(document_ids)._k20_readable_by(user)
            if user != document.k20_requester_id or tasks._k20_decidable_by(user, document)
        ])  # fmt: skip

    def _k20_clear_activities(self):
        self.sudo().activity_unlink(['k20_base.mail_activity_type_approval'])

    def _k20_remind_approvers(self):
        """Tell those whose decision is waited for that it is still open."""
        tasks = self._k20_open_tasks().sudo()
        people = tasks._k20_deciders()
        people = (people | people._k20_delegates()).filtered(lambda user: self._k20_can_be_read_by(user))
        self.sudo().message_notify(
            partner_ids=people.partner_id.ids,
            subject=self.env._("Still to decide: %s", self.display_name),
            body=self.env._("Asked for by %s and still open.", self.k20_requester_id.name),
        )

    def _k20_tell_requester(self, reason=None):
        """Tell the requester the outcome, unless they may not see the document any more."""
        self.ensure_one()
        requester = self.k20_requester_id
        if requester == self.env.user or not self._k20_can_be_read_by(requester):
            return
        body = (
            self.env._("Rejected by %(user)s: %(reason)s", user=self.env.user.name, reason=reason)
            if reason
            else self.env._("Approved by %s.", self.env.user.name)
        )
        self.sudo().message_notify(partner_ids=requester.partner_id.ids, subject=self.display_name, body=body)
