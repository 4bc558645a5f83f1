from contextlib import nullcontext

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.k20_base.tools.opening import moving


class CrmLead(models.Model):
    """A lead becomes a project, its company a customer, without typing again; or it is lost, with a reason. (R002)"""

    _inherit = 'crm.lead'

    @api.constrains('active', 'probability', 'lost_reason_id')
    def _check_k20_lost_reason(self):
        for lead in self:
            if lead.won_status == 'lost' and not lead.lost_reason_id:
                raise ValidationError(
                    self.env._("Why is %s lost? Choose the reason, so that others learn from it.", lead.name)
                )

    def action_set_lost(self, **additional_values):
        """Mark as lost, with a reason.

        :raise UserError: without a reason
        """
        reason_id = additional_values.get('lost_reason_id')
        if not reason_id and not all(lead.lost_reason_id for lead in self):
            raise UserError(self.env._("Why is it lost? Choose the reason, so that others learn from it."))
        if reason_id:
            self.write({'lost_reason_id': reason_id})  # Odoo archives first, and would be lost without a reason
        return super().action_set_lost(**additional_values)

    def action_k20_convert(self):
        """Turn this lead into a project; a company that is no customer yet becomes an end customer of its owner.

        :return: action that opens the project
        :raise UserError: for what is a project already, or is lost
        :raise ValidationError: where the company is a customer already, of whomever
        :raise AccessError: for a colleague's lead
        """
        self.ensure_one()
        if self.type != 'lead' or not self.active:
            raise UserError(self.env._("%s is no open lead: restore it, or work on the project.", self.name))
        self._handle_partner_assignment(create_missing=True)
        self.convert_opportunity(self.partner_id)
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'crm.lead',
            'res_id': self.id,
            'views': [(self.get_formview_id(), 'form')],
        }

    def _handle_partner_assignment(self, force_partner_id=False, create_missing=True, with_parent=None):
        channels = {lead: lead.k20_channel_id for lead in self}
        result = super()._handle_partner_assignment(force_partner_id, create_missing, with_parent)
        for lead, channel in channels.items():
            if channel and lead.k20_channel_id != channel:
                # sudo: it stood there before, whoever may read the channel.
                lead.sudo().k20_channel_id = channel
        return result

    def _create_customer(self, with_parent=None):
        """Make a customer of K20 where Odoo would make a partner; who it is, a person typed into the lead."""
        if with_parent or self.partner_id:
            return super()._create_customer(with_parent)
        owner = self.user_id or self.env.user
        user = self.env.user
        if not user._k20_administers() and owner.id not in user._k20_visible_user_ids():
            raise AccessError(self.env._("A lead is turned into a project by who looks after it: ask there."))
        Partner = self.env['res.partner']
        # A manager makes it the colleague's whose lead it is.
        with moving() if owner != user else nullcontext():
            customer = Partner.create(self._k20_prepare_end_customer(owner))
        if self.contact_name and self.contact_name != customer.name:
            Partner.create(self._prepare_customer_values(self.contact_name, parent_id=customer.id))
        return customer

    def _k20_prepare_end_customer(self, owner):
        """Return the values of the customer that this lead's company becomes."""
        name = self.partner_name or self.contact_name or self.name
        return {
            **self._prepare_customer_values(name, is_company=True),
            'k20_kind': 'end',
            'user_id': owner.id,
            'company_id': (self.company_id or self.env.company).id,
            'k20_source_id': self.k20_source_id.id,
            'k20_channel_id': self.k20_channel_id.id,
        }
