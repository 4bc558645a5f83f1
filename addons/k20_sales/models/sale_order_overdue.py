from odoo import api, models
from odoo.tools.misc import clean_context


class SaleOrder(models.Model):
    """The salesperson is reminded of an order's overdue money, once for each day that it was due on. (DESIGN §6)"""

    _inherit = 'sale.order'

    @api.model
    def _cron_k20_remind_overdue(self):
        """Give each overdue order one activity of its salesperson, and take back what is settled."""
        kind = self.env.ref('k20_sales.mail_activity_type_overdue')
        overdue = self._k20_all_overdue()
        Activity = self.env(context=clean_context(self.env.context))['mail.activity']
        Activity = Activity.with_context(active_test=False, mail_activity_quick_update=True)
        known = Activity.search([('res_model', '=', self._name), ('activity_type_id', '=', kind.id)])
        known.filtered(lambda activity: activity.active and activity.res_id not in overdue._ids).unlink()
        known = known.exists()
        waiting = set(known.filtered('active').mapped('res_id'))
        reminded = {(activity.res_id, activity.date_deadline) for activity in known}
        Activity.create(
            [
                order._prepare_overdue_reminder(kind)
                for order in overdue
                if order.id not in waiting
                and (order.id, order.k20_next_due_date) not in reminded
                and order._k20_seller()
            ]
        )

    @api.model
    def _k20_all_overdue(self):
        """Return the overdue orders of all companies, each by its own day."""
        found = self.browse()
        for company in self.env['res.company'].search([('id', '!=', False)]):
            found |= self.search([('company_id', '=', company.id), ('k20_next_due_date', '<', company._k20_today())])
        return found

    def _k20_seller(self):
        """Return who is to collect this order: its salesperson, else who looks after the customer, if they see it."""
        self.ensure_one()
        people = (self.user_id, self.partner_id.k20_owner_id)
        seen = (user for user in people if user.active and self._k20_can_be_read_by(user))
        return next(seen, self.env['res.users'])

    def _prepare_overdue_reminder(self, kind):
        self.ensure_one()
        seller = self._k20_seller()
        summary = self.with_context(lang=seller.lang).env._(
            "Collect %(amount)s of %(customer)s",
            amount=self._k20_format(self.k20_amount_overdue),
            customer=self.partner_id.commercial_partner_id.name,
        )
        return {
            'res_model_id': self.env['ir.model']._get_id(self._name),
            'res_id': self.id,
            'activity_type_id': kind.id,
            'automated': True,
            'date_deadline': self.k20_next_due_date,
            'summary': summary,
            'user_id': seller.id,
        }
