from odoo import api, models
from odoo.fields import Domain


class CrmLead(models.Model):
    """When a project is open, and when its next step falls due: what losses and moves ask."""

    _inherit = 'crm.lead'

    @api.model
    def _k20_open_domain(self):
        """Return the domain of the projects that are neither won nor lost."""
        return Domain('active', '=', True) & Domain('won_status', '=', 'pending')

    @api.model
    def _k20_next_step_domain(self, first, last):
        """Hook: return the domain of the projects with a next step between two days, both included."""
        return Domain('activity_ids', 'any', [('date_deadline', '>=', first), ('date_deadline', '<=', last)])
