from odoo import models

from odoo.addons.mail.tools.discuss import Store

DETAILS = ('show_address', 'show_email', 'show_vat')


class ResPartner(models.Model):
    """What still shows of a partner that the reader may not read: the bare name, where a visible record has it. (R157)

    Odoo reads the name of a many2one in sudo, and a client may ask for address, email or tax number within the name.
    """

    _inherit = 'res.partner'
    _k20_guarded = True

    def _k20_hidden(self):
        """Return those of these partners that the acting user, sudo or not, may not read."""
        if self.env.user._k20_reads_all_customers():
            return self.browse()
        customers = self.filtered('id').filtered(lambda partner: partner.sudo().k20_is_customer).sudo(False)
        return self & (customers - customers._filtered_access('read')).with_env(self.env)

    def _compute_display_name(self):
        hidden = self._k20_hidden() if any(self.env.context.get(key) for key in DETAILS) else self.browse()
        super(ResPartner, self - hidden)._compute_display_name()
        for partner in hidden:
            partner.display_name = partner.with_context(lang=self.env.lang)._get_complete_name()

    def _field_store_repr(self, field_name):
        # What the chatter and Discuss send of a partner, mostly read in sudo.
        if field_name in ('email', 'phone'):
            return [Store.Attr(field_name, predicate=lambda partner: not partner._k20_hidden())]
        return super()._field_store_repr(field_name)

    def _compute_same_vat_partner_id(self):
        super()._compute_same_vat_partner_id()
        for partner in self:
            partner.same_vat_partner_id -= partner.same_vat_partner_id._k20_hidden()
            partner.same_company_registry_partner_id -= partner.same_company_registry_partner_id._k20_hidden()
