from odoo import api, fields, models


class K20UserHandover(models.TransientModel):
    """Open service issues of a leaver go to the receiver, or to who looks after the customer. (R199)"""

    _inherit = 'k20.user.handover'

    issue_count = fields.Integer("Open Issues", compute='_compute_issue_count')

    @api.depends('user_id')
    def _compute_issue_count(self):
        for handover in self:
            handover.issue_count = len(handover.user_id._k20_open_issues())

    def _k20_hand_over(self):
        super()._k20_hand_over()
        # What moved with its customer has its new person already.
        for issue in self.user_id._k20_open_issues():
            receiver = self.to_user_id
            sees = receiver and issue.partner_id._k20_seen_by(receiver)
            issue.user_id = receiver if sees else issue.partner_id.k20_owner_id
