from odoo import models
from odoo.exceptions import UserError

from ..tools.days import shift


class ResPartner(models.Model):
    """How many customers one may look after, and when one may be claimed: limits from Settings, 0 is none. (R060)"""

    _inherit = 'res.partner'

    def _k20_company(self):
        """Return the company whose Settings hold for this customer."""
        return self.sudo().company_id or self.env.company

    def _k20_check_may_own(self, user):
        """Refuse somebody who cannot look after this customer: without selling rights, archived, of another company."""
        company = self._k20_company()
        works_there = company in user.sudo().company_ids  # whoever asks need not see all companies of a colleague
        if not (user.active and user.has_group('k20_base.group_k20_salesperson') and works_there):
            raise UserError(
                self.env._("%s cannot look after customers: choose an active colleague who sells.", user.name or '-')
            )

    def _k20_check_claimable(self, user, but=None):
        """Refuse a claim of this pool customer by `user` that a limit stands against.

        :param but: the request under judgement, not counted
        """
        self._k20_check_may_own(user)
        self._k20_check_rest()
        self._k20_check_cooldown(user)
        self._k20_check_claims_today(user, but)
        self._k20_check_room(user)

    def _k20_check_rest(self):
        company = self._k20_company()
        free_from = self._k20_days_after(self.k20_pool_since, company.k20_pool_rest_days)
        if free_from and free_from > company._k20_today():
            raise UserError(self.env._("This customer may be claimed from %s on: come back then.", free_from))

    def _k20_check_cooldown(self, user):
        company = self._k20_company()
        days = company.k20_claim_cooldown_days
        if not days:
            return
        given_up = self.env['k20.customer.assignment'].sudo().search(
            [('partner_id', '=', self.id), ('from_user_id', '=', user.id), ('date_done', '!=', False)],
            order='date_done desc', limit=1,
        )  # fmt: skip
        free_from = self._k20_days_after(given_up.date_done, days)
        if free_from and free_from > company._k20_today():
            raise UserError(self.env._("You looked after this customer before and may claim it from %s on.", free_from))

    def _k20_check_claims_today(self, user, but=None):
        company = self._k20_company()
        limit = company.k20_claims_per_day
        if not limit:
            return
        user._k20_serialize_moves()
        start, end = company._k20_day_bounds(company._k20_today())
        claims = self.env['k20.customer.assignment'].sudo().search([
            ('kind', '=', 'claim'),
            ('to_user_id', '=', user.id),
            ('create_date', '>=', start),
            ('create_date', '<', end),
            ('company_id', 'in', (False, company.id)),
        ])  # fmt: skip
        if len(claims - (but or claims.browse())) >= limit:
            raise UserError(
                self.env._("You have asked for %s customers today, the most there may be: come back tomorrow.", limit)
            )

    def _k20_check_room(self, user):
        """Refuse where `user` would look after more customers of this kind than Settings allow, asked for included."""
        company = self._k20_company()
        limit = {'channel': company.k20_max_owned_channels, 'end': company.k20_max_owned_ends}.get(self.k20_kind)
        if not limit:
            return
        user._k20_serialize_moves()
        owned = [('k20_kind', '=', self.k20_kind), ('user_id', '=', user.id)]
        owned += [('company_id', 'in', (False, company.id))]
        if company.k20_owned_without_deal_only:
            owned.append(('k20_deal_count', '=', 0))
        asked = [
            ('kind', 'in', ('claim', 'transfer')),
            ('to_user_id', '=', user.id),
            ('k20_approval_state', '=', 'submitted'),
            ('partner_id.k20_kind', '=', self.k20_kind),
            ('company_id', 'in', (False, company.id)),
        ]
        count = self.sudo().search_count(owned) + self.env['k20.customer.assignment'].sudo().search_count(asked)
        if count >= limit:
            raise UserError(
                self.env._(
                    "%(user)s looks after or has asked for %(count)s customers of this kind, the most there may be:"
                    " release one first.",
                    user=user.name,
                    count=count,
                )
            )

    def _k20_days_after(self, moment, days):
        """Return the day that lies `days` after `moment` in the company's time zone, or False."""
        if not moment or not days:
            return False
        return shift(self._k20_company()._k20_day_of(moment), days)
