from odoo import models


class CalendarEvent(models.Model):
    """All employees read a meeting's description, and Odoo writes the first guest's phone and email into it. (R157)"""

    _inherit = 'calendar.event'

    def _get_contact_details_description(self, organizer, partners):
        others = partners.filtered(lambda partner: not partner.sudo().k20_is_customer)
        return super()._get_contact_details_description(organizer, others)
