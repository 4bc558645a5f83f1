from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Partners that take part in the same project in the same role become one party of it; issues go along."""

    _inherit = 'base.partner.merge.automatic.wizard'

    def _update_foreign_keys(self, src_partners, dst_partner):
        # Odoo deletes all rows of a partner where one meets the unique index, those of other projects too.
        Party = self.env['k20.project.party'].sudo()
        kept = {}
        for party in Party.search([('partner_id', 'in', dst_partner.ids)]) + Party.search(
            [('partner_id', 'in', src_partners.ids)]
        ):
            first = kept.setdefault((party.lead_id, party.role), party)
            if first != party:
                party._k20_end_in(first)
                party.unlink()
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _update_values(self, src_partners, dst_partner):
        result = super()._update_values(src_partners, dst_partner)
        # Their person in charge may not see the customer that stays.
        customer = dst_partner.sudo().commercial_partner_id
        issues = self.env['k20.customer.issue'].sudo().search([('partner_id', '=', customer.id)])
        issues._k20_follow_customer({customer: customer.user_id})
        return result
