import logging
from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from ..tools.days import shift
from ..tools.opening import moving

_logger = logging.getLogger(__name__)

BATCH = 500
EPOCH = date(1970, 1, 1)  # no claim is older, and the first day there is has none before it to count from


class ResPartner(models.Model):
    """When a customer is lost to its owner, the warning before, and the daily job. (R082, R184, R185, R186, R190)"""

    _inherit = 'res.partner'

    # Where the clock starts
    k20_owned_since = fields.Datetime("Owned Since", readonly=True, copy=False)
    k20_loss_refused_on = fields.Date("Last Refused Review", readonly=True, copy=False)
    k20_protected_until = fields.Date("Protected Until", readonly=True, copy=False)
    # What comes of it
    k20_loss_date = fields.Date(
        "Loss Date",
        compute='_compute_k20_loss',
        store=True,
        copy=False,
        index='btree_not_null',
        help="The day on which the customer goes to the pool if nothing happens.",
    )
    k20_loss_rule_id = fields.Many2one(
        'k20.loss.rule', "Loss Rule", compute='_compute_k20_loss', store=True, copy=False, ondelete='set null'
    )
    k20_loss_warn_date = fields.Date(
        "Warning Date", compute='_compute_k20_loss', store=True, copy=False, index='btree_not_null'
    )
    k20_loss_warned_for = fields.Date("Warned For", readonly=True, copy=False)

    @api.depends(
        'k20_kind', 'user_id', 'active', 'company_id', 'k20_star', 'k20_owned_since', 'k20_first_deal_date',
        'k20_last_deal_date', 'k20_clock_followup_date', 'k20_loss_refused_on', 'k20_protected_until',
        'k20_locked_until',
    )  # fmt: skip
    def _compute_k20_loss(self):
        owned = self.filtered(lambda customer: customer.active and customer.user_id)
        rules = self.env['k20.loss.rule'].sudo().search_fetch([('k20_kind', 'in', owned.mapped('k20_kind'))])
        covered = {rule: set(owned.filtered_domain(rule._k20_covers_domain())) for rule in rules}
        for customer in self:
            due = [
                (day, rule.sequence, rule.id, rule)
                for rule in rules
                if customer in covered[rule] and (day := customer._k20_loss_due(rule))
            ]
            first = min(due, default=None)
            customer.k20_loss_date = first[0] if first else False
            customer.k20_loss_rule_id = first[3] if first else False
            customer.k20_loss_warn_date = first and shift(first[0], -first[3].warn_days)

    def _k20_loss_clock(self, condition):
        """Return the day on which the clock of `condition` started for this customer, or False where it never runs."""
        self.ensure_one()
        company = self._k20_company()
        if condition == 'no_conversion' and self.k20_first_deal_date:
            return False
        starts = [
            self.k20_owned_since and company._k20_day_of(self.k20_owned_since),
            self.k20_loss_refused_on,
            condition != 'no_conversion' and self.k20_last_deal_date,
            condition == 'no_followup' and self.k20_clock_followup_date,
        ]
        return max(filter(None, starts), default=False)

    def _k20_loss_due(self, rule):
        """Return the day on which `rule` takes this customer, or False."""
        clock = self._k20_loss_clock(rule.condition)
        if not clock:
            return False
        day = shift(clock, rule.days)
        if self.k20_protected_until:
            day = max(day, self.k20_protected_until)
        if rule.exempt_locked and self.k20_locked_until:
            day = max(day, shift(self.k20_locked_until, 1))
        return day

    def _k20_extend_protection(self, days):
        """Put the loss of this customer off by `days`."""
        today = self._k20_company()._k20_today()
        with moving():
            self.k20_protected_until = shift(max(self.k20_loss_date or today, today), days)

    def _k20_loss_exempt(self, rule):
        """Hook: return those of these customers that `rule` does not take today (open business, a next step)."""
        return self.browse()

    def _k20_exempt_today(self):
        """Return those of these customers that the rule each falls under leaves today."""
        by_rule = self.grouped('k20_loss_rule_id').items()
        return self.browse().union(*(customers._k20_loss_exempt(rule) for rule, customers in by_rule))

    # -- the daily job -----------------------------------------------------------------------------------------------

    @api.model
    def _cron_judge_losses(self):
        """Warn owners, take what is due, open reviews; may be killed and run again at any point with one outcome.

        Stops when its time is used up; Odoo calls it again soon, and it goes on after the last customer it judged.
        """
        Cron = self.env['ir.cron']
        progress = self.env['ir.cron.progress']._k20_current()
        stages = self._k20_loss_stages(progress._k20_take_over() or [''])
        Cron._commit_progress(remaining=sum(len(owned) for *_, owned in stages))
        for place, Customer, domain, work, owned in stages:
            for batch in split_every(BATCH, owned, list):
                Customer._k20_work_safely([customer_id for _owner_id, customer_id in batch], domain, work)
                progress.k20_reached = [*place, *batch[-1]]
                if not Cron._commit_progress(len(batch)):
                    return True
        return True

    def _k20_loss_stages(self, reached):
        """Return what is to be judged today, as tuples of place, model, domain, name of the work, customers.

        The customers come as [owner id, id], owner by owner, so that an owner is told of many at once.

        :param reached: place, owner and customer after which to begin; what lies before has been judged
        """
        stages = []
        for company in self.env['res.company'].search([('active', '=', True)], order='id'):
            today = company._k20_today()
            mine = [('company_id', '=', company.id), ('user_id', '!=', False)]
            works = (
                ([*mine, ('k20_loss_warn_date', '<=', today), ('k20_loss_date', '>', today)], '_k20_warn_of_loss'),
                ([*mine, ('k20_loss_date', '<=', today)], '_k20_take_due'),
                ([*mine, ('id', 'in', self._k20_unworked_claims(company).ids)], '_k20_give_back'),
            )
            for number, (domain, work) in enumerate(works):
                place = [str(today), company.id, number]
                done = reached if reached[0] == place[0] else ['']
                owners = self._read_group(domain, ['user_id'], ['id:array_agg'])
                owned = sorted([owner.id, customer_id] for owner, ids in owners for customer_id in ids)
                left = [pair for pair in owned if [*place, *pair] > done]
                stages.append((place, self._k20_speaking(company), domain, work, left))
        return stages

    @api.model
    def _k20_speaking(self, company):
        """Return this model in the language of `company`: what the job writes down is read there."""
        return self.with_context(lang=company.partner_id.lang)

    def _k20_work_safely(self, ids, domain, work):
        """Do `work` on those of `ids` that are still in `domain`; where one fails, log it and do the others."""
        try:
            with self.env.cr.savepoint():
                # Judged on the fresh facts: what somebody else is changing right now is left for the next run.
                customers = self.browse(ids).try_lock_for_update()
                getattr(customers.filtered_domain(domain), work)()
        except Exception:  # noqa: BLE001 (whatever is wrong with one customer must not keep the others)
            if len(ids) == 1:
                _logger.exception("Customer %s could not be judged and is left for the next run", ids[0])
                return
            for customer_id in ids:
                self.env['ir.cron']._commit_progress()  # each sees the facts of its own moment
                self._k20_work_safely([customer_id], domain, work)

    def _k20_warn_of_loss(self):
        """Tell the owners of these customers when they are lost, once for each date."""
        customers = self.filtered(lambda customer: customer.k20_loss_warned_for != customer.k20_loss_date)
        customers -= customers._k20_exempt_today()
        common = {
            'activity_type_id': self.env.ref('k20_base.mail_activity_type_loss').id,
            'res_model_id': self.env['ir.model']._get_id(self._name),
            'summary': self.env._("Lost on this day unless something happens"),
            'automated': True,
        }
        # The activity is the warning: no mail for each of them besides, and no more news of them than before.
        self.env['mail.activity'].with_context(mail_activity_quick_update=True, k20_unfollowed=True).create([
            {
                **common,
                'res_id': customer.id,
                'user_id': customer.user_id.id,
                'date_deadline': customer.k20_loss_date,
            }
            for customer in customers
        ])  # fmt: skip
        for day, due in customers.grouped('k20_loss_date').items():
            due.with_context(tracking_disable=True).k20_loss_warned_for = day

    def _k20_take_due(self):
        """Take these customers, due today, from their owners, or open a review where the rule asks for one."""
        due = self - self._k20_open_requests().partner_id
        due -= due._k20_exempt_today()
        review = due.filtered('k20_loss_rule_id.needs_review')
        if review:
            self.env['k20.customer.assignment']._k20_open_reviews(review)
        (due - review)._k20_lose()

    def _k20_unworked_claims(self, company, among=Domain.TRUE):
        """Return the customers claimed longer ago than Settings allow and not followed up since; 0 days is off.

        :param among: domain of the claims to look at
        """
        if not company.k20_claim_followup_days:
            return self.browse()
        last_day = max(shift(company._k20_today(), -company.k20_claim_followup_days), EPOCH)
        domain = [
            ('kind', '=', 'claim'),
            ('company_id', '=', company.id),
            ('date_done', '<', company._k20_day_bounds(last_day)[0]),
        ]
        claims = self.env['k20.customer.assignment'].search(Domain(domain) & among)
        return claims.filtered(
            lambda claim: (
                not claim._k20_was_followed_by_a_move()
                and not claim.partner_id._k20_is_locked()
                and (claim.partner_id.k20_last_followup_date or date.min) < company._k20_day_of(claim.date_done)
            )
        ).partner_id

    def _k20_give_back(self):
        """Put these customers, claimed and not worked on, back into the pool; that is no loss."""
        among = Domain('partner_id', 'in', self.ids)
        unworked = self.browse().union(*(self._k20_unworked_claims(company, among) for company in self.company_id))
        customers = (self & unworked) - self._k20_open_requests().partner_id
        owners = {customer: customer.user_id for customer in customers}
        reason = self.env._("Claimed and not followed up in time")
        with moving():
            customers.write({'user_id': False, 'k20_pool_reason': reason})
        self.env['k20.customer.assignment']._k20_record('release', customers, owners, reason)

    def _k20_lose(self):
        """Put these customers into the pool as natural losses, and tell the former owners."""
        if not self:
            return
        owners = {customer: customer.user_id for customer in self}
        rules = {customer: customer.k20_loss_rule_id for customer in self}
        # Its row in the history tells what happened; a second word of it in each customer's log is left out.
        quiet = self.with_context(tracking_disable=True)
        with moving():
            for rule, customers in quiet.grouped(rules.get).items():
                customers.write({'user_id': False, 'k20_pool_reason': rule.name})
        Assignment = self.env['k20.customer.assignment']
        for rule, customers in self.grouped(rules.get).items():
            Assignment._k20_record('loss', customers, owners, rule.name, rule_id=rule.id)
        told = self.env._("These customers went to the pool: %s.")
        self._k20_tell([
            (owner, owner.partner_id, self.env._("Customers lost"), told % ', '.join(customers.mapped('name')))
            for owner, customers in self.grouped(owners.get).items()
        ])  # fmt: skip
