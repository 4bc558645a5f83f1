from odoo import models
from odoo.exceptions import UserError

from ..tools.opening import moving


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Customers and their contacts are merged by the administrator alone. (R157)"""

    _inherit = 'base.partner.merge.automatic.wizard'

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        Partner = self.env['res.partner']
        # sudo: also where the caller may not see the customer.
        customers = Partner.sudo().browse(partner_ids).exists().filtered('k20_is_customer')
        if customers and not Partner._k20_moves_freely():
            raise UserError(self.env._("Customers are merged by the administrator: ask there."))
        return super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)

    def _update_foreign_keys(self, src_partners, dst_partner):
        # Moved by SQL, where a second open request on one customer would meet its index.
        reason = self.env._("The administrator has merged this customer meanwhile.")
        src_partners._k20_close_requests(reason)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _update_reference_fields(self, src_partners, dst_partner):
        # Nobody keeps an activity on a customer they may not read: these wait for the owner of the one that stays.
        activities = (
            self.env['mail.activity']
            .sudo()
            .search([('res_model', '=', 'res.partner'), ('res_id', 'in', src_partners.ids)])
        )
        seen_by = activities.user_id.filtered(dst_partner.sudo()._k20_seen_by)
        activities.filtered(lambda activity: activity.user_id not in seen_by).user_id = False
        return super()._update_reference_fields(src_partners, dst_partner)

    def _update_values(self, src_partners, dst_partner):
        # The one that stays takes over what it lacks while the others are still there.
        src_partners._k20_give_up_keys()
        with moving():
            result = super()._update_values(src_partners, dst_partner)
        customer = dst_partner.sudo().commercial_partner_id
        customer._k20_recount_followups()
        if customer.k20_kind:
            customer._k20_hand_over_activities({customer: customer.user_id})
            self._k20_record_merge(src_partners.sudo().filtered('k20_kind') - customer, customer)
        return result

    def _k20_record_merge(self, merged, customer):
        """Write into the history of `customer` which others it took over."""
        for other in merged:
            reason = self.env._("Merged with %(name)s (%(code)s)", name=other.name, code=other.k20_code or '-')
            customer._k20_record_move('assign', {customer: other.user_id}, reason)
