from odoo import fields, models


class K20ProjectStep(models.TransientModel):
    """Asks what a party did and what it does next; the rules live on the party."""

    _name = 'k20.project.step'
    _description = "Finish a Next Step"

    party_id = fields.Many2one('k20.project.party', required=True)
    planned = fields.Char(related='party_id.next_action', string="Planned")
    content = fields.Text("What Was Done", required=True)
    method_id = fields.Many2one('k20.followup.method')
    status = fields.Selection('_statuses', "Result")
    next_action = fields.Char("Next Step")
    next_date = fields.Date("On")

    def _statuses(self):
        return self.env['k20.followup']._fields['status']._description_selection(self.env)

    def action_apply(self):
        """Finish the step.

        :return: an action that closes the dialog
        :raise UserError: as the party's own action
        """
        self.ensure_one()
        self.party_id.action_k20_done(
            self.content,
            next_action=self.next_action,
            next_date=self.next_date,
            status=self.status,
            method_id=self.method_id.id,
        )
        return {'type': 'ir.actions.act_window_close'}
