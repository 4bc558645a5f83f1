from odoo import fields, models


class K20ApprovalReject(models.TransientModel):
    """Asks why tasks are rejected; the rules live on the documents."""

    _name = 'k20.approval.reject'
    _description = "Reject"

    task_ids = fields.Many2many('k20.approval.task', string="To Reject")
    reason = fields.Text(required=True)

    def action_reject(self):
        """Reject the documents with the reason given.

        :return: True
        """
        self.ensure_one()
        return self.task_ids.action_k20_reject(self.reason)
