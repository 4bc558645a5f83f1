from odoo import models


class AccountPayment(models.Model):
    """Who waits for money is told in the app: collections confirmed or refused, refunds paid. (R092; DESIGN §9)

    Told when the transaction ends, of all its payments together, and as they stand then.
    """

    _inherit = 'account.payment'

    def _k20_counting_changed(self):
        super()._k20_counting_changed()
        precommit = self.env.cr.precommit
        if 'k20_sales.counting' not in precommit.data:
            precommit.add(self.browse()._k20_tell_counting)
        precommit.data.setdefault('k20_sales.counting', set()).update(self.ids)

    def _k20_tell_counting(self):
        ids = self.env.cr.precommit.data.pop('k20_sales.counting', ())
        # sudo: who is told need not be known to who confirms; they get to read what they may read themselves.
        payments = self.sudo().browse(sorted(ids)).exists()
        self._k20_tell([
            notice for user, mine in payments._k20_by_reader().items() for notice in mine._k20_notices(user)
        ])  # fmt: skip
        self.env.flush_all()  # the main flush is over

    def _k20_by_reader(self):
        """Return {user: those of these payments that the user is told of}, without who does it."""
        told = {}
        for payment in self:
            for user in payment._k20_told_users() - self.env.user:
                if user.active and not user.share:
                    told.setdefault(user, []).append(payment.id)
        return {user: self.browse(ids) for user, ids in told.items()}

    def _k20_told_users(self):
        """Return the salesperson of the order, and who registered the collection or asked for the refund."""
        self.ensure_one()
        if self.payment_type == 'outbound':
            return self.k20_sale_order_id.user_id | self.k20_refund_ids.k20_requester_id
        return self.k20_sale_order_id.user_id | (self.k20_collection_id.user_id or self.create_uid)

    def _k20_notices(self, user):
        """Return what `user` is told of these payments, see `_k20_tell`: only of what they may read."""
        mine = self.with_context(lang=user.lang)
        readable = {*mine.k20_sale_order_id._k20_readable_by(user), *mine.k20_refund_ids._k20_readable_by(user)}
        notices = []
        for payment in mine:
            document, text = payment.k20_refund_ids[:1] or payment.k20_sale_order_id, payment._k20_counting_text()
            if text and document in readable:
                notices.append((user, document, document.display_name, text))
        return notices

    def _k20_counting_text(self):
        """Return in a sentence what has become of this payment, None where there is nothing to tell."""
        self.ensure_one()
        values = {'amount': self.currency_id.format(self.amount), 'user': self.env.user.name}
        if self.payment_type == 'outbound':
            return self.k20_status == 'confirmed' and self.env._("Refund of %(amount)s paid by %(user)s.", **values)
        texts = {
            'confirmed': self.env._("Collection of %(amount)s confirmed by %(user)s.", **values),
            'rejected': self.env._("Collection of %(amount)s rejected by %(user)s.", **values),
            'cancelled': self.env._("Collection of %(amount)s cancelled by %(user)s.", **values),
        }
        return texts.get(self.k20_status)
