from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .k20_order_movement import K20OrderMovement

# Days overdue of each bucket of the ageing, from and to; None for no end.
BUCKETS = {
    'age_none': (None, -1),
    'age_30': (0, 30),
    'age_60': (31, 60),
    'age_90': (61, 90),
    'age_more': (91, None),
}
DAY = 'k20_receivable_day'  # key of the context: the day asked for, as text


class K20Receivable(models.Model):
    """Receivables and received (应收目录, 已收目录): what each order claims and has received. (R091, R094; DESIGN §6)

    One row per order, seen with its customer. As of today the order's own figures; as of another day what its
    movements say (k20.order.movement), of the orders that were claimed on that day. Amounts are in company currency
    at the rate of the order's date. The ageing goes by days overdue of the instalments, the oldest filled first, and
    by the order's due date for what no instalment plans; its columns add up to what is open.
    """

    _name = 'k20.receivable'
    _description = "Receivable"
    _auto = False
    _rec_name = 'name'
    _order = 'date desc, id desc'
    _depends = {
        **K20OrderMovement._depends,  # as of a day
        'sale.order': [
            'amount_total', 'company_id', 'currency_id', 'currency_rate', 'date_order', 'k20_amount_collected',
            'k20_amount_contract', 'k20_amount_credited', 'k20_amount_open', 'k20_amount_refunded',
            'k20_amount_written_off', 'k20_cancelled_on', 'k20_channel_id', 'k20_claimed_on', 'k20_customer_id',
            'k20_due_date', 'k20_order_type_id', 'name', 'opportunity_id', 'partner_id', 'state', 'team_id', 'user_id',
        ],
        'k20.order.instalment': ['amount', 'due_date', 'order_id', 'sequence'],
        'res.company': ['currency_id'],
        'res.currency': ['rounding'],
    }  # fmt: skip

    order_id = fields.Many2one('sale.order', readonly=True)
    name = fields.Char("Number", readonly=True)
    opportunity_id = fields.Many2one('crm.lead', "Project", readonly=True)
    partner_id = fields.Many2one('res.partner', "Customer", readonly=True)
    k20_customer_id = fields.Many2one('res.partner', "Customer (Company)", readonly=True)
    k20_channel_id = fields.Many2one('res.partner', "Channel", readonly=True)
    k20_order_type_id = fields.Many2one('k20.order.type', "Order Type", readonly=True)
    date = fields.Date(readonly=True, help="The day of the deal, of the quotation where there is none.")
    user_id = fields.Many2one('res.users', "Salesperson", readonly=True)
    team_id = fields.Many2one('crm.team', "Sales Team", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    company_currency_id = fields.Many2one('res.currency', readonly=True)
    currency_id = fields.Many2one('res.currency', "Order Currency", readonly=True)
    approval = fields.Selection(
        [('approved', "Approved"), ('unapproved', "Not Approved"), ('cancelled', "Cancelled")],
        "Order State",
        readonly=True,
    )
    contract = fields.Monetary("Contract Amount", currency_field='company_currency_id', readonly=True)
    collected = fields.Monetary(currency_field='company_currency_id', readonly=True)
    refunded = fields.Monetary(currency_field='company_currency_id', readonly=True)
    credited = fields.Monetary("Credited or Written off", currency_field='company_currency_id', readonly=True)
    open = fields.Monetary("Still Open", currency_field='company_currency_id', readonly=True)
    order_open = fields.Monetary("Open in Order Currency", readonly=True, aggregator=None)
    due_date = fields.Date("Oldest Due Date", readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator='max')
    age_none = fields.Monetary("Not Due", currency_field='company_currency_id', readonly=True)
    age_30 = fields.Monetary("0-30 Days", currency_field='company_currency_id', readonly=True)
    age_60 = fields.Monetary("31-60 Days", currency_field='company_currency_id', readonly=True)
    age_90 = fields.Monetary("61-90 Days", currency_field='company_currency_id', readonly=True)
    age_more = fields.Monetary("Over 90 Days", currency_field='company_currency_id', readonly=True)

    # -- the day -----------------------------------------------------------------------------------------------------

    def _k20_past_day(self):
        """Return the day that the list is asked for, None for now. It only chooses rows and sums: rules hold anyway."""
        day = self.env.context.get(DAY)
        if not day:
            return None
        try:
            return fields.Date.to_date(day)
        except (TypeError, ValueError, AttributeError) as error:
            raise UserError(self.env._("This is no date: choose the day of the list again.")) from error

    # -- the query ---------------------------------------------------------------------------------------------------

    @property
    def _table_query(self):
        day = self._k20_past_day()
        return SQL(
            """
            SELECT %(columns)s
              FROM (%(level)s) l
              JOIN sale_order o ON o.id = l.order_id
              JOIN res_company company ON company.id = o.company_id
              JOIN res_currency cc ON cc.id = company.currency_id
              LEFT JOIN LATERAL (%(planned)s) i ON TRUE
            """,
            columns=SQL(", ").join(
                SQL("%s AS %s", expression, SQL.identifier(name))
                for name, expression in self._query_columns(day or self.env.company._k20_today()).items()
            ),
            level=self._query_level(day),
            planned=self._query_planned(day or self.env.company._k20_today()),
        )

    def _query_columns(self, day):
        """Hook: return {field: SQL expression}; `o` is the order, `l` its figures, `i` what its instalments claim."""
        orders = (
            'name', 'opportunity_id', 'partner_id', 'k20_customer_id', 'k20_channel_id', 'k20_order_type_id',
            'user_id', 'team_id', 'company_id', 'currency_id',
        )  # fmt: skip
        due = "LEAST(i.due_date, CASE WHEN l.open > COALESCE(i.planned, 0) THEN o.k20_due_date END)"
        return {
            'id': SQL("l.order_id"),
            'order_id': SQL("l.order_id"),
            **{name: SQL("o.%s", SQL.identifier(name)) for name in orders},
            'date': SQL("COALESCE(o.k20_claimed_on, o.date_order::date)"),
            'company_currency_id': SQL("company.currency_id"),
            'approval': SQL("l.approval"),
            **{name: self._in_company_currency(f'l.{name}') for name in ('contract', 'collected', 'refunded')},
            'credited': self._in_company_currency('l.credited'),
            'open': self._in_company_currency('l.open'),
            'order_open': SQL("l.open"),
            'due_date': SQL(due),
            'days_overdue': SQL("GREATEST(%s::date - %s, 0)", day, SQL(due)),
            **self._query_ageing(day),
        }

    def _in_company_currency(self, amount):
        """As `sale.order._k20_in_company_currency`: at the rate of the order's date."""
        return SQL("ROUND((%s) / COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric, cc.decimal_places)", SQL(amount))

    def _query_ageing(self, day):
        """Return {bucket: SQL}: each the difference of two rounded sums, so that they add up to what is open."""
        columns, before, parts = {}, None, []
        for bucket, (first, last) in BUCKETS.items():
            rest = self._query_in_bucket(SQL("COALESCE(%s::date - o.k20_due_date, -1)", day), first, last)
            parts.append(
                SQL(
                    "COALESCE(i.%s, 0) + CASE WHEN %s THEN GREATEST(l.open, 0) - COALESCE(i.planned, 0) ELSE 0 END",
                    SQL.identifier(bucket),
                    rest,
                )
            )
            upto = SQL(
                "ROUND((%s) / COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric, cc.decimal_places)",
                SQL(" + ").join(parts),
            )
            columns[bucket] = SQL("%s - %s", upto, before) if before else upto
            before = upto
        return columns

    def _query_in_bucket(self, age, first, last):
        return SQL(" AND ").join(
            [SQL("TRUE")]
            + ([SQL("%s >= %s", age, first)] if first is not None else [])
            + ([SQL("%s <= %s", age, last)] if last is not None else [])
        )

    def _query_level(self, day):
        """One row per order with its figures in its own currency, now or as they stood at the end of `day`."""
        if day is None:
            return SQL(
                """
                SELECT id AS order_id, k20_amount_contract AS contract, k20_amount_collected AS collected,
                       k20_amount_refunded AS refunded, k20_amount_credited + k20_amount_written_off AS credited,
                       k20_amount_open AS open,
                       CASE state WHEN 'sale' THEN 'approved' WHEN 'cancel' THEN 'cancelled' ELSE 'unapproved' END
                           AS approval
                  FROM sale_order
                """
            )
        return SQL(
            """
            SELECT s.id AS order_id, s.amount_total AS contract, COALESCE(m.collected, 0) AS collected,
                   COALESCE(m.refunded, 0) AS refunded, COALESCE(m.credited, 0) AS credited,
                   s.amount_total - COALESCE(m.credited, 0) - COALESCE(m.collected, 0) + COALESCE(m.refunded, 0)
                       AS open,
                   'approved' AS approval
              FROM sale_order s
              LEFT JOIN (
                   SELECT order_id,
                          -SUM(amount) FILTER (WHERE kind = 'collection') AS collected,
                          SUM(amount) FILTER (WHERE kind = 'refund') AS refunded,
                          -SUM(amount) FILTER (WHERE kind IN ('credit', 'credit_note', 'write_off')) AS credited
                     FROM (%(movements)s) all_movements
                    WHERE date <= %(day)s
                    GROUP BY order_id
                   ) m ON m.order_id = s.id
             WHERE s.k20_claimed_on <= %(day)s
               AND (s.k20_cancelled_on IS NULL OR s.k20_cancelled_on > %(day)s)
            """,
            movements=self.env['k20.order.movement']._table_query,
            day=day,
        )

    def _query_planned(self, today):
        """One row for the order `l`: what its instalments still claim, by bucket; nothing where it has none.

        An instalment lies between two sums of the plan; it claims what of that lies between covered and contract.
        """
        buckets = SQL(", ").join(
            SQL(
                "SUM(claim) FILTER (WHERE %s) AS %s",
                self._query_in_bucket(SQL("COALESCE(%s::date - due_date, -1)", today), first, last),
                SQL.identifier(bucket),
            )
            for bucket, (first, last) in BUCKETS.items()
        )
        return SQL(
            """
            SELECT SUM(claim) AS planned, MIN(due_date) FILTER (WHERE claim > 0) AS due_date, %(buckets)s
              FROM (
                   SELECT due_date,
                          GREATEST(LEAST(upto, l.contract) - GREATEST(upto - amount, l.contract - l.open), 0) AS claim
                     FROM (
                          SELECT due_date, amount, SUM(amount) OVER (ORDER BY due_date NULLS LAST, sequence, id) AS upto
                            FROM k20_order_instalment
                           WHERE order_id = l.order_id
                          ) plan
                   ) claims
            """,
            buckets=buckets,
        )

    # -- buttons -----------------------------------------------------------------------------------------------------

    def action_k20_open(self):
        """Open these orders.

        :return: an action
        """
        self.check_access('read')
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.sale_order_action_order')
        if len(self) == 1:
            form = [(self.env.ref('sale.view_order_form').id, 'form')]
            return {**action, 'views': form, 'view_mode': 'form', 'res_id': self.order_id.id}
        return {**action, 'domain': [('id', 'in', self.order_id.ids)]}

    def action_k20_register(self):
        """Open the dialog that registers one transfer for these orders. (R092)

        :return: an action
        """
        return self.order_id.action_k20_open_register()

    def action_k20_collections(self):
        """Open the payments of these orders. (R093)

        :return: an action
        """
        return self.order_id.action_k20_open_collections()
