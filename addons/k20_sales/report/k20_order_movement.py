from odoo import fields, models
from odoo.tools import SQL

from ..models.account_payment import CONFIRMED

KINDS = [
    ('order', "Order"),
    ('cancel', "Order Cancelled"),
    ('collection', "Collection"),
    ('refund', "Refund"),
    ('write_off', "Written off"),
    ('credit', "Credit"),
    ('credit_note', "Credit Note"),
    ('advance', "Advance"),
]
PLACE = {kind: place for place, (kind, _label) in enumerate(KINDS)}


class K20OrderMovement(models.Model):
    """What changed the balance of a customer, document by document, on its own day. Read only.

    `amount` is in `currency_id`: above zero, the customer owes more. The amounts of an approved or cancelled order add
    up to what is open of it; an order counts with the contract amount it has today. Advances have no order.
    """

    _name = 'k20.order.movement'
    _description = "Movement of Receivables"
    _auto = False
    _order = 'date, id'
    _depends = {
        'sale.order': [
            'amount_total', 'company_id', 'currency_id', 'currency_rate', 'k20_cancelled_on', 'k20_claimed_on', 'name',
            'partner_id', 'state', 'user_id',
        ],
        'sale.order.line': ['order_id', 'invoice_lines'],
        'account.payment': [
            'amount', 'company_id', 'currency_id', 'date', 'k20_collection_id', 'k20_counted', 'k20_sale_order_id',
            'k20_written_off', 'partner_id', 'payment_type', 'state',
        ],
        'k20.collection': ['reference'],
        'k20.order.refund': [
            'amount', 'cancelled', 'granted_on', 'k20_approval_state', 'kind', 'order_id', 'reason',
        ],
        'account.move': [
            'amount_total', 'amount_total_signed', 'currency_id', 'date', 'invoice_date', 'k20_claim_stays',
            'move_type', 'name', 'state',
        ],
        'account.move.line': ['move_id', 'price_total'],
    }  # fmt: skip

    date = fields.Date(readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    reference = fields.Char(readonly=True)
    amount = fields.Monetary(readonly=True)
    order_id = fields.Many2one('sale.order', readonly=True)
    partner_id = fields.Many2one('res.partner', "Customer", readonly=True)
    user_id = fields.Many2one('res.users', "Salesperson", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT m.id, m.date, m.kind, m.reference, m.amount, o.id AS order_id, o.partner_id, o.user_id,
                   o.company_id, o.currency_id
              FROM (%s) m
              JOIN sale_order o ON o.id = m.order_id
            UNION ALL
            %s
            """,
            SQL(" UNION ALL ").join([
                self._query_orders(),
                self._query_cancelled(),
                self._query_payments(),
                self._query_written_off(),
                self._query_credits(),
            ]),
            self._query_advances(),
        )  # fmt: skip

    def _query_row(self, kind, source, order, day, reference, amount):
        """Return the columns of one kind of movement; the id is the document's, told apart by the kind."""
        return SQL(
            "SELECT %(source)s::bigint * 8 + %(place)s AS id, %(order)s AS order_id, %(day)s::date AS date,"
            " %(kind)s AS kind, %(reference)s::varchar AS reference, %(amount)s::numeric AS amount",
            source=SQL(source),
            place=PLACE[kind],
            order=SQL(order),
            day=SQL(day),
            kind=kind,
            reference=SQL(reference),
            amount=SQL(amount),
        )

    def _query_orders(self):
        """One row per order that was approved, on its deal date."""
        row = self._query_row('order', 's.id', 's.id', 's.k20_claimed_on', 's.name', 's.amount_total')
        return SQL("%s FROM sale_order s WHERE s.k20_claimed_on IS NOT NULL", row)

    def _query_cancelled(self):
        """One row per approved order that was cancelled: what it still claimed is claimed no more."""
        amount = '-(s.amount_total - COALESCE(g.amount, 0))'
        row = self._query_row('cancel', 's.id', 's.id', 's.k20_cancelled_on', 's.name', amount)
        return SQL(
            """
            %s FROM sale_order s
               LEFT JOIN (SELECT order_id, -SUM(amount) AS amount FROM (%s UNION ALL %s) given GROUP BY order_id) g
                 ON g.order_id = s.id
              WHERE s.state = 'cancel' AND s.k20_claimed_on IS NOT NULL
            """,
            row,
            self._query_credits(),
            self._query_written_off(),
        )

    def _query_payments(self):
        """One row per confirmed payment of an order."""
        columns = ('p.id', 'p.k20_sale_order_id', 'p.date', 'COALESCE(c.reference, p.name)', '-p.k20_counted')
        return SQL(" UNION ALL ").join(
            SQL(
                """
                %s FROM account_payment p LEFT JOIN k20_collection c ON c.id = p.k20_collection_id
                  WHERE p.k20_sale_order_id IS NOT NULL AND p.state IN %s AND p.payment_type = %s
                """,
                self._query_row(kind, *columns),
                CONFIRMED,
                direction,
            )
            for kind, direction in (('collection', 'inbound'), ('refund', 'outbound'))
        )

    def _query_written_off(self):
        """One row per confirmed payment that forgives a part of its order's claim."""
        row = self._query_row('write_off', 'p.id', 'p.k20_sale_order_id', 'p.date', 'p.name', '-p.k20_written_off')
        return SQL(
            """
            %s FROM account_payment p
              WHERE p.k20_sale_order_id IS NOT NULL AND p.state IN %s AND p.k20_written_off <> 0
            """,
            row,
            CONFIRMED,
        )

    def _query_credits(self):
        """One row per approved refund that ends a claim, and per order and credit note of somebody else's making."""
        return SQL("%s UNION ALL %s", self._query_refund_credits(), self._query_credit_notes())

    def _query_refund_credits(self):
        row = self._query_row('credit', 'r.id', 'r.order_id', 'r.granted_on', 'r.reason', '-r.amount')
        return SQL(
            """
            %s FROM k20_order_refund r
              WHERE r.kind = 'credit' AND r.k20_approval_state = 'approved' AND r.cancelled IS NOT TRUE
            """,
            row,
        )

    def _query_credit_notes(self):
        """A note over several orders counts for each by its lines, as in `sale.order._k20_credit_note_sums`."""
        share = 'ROUND(SUM(l.price_total) * n.amount_total / t.total, c.decimal_places)'
        foreign = 'ABS(n.amount_total_signed) / n.amount_total * s.currency_rate'
        amount = f'-{share} * (CASE WHEN n.currency_id = s.currency_id THEN 1 ELSE {foreign} END)'
        row = self._query_row('credit_note', 'MIN(l.id)', 's.id', 'COALESCE(n.invoice_date, n.date)', 'n.name', amount)
        return SQL(
            """
            %s FROM account_move n
               JOIN account_move_line l ON l.move_id = n.id
               JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = l.id
               JOIN sale_order_line sl ON sl.id = rel.order_line_id
               JOIN sale_order s ON s.id = sl.order_id
               JOIN res_currency c ON c.id = n.currency_id
               JOIN LATERAL (
                    SELECT SUM(price_total) AS total FROM account_move_line
                     WHERE move_id = n.id AND display_type = 'product'
               ) t ON t.total <> 0
              WHERE n.move_type = 'out_refund' AND n.state = 'posted' AND n.k20_claim_stays IS NOT TRUE
                AND n.amount_total <> 0
              GROUP BY n.id, s.id, c.id, t.total
            """,
            row,
        )

    def _query_advances(self):
        """One row per confirmed collection, or part of one, that no order has."""
        return SQL(
            """
            SELECT p.id::bigint * 8 + %s AS id, p.date, 'advance' AS kind, COALESCE(c.reference, p.name) AS reference,
                   CASE WHEN p.payment_type = 'inbound' THEN -p.amount ELSE p.amount END AS amount,
                   NULL::integer AS order_id, p.partner_id, NULL::integer AS user_id, p.company_id, p.currency_id
              FROM account_payment p
              JOIN k20_collection c ON c.id = p.k20_collection_id
             WHERE p.k20_sale_order_id IS NULL AND p.partner_type = 'customer' AND p.state IN %s
            """,
            PLACE['advance'],
            CONFIRMED,
        )
