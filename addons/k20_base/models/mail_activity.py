from odoo import api, models
from odoo.exceptions import ValidationError


class MailActivity(models.Model):
    """An activity shows the name of its record, so it goes only to who may read that record. (R157)"""

    _inherit = 'mail.activity'

    @api.constrains('user_id', 'res_model', 'res_id')
    def _check_k20_assignee_reads(self):
        for activity in self.filtered(lambda activity: activity.res_model and activity.res_id and activity.user_id):
            record = self.env[activity.res_model].browse(activity.res_id).with_user(activity.user_id)
            # The companies of the assignee, not those that the acting user has switched on.
            if not record.with_context(allowed_company_ids=activity.user_id.company_ids.ids).has_access('read'):
                raise ValidationError(
                    self.env._(
                        "%s may not read this record: choose somebody who looks after it.", activity.user_id.name
                    )
                )
