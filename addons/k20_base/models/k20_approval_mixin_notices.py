from collections import Counter, defaultdict

from odoo import models
from odoo.tools import SQL


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
        """Take away what asks for a decision; in one statement, since nothing hangs on such an activity."""
        if not self:
            return
        self.env['mail.activity'].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM mail_activity
                 WHERE res_model = %s AND res_id = ANY(%s) AND activity_type_id = %s AND automated
             RETURNING user_id, active AND date_deadline <= CURRENT_DATE
                """,
                self._name,
                self.ids,
                self.env['ir.model.data']._xmlid_to_res_id('k20_base.mail_activity_type_approval'),
            )
        )
        if rows:
            self.invalidate_recordset(['activity_ids'], flush=False)
        for user_id, due in Counter(user_id for user_id, is_due in rows if user_id and is_due).items():
            message = {'activity_deleted': True, 'count_diff': -due}  # as Odoo tells the clock in the menu bar
            self.env['res.users'].browse(user_id)._bus_send('mail.activity/updated', message)

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
        self._k20_tell([(requester, self, self.display_name, body)])
