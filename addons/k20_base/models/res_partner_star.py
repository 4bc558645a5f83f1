from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.opening import creating, is_moving, is_open, opened

STARS = ['1', '2', '3', '4', '5']


class ResPartner(models.Model):
    """An end customer rises star by star, each with a reason that stays in its history. (R076)

    The owner, who leads the owner, and the administrator raise a star; the administrator alone lowers one.
    """

    _inherit = 'res.partner'

    k20_star_change_ids = fields.One2many(
        'k20.star.change',
        'partner_id',
        "Star History",
        readonly=True,
        copy=False,
        groups='k20_base.group_k20_salesperson,k20_base.group_k20_all_customers',
    )

    def _k20_check_star(self, vals):
        """UserError where the star is set directly: new customers begin with the first. (R076)

        The administrator may bring customers in with the star they have; afterwards it moves by the actions alone.
        """
        if 'k20_star' not in vals or self.env.uid == api.SUPERUSER_ID or is_moving():
            return
        star = vals['k20_star']
        if not self:
            if star in ('1', False) or self.env.user._k20_administers():
                return
            raise UserError(self.env._("A new customer begins with one star: raise it afterwards, with a reason."))
        if any(partner.k20_star != star and not is_open(partner) for partner in self):
            raise UserError(self.env._("The star is raised by its own action, with a reason: use that."))

    def action_k20_upgrade(self, reason):
        """Raise these end customers by one star each; all or none.

        :param reason: why, in words; compulsory
        :return: True
        :raise UserError: without a reason, for five stars, or for what is no end customer
        :raise AccessError: for anybody but the owner, who leads the owner, and the administrator
        """
        for customer in self:
            customer._k20_check_may_upgrade()
        return self._k20_move_star(1, reason)

    def action_k20_downgrade(self, reason):
        """Lower these end customers by one star each; the administrator's alone.

        :param reason: why, in words; compulsory
        :return: True
        :raise UserError: without a reason, for one star, or for what is no end customer
        :raise AccessError: for anybody but the administrator
        """
        if not self.env.user._k20_administers():
            raise AccessError(self.env._("A star is taken away by the administrator alone: ask there."))
        self.check_access('write')
        return self._k20_move_star(-1, reason)

    def _k20_check_may_upgrade(self):
        self.check_access('write')
        user = self.env.user
        if not user._k20_administers() and self.sudo().user_id.id not in user._k20_visible_user_ids():
            raise AccessError(self.env._("Stars are raised by who looks after the customer: ask there."))

    def _k20_move_star(self, step, reason):
        reason = reason.strip() if isinstance(reason, str) else ''
        if not reason:
            raise UserError(self.env._("The reason stays in the customer's history: say why."))
        customers = self.union()  # named twice, it still rises once
        changes = [customer._k20_prepare_star_change(step, reason) for customer in customers]
        for customer, change in zip(customers, changes, strict=True):
            with opened(customer):
                customer.sudo().k20_star = change['new_star']
        # sudo: nobody has the right to write the history.
        Change = self.env['k20.star.change'].sudo()
        with creating(Change):
            Change.create(changes)
        return True

    def _k20_prepare_star_change(self, step, reason):
        """Return the row that tells of this customer's star moving by `step`; UserError where it cannot."""
        if self.k20_kind != 'end':
            raise UserError(self.env._("%s is no end customer: only those have stars.", self.display_name))
        position = STARS.index(self.k20_star or '1') + step
        if position >= len(STARS):
            raise UserError(self.env._("%s has five stars already, the most there are.", self.display_name))
        if position < 0:
            raise UserError(self.env._("%s has one star, the fewest there are.", self.display_name))
        return {
            'partner_id': self.id,
            'old_star': self.k20_star,
            'new_star': STARS[position],
            'user_id': self.env.uid,
            'reason': reason,
        }
