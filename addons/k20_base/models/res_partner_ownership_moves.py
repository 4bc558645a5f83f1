from collections import defaultdict

from odoo import models


class ResPartner(models.Model):
    """What hangs on a customer moves with it: open activities, and who is told of its news. (R157, R176)"""

    _inherit = 'res.partner'

    def _k20_seen_by(self, user):
        """Tell whether `user` may read this customer or contact; partners that are no customers are everybody's."""
        self.ensure_one()
        return (
            not self.k20_is_customer
            or user._k20_reads_all_customers()
            or self.k20_owner_id.id in user._k20_visible_user_ids()
        )

    def _k20_owner_moved(self, before):
        result = super()._k20_owner_moved(before)
        moved = self.filtered(lambda customer: customer.k20_kind and customer.user_id != before[customer.id].owner)
        moved._k20_hand_over_activities({customer: before[customer.id].owner for customer in moved})
        moved._k20_drop_followers()
        return result

    def _commercial_sync_to_descendants(self, fields_to_sync=None):
        # Odoo walks and writes every contact also where nothing that changed is theirs too, such as the owner.
        if fields_to_sync is None or fields_to_sync:
            super()._commercial_sync_to_descendants(fields_to_sync)

    def _k20_family(self):
        """Return these customers and all their contacts, archived ones included."""
        # Not by `child_ids`: Odoo leaves archived ones out of it, whatever the context says.
        return self.with_context(active_test=False).search([('commercial_partner_id', 'in', self.ids)])

    def _k20_contact_names(self):
        """Return {customer: the names of all its contacts}: what nobody may read who does not see the customer."""
        contacts = (self._k20_family() - self).grouped('commercial_partner_id')
        return {customer: contacts.get(customer, self.browse()).mapped('name') for customer in self}

    def _k20_hand_over_activities(self, former_owners):
        """Give the new owner the open activities of the former one and of everybody who sees the customer no more.

        In the pool they wait without a person, and the next owner gets them.

        :param former_owners: {customer: its owner until now, empty for the pool}
        """
        found = [('res_model', '=', self._name), ('res_id', 'in', self._k20_family().ids)]
        activities = self.env['mail.activity'].search(found)
        customers = {partner.id: partner.commercial_partner_id for partner in self.browse(activities.mapped('res_id'))}
        changes = defaultdict(activities.browse)
        for activity in activities:
            customer, user = customers[activity.res_id], activity.user_id
            if not user or user == former_owners[customer] or not customer._k20_seen_by(user):
                changes[customer.user_id] |= activity
        for owner, handed_over in changes.items():
            handed_over.with_context(mail_activity_quick_update=True).user_id = owner

    def _k20_drop_followers(self):
        """Unsubscribe the colleagues who may read these customers no more: they would be mailed its news."""
        found = [('res_model', '=', self._name), ('res_id', 'in', self._k20_family().ids)]
        followers = self.env['mail.followers'].search(found)
        followers.filtered(
            lambda follower: (
                (user := follower.partner_id.user_ids[:1]) and not self.browse(follower.res_id)._k20_seen_by(user)
            )
        ).unlink()
