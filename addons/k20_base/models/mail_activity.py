from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MailActivity(models.Model):
    """An activity shows the name of its record, so it goes only to who may read that record. (R157, R176)"""

    _inherit = 'mail.activity'

    k20_followup_id = fields.Many2one(
        'k20.followup',
        "Follow-up",
        ondelete='cascade',
        index='btree_not_null',
        readonly=True,
        copy=False,
        help="The follow-up whose next step this is.",
    )

    @api.constrains('user_id', 'res_model', 'res_id')
    def _check_k20_assignee_reads(self):
        assigned = self.filtered(lambda activity: activity.res_model and activity.res_id and activity.user_id)
        for (model, user), activities in assigned.grouped(lambda act: (act.res_model, act.user_id)).items():
            # The companies of the assignee, not those that the acting user has switched on.
            Model = self.env[model].with_user(user).with_context(allowed_company_ids=user.sudo().company_ids.ids)
            records = Model.browse(set(activities.mapped('res_id')))
            if records - records._filtered_access('read'):
                raise ValidationError(
                    self.env._("%s may not read this record: choose somebody who looks after it.", user.name)
                )

    def _k20_differing(self, values):
        """Return those of `values` that this activity does not have yet."""
        self.ensure_one()
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
