from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.opening import moving


class ResPartner(models.Model):
    """A locked customer is not lost and not released, within a quota per person and a longest period. (DESIGN §5)"""

    _inherit = 'res.partner'

    k20_locked_until = fields.Date("Locked Until", readonly=True, copy=False, index='btree_not_null')

    def _k20_is_locked(self):
        self.ensure_one()
        return bool(self.k20_locked_until) and self.k20_locked_until >= self._k20_company()._k20_today()

    def action_k20_lock(self, date_until):
        """Protect these customers from loss up to and including a day; the owner's, the leader's, the administrator's.

        :param date_until: the last protected day, a date or its text (YYYY-MM-DD)
        :return: True
        :raise UserError: for a day that is past or too far off, above the quota, or for a customer without owner
        :raise AccessError: for somebody else's customers
        """
        day = self._k20_lock_day(date_until)
        for customer in self:
            customer._k20_check_looks_after()
            company = customer._k20_company()
            today = company._k20_today()
            if not day or day < today:
                raise UserError(self.env._("The lock would end before it begins: choose a day from today on."))
            longest = company.k20_lock_max_days
            if longest and (day - today).days > longest:
                raise UserError(self.env._("A lock lasts %s days at most: choose an earlier day.", longest))
            customer._k20_check_lock_quota(company, today)
            with moving():
                customer.sudo().k20_locked_until = day
        return True

    @api.model
    def _k20_lock_day(self, date_until):
        try:
            return fields.Date.to_date(date_until)
        except (ValueError, TypeError) as error:
            raise UserError(self.env._("%s is no day: give one as in 2027-03-31.", date_until)) from error

    def action_k20_unlock(self):
        """Take the lock off these customers.

        :return: True
        :raise AccessError: for somebody else's customers
        """
        for customer in self:
            customer._k20_check_looks_after()
            with moving():
                customer.sudo().k20_locked_until = False
        return True

    def _k20_check_looks_after(self):
        """Refuse but to the owner, who leads the owner, and the administrator."""
        self.check_access('write')
        owner = self.sudo().user_id
        if not self.sudo().k20_kind or not owner:
            raise UserError(self.env._("This customer has no owner: there is nothing to protect."))
        user = self.env.user
        if not user._k20_administers() and owner.id not in user._k20_visible_user_ids():
            raise AccessError(self.env._("Customers are protected by who looks after them: ask there."))

    def _k20_check_lock_quota(self, company, today):
        quota = company.k20_lock_quota
        if not quota:
            return
        owner = self.sudo().user_id
        owner._k20_serialize_moves()
        locked = self.sudo().search_count([
            ('id', '!=', self.id),
            ('k20_kind', '!=', False),
            ('user_id', '=', owner.id),
            ('k20_locked_until', '>=', today),
            ('company_id', 'in', (False, company.id)),
        ])  # fmt: skip
        if locked >= quota:
            raise UserError(
                self.env._("%(user)s has locked %(count)s customers, the most there may be: unlock one first.",
                           user=owner.name, count=locked)
            )  # fmt: skip
