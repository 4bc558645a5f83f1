from odoo import models
from odoo.fields import Domain

from odoo.addons.k20_base.tools.opening import opened


class ResPartner(models.Model):
    """Open projects and orders move with their customer; what is closed stays with who made it. (DESIGN §5)"""

    _inherit = 'res.partner'

    def _k20_owner_moved(self, before):
        result = super()._k20_owner_moved(before)
        moved = self.filtered(lambda customer: customer.k20_kind and customer.user_id != before[customer.id].owner)
        if moved:
            moved._k20_move_documents({customer: before[customer.id].owner for customer in moved})
        return result

    def _k20_move_documents(self, former_owners):
        """Give what is open of these customers to their owners, in the pool to nobody.

        Of closed documents only activities and followers go: who sees the customer no more is told nothing of them.

        :param former_owners: {customer: its owner until now, empty for the pool}
        """
        for model, is_open in self._k20_moving_documents().items():
            # Whoever gets a customer is told of that, not of each document besides.
            Document = self.env[model].with_context(active_test=False, mail_auto_subscribe_no_notify=True)
            documents = Document.search([('partner_id.commercial_partner_id', 'in', self.ids)])
            owners = {document: document.partner_id.commercial_partner_id.user_id for document in documents}
            with opened(documents):
                for owner, mine in documents.filtered_domain(is_open).grouped(owners.get).items():
                    mine.filtered(lambda document, owner=owner: document.user_id != owner).user_id = owner
            self._k20_move_activities(documents, former_owners)
            self._k20_drop_document_followers(documents)

    def _k20_moving_documents(self):
        """Hook: return {model: domain of what is open of it} of the documents that move with their customer."""
        return {
            'crm.lead': self.env['crm.lead']._k20_open_domain(),
            'sale.order': self.env['sale.order']._k20_unapproved_domain(),
        }

    def _k20_move_activities(self, documents, former_owners):
        """Give the open activities on `documents` to the owner: the former one's, and those of who sees them no more.

        In the pool they wait without a person, and the next owner gets them.
        """
        found = self.env['mail.activity'].search(
            Domain('res_model', '=', documents._name) & Domain('res_id', 'in', documents.ids)
        )
        customers = {document.id: document.partner_id.commercial_partner_id for document in documents}

        def is_to_move(activity):
            customer, user = customers[activity.res_id], activity.user_id
            return not user or user == former_owners[customer] or not customer._k20_seen_by(user)

        moving = found.filtered(is_to_move)
        for owner, activities in moving.grouped(lambda activity: customers[activity.res_id].user_id).items():
            activities.with_context(mail_activity_quick_update=True).user_id = owner

    def _k20_drop_document_followers(self, documents):
        customers = {document.id: document.partner_id.commercial_partner_id for document in documents}
        followers = self.env['mail.followers'].search(
            Domain('res_model', '=', documents._name) & Domain('res_id', 'in', documents.ids)
        )
        followers.filtered(
            lambda follower: (
                (user := follower.partner_id.user_ids[:1])
                and not user.share
                and not customers[follower.res_id]._k20_seen_by(user)
            )
        ).unlink()
