from odoo import api, models
from odoo.tools import SQL

LOSS_FIELDS = ['k20_loss_date', 'k20_loss_rule_id', 'k20_loss_warn_date']


class ResPartner(models.Model):
    """The loss dates of all customers in one statement, as a changed rule needs them. (R072)

    The same as `_compute_k20_loss` works out for the few customers at hand; a test holds them equal.
    """

    _inherit = 'res.partner'

    @api.model
    def _k20_judge_all(self, kinds):
        """Work out the loss dates of all customers of `kinds` anew."""
        self.env.flush_all()
        rules = self.env['k20.loss.rule'].sudo().search([('k20_kind', 'in', list(kinds))])
        rows = self.env.execute_query(
            SQL(
                """
                WITH due (id, day, sequence, rule_id, warn_days) AS (%(due)s),
                     first AS (SELECT DISTINCT ON (id) * FROM due ORDER BY id, day, sequence, rule_id)
              UPDATE res_partner AS partner
                 SET k20_loss_date = first.day,
                     k20_loss_rule_id = first.rule_id,
                     k20_loss_warn_date = first.day - first.warn_days
                FROM res_partner AS customer LEFT JOIN first ON first.id = customer.id
               WHERE partner.id = customer.id AND customer.k20_kind = ANY(%(kinds)s)
                 AND (partner.k20_loss_date, partner.k20_loss_rule_id, partner.k20_loss_warn_date)
                     IS DISTINCT FROM (first.day, first.rule_id, first.day - first.warn_days)
           RETURNING partner.id
                """,
                due=SQL(" UNION ALL ").join(map(self._query_due, rules)) if rules else self._query_nobody(),
                kinds=list(kinds),
            )
        )
        self.invalidate_model(LOSS_FIELDS, flush=False)
        self.browse(customer_id for (customer_id,) in rows).modified(LOSS_FIELDS)

    @api.model
    def _query_nobody(self):
        """No row, in the columns of `_query_due`."""
        return SQL("SELECT NULL::int, NULL::date, NULL::int, NULL::int, NULL::int WHERE FALSE")

    @api.model
    def _query_due(self, rule):
        """One row per customer that `rule` covers and whose clock runs: the day on which the rule takes it."""
        day = SQL("clock.start + %s, customer.k20_protected_until", rule.days)
        if rule.exempt_locked:
            day = SQL("%s, customer.k20_locked_until + 1", day)
        return SQL(
            """
            SELECT customer.id, GREATEST(%(day)s), %(sequence)s, %(rule_id)s, %(warn_days)s
              FROM res_partner AS customer
              JOIN (VALUES %(zones)s) AS zone (company_id, name)
                   ON zone.company_id = COALESCE(customer.company_id, %(company_id)s)
                   , LATERAL (SELECT GREATEST(%(starts)s)) AS clock (start)
             WHERE customer.id IN %(covered)s AND clock.start IS NOT NULL AND %(runs)s
            """,
            day=day,
            sequence=rule.sequence,
            rule_id=rule.id,
            warn_days=rule.warn_days,
            zones=SQL(", ").join(
                SQL("(%s, %s)", company.id, company._k20_tz())
                for company in self.env['res.company'].sudo().with_context(active_test=False).search([])
            ),
            company_id=self.env.company.id,
            starts=self._query_clock_starts(rule.condition),
            covered=self.sudo()._search(rule._k20_covers_domain()).subselect(),
            runs=SQL("customer.k20_first_deal_date IS NULL" if rule.condition == 'no_conversion' else "TRUE"),
        )

    @api.model
    def _query_clock_starts(self, condition):
        """The days of which the latest starts the clock of `condition`, as `_k20_loss_clock` has them."""
        starts = [
            SQL("(customer.k20_owned_since AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date"),
            SQL("customer.k20_loss_refused_on"),
        ]
        if condition != 'no_conversion':
            starts.append(SQL("customer.k20_last_deal_date"))
        if condition == 'no_followup':
            starts.append(SQL("customer.k20_clock_followup_date"))
        return SQL(", ").join(starts)
