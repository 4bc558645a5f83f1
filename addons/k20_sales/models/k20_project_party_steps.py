from odoo import models
from odoo.tools.misc import clean_context

from odoo.addons.k20_base.tools.opening import creating, opened


class K20ProjectParty(models.Model):
    """The next step of a party is an activity of the project's owner while the project is open. (R012)"""

    _inherit = 'k20.project.party'

    def _sync_steps(self):
        """Leave each party with a day for its next step one activity, and the others none."""
        # sudo: they are the owner's, whoever plans the step. Nobody is mailed: the owner finds it in the list.
        Activity = self.env(context=clean_context(self.env.context))['mail.activity'].sudo()
        Activity = Activity.with_context(mail_activity_quick_update=True)
        standing = Activity.search([('k20_party_id', 'in', self.ids)]).grouped('k20_party_id')
        missing = []
        for party in self.sudo():
            activities = standing.get(party, Activity)
            values = party._prepare_step() if party._is_step_due() else None
            with opened(activities):
                if not values:
                    activities.unlink()
                elif not activities:
                    missing.append(values)
                elif differing := activities[0]._k20_differing(values):
                    activities[0].write(differing)
        with creating(Activity):
            Activity.create(missing)

    def _is_step_due(self):
        """Tell whether somebody is to be reminded of this party's next step."""
        return bool(self.next_date) and self.lead_id._k20_is_open()

    def _prepare_step(self):
        """Return the values of the activity that this party's next step is."""
        self.ensure_one()
        return {
            'res_model_id': self.env['ir.model']._get_id('crm.lead'),
            'res_id': self.lead_id.id,
            'activity_type_id': self.env.ref('k20_sales.mail_activity_type_step').id,
            'automated': True,
            'k20_party_id': self.id,
            'date_deadline': self.next_date,
            'summary': f"{self.partner_id.name}: {self.next_action or self.duty or ''}".rstrip(': '),
            'user_id': self.lead_id._k20_reminded_user().id,
        }
