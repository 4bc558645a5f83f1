from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.k20_base.tools.opening import is_open


class SaleOrder(models.Model):
    """No order becomes a sale but by its approval, whatever the door. (R191)

    Button, mass action and RPC ask `_confirmation_error_message`; `write`, `create`, import, copy and defaults of the
    context end at the constraint; the customer's signature and online payment are kept and submit the order.
    """

    _inherit = 'sale.order'

    @api.constrains('state', 'k20_approval_state')
    def _check_k20_approved(self):
        for order in self.sudo():
            if order.state == 'sale' and order.k20_approval_state != 'approved':
                raise ValidationError(order._k20_not_approved_message())

    def _k20_not_approved_message(self):
        return self.env._("Order %s is not approved yet: submit it and wait for the approval.", self.name)

    def _confirmation_error_message(self):
        # For the friendly sentence: the constraint holds the rule.
        if self.k20_approval_state != 'approved':
            return self._k20_not_approved_message()
        return super()._confirmation_error_message()

    def write(self, vals):
        if 'state' in vals:
            self._k20_check_state_change(vals['state'])
        return super().write(vals)

    def _k20_check_state_change(self, state):
        """UserError where a client, the administrator included, sets the state of what was submitted or approved.

        An approved order that is a quotation again could be confirmed without another approval.
        """
        for order in self.filtered(lambda order: not is_open(order)):
            sent = state == 'sent' and order.state in {'draft', 'sent'}
            if order.state != state and order.k20_approval_state in {'submitted', 'approved'} and not sent:
                raise UserError(
                    self.env._("%s is submitted or approved: its state changes by its buttons only.", order.name)
                )

    def _k20_check_unlocked(self, vals=None):
        # A quotation may also be sent to the customer while its approval is waited for.
        if vals and vals.get('state') == 'sent':
            vals = {name: value for name, value in vals.items() if name != 'state'}
        return super()._k20_check_unlocked(vals)

    def _validate_order(self):
        """Odoo confirms here what the customer has signed: here it is submitted. Never fails for the customer."""
        self._k20_submit_for_customer(self.env._("The customer has signed the quotation."))

    def _k20_submit_for_customer(self, event):
        """Submit these quotations in the name of their salesperson; who is told where that cannot be.

        :param event: what the customer has done, in a sentence
        """
        for order in self.sudo().filtered(lambda order: order.k20_approval_state not in {'submitted', 'approved'}):
            seller = order.user_id or order.partner_id.k20_owner_id
            try:
                with self.env.cr.savepoint():
                    order._k20_submit_as(seller)
            except (AccessError, UserError) as refusal:
                order._k20_ask_to_submit(seller, event, str(refusal))

    def _k20_submit_as(self, seller):
        self.ensure_one()
        if not seller:
            raise UserError(self.env._("%s has no salesperson: the administrator names one.", self.name))
        self.with_user(seller).with_company(self.company_id).action_k20_submit()

    def _k20_ask_to_submit(self, seller, event, refusal):
        """Tell the salesperson that the customer waits, and why the order could not be submitted by itself."""
        self.env.invalidate_all()
        summary = self.env._("Submit this order: the customer has agreed")
        note = self.env._("%(event)s It could not be submitted: %(refusal)s", event=event, refusal=refusal)
        if seller and self._k20_can_be_read_by(seller):
            self.activity_schedule('mail.mail_activity_data_todo', summary=summary, note=note, user_id=seller.id)
        else:
            self._message_log(body=note)
