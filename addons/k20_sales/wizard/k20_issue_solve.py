from odoo import fields, models


class K20IssueSolve(models.TransientModel):
    """Asks what solved an issue and how content the customer is; the rules live on the issue."""

    _name = 'k20.issue.solve'
    _description = "Solve a Service Issue"

    issue_id = fields.Many2one('k20.customer.issue', required=True)
    solution = fields.Text(required=True)
    satisfaction = fields.Selection(
        [('1', "1: not at all"), ('2', "2: hardly"), ('3', "3: fairly"), ('4', "4: content"), ('5', "5: very content")],
        required=True,
    )

    def action_apply(self):
        """Solve the issue.

        :return: an action that closes the dialog
        :raise UserError: as the issue's own action
        """
        self.ensure_one()
        self.issue_id.action_k20_solve(self.solution, self.satisfaction)
        return {'type': 'ir.actions.act_window_close'}
