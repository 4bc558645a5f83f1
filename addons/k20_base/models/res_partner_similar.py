from odoo import api, fields, models
from odoo.tools import SQL, escape_psql

from ..tools.names import name_key, phone_keys

SIMILAR = 0.4  # of the trigrams of two name keys: one word of four changed
SHORTEST = 4  # signs that a name key must have to count where it is part of another
LONGEST = 40  # signs of a typed name whose parts are looked up
SHOWN = 5


class ResPartner(models.Model):
    """Near matches warn while a customer is typed; they stop nobody and name nobody hidden. (R074)

    Near are names that resemble each other or of which one holds the other (a city in front, another ending), and
    phone numbers that another customer's contact has, or that are not the first in the phone field.
    """

    _inherit = 'res.partner'

    phone_sanitized = fields.Char(index='btree_not_null')
    k20_similar = fields.Char("Similar Customers", compute='_compute_k20_similar')

    @api.depends_context('uid', 'lang')
    @api.depends('k20_kind', 'name', 'phone')
    def _compute_k20_similar(self):
        for partner in self:
            saved = partner._origin
            typed = partner.name != saved.name or partner.phone != saved.phone  # what is saved was warned of
            partner.k20_similar = (
                partner.k20_kind
                and typed
                and self._k20_similar_message(
                    partner.name, partner.phone, partner.company_id or self.env.company, but=saved
                )
            )

    @api.model
    def _k20_similar_message(self, name, phone, company, but=None):
        """Return the sentence that names similar customers the reader may see and counts the others, or False.

        :param but: the customer itself, where it is there already
        """
        similar = self._k20_find_similar(name, phone, company)
        similar -= but or self.browse()
        if not similar:
            return False
        visible = similar._filtered_access('read')
        hidden = len(similar) - len(visible)
        names = ', '.join(visible[:SHOWN].mapped('name'))
        if not hidden:
            return self.env._("Similar customers: %(names)s.", names=names)
        if not visible:
            return self.env._("Similar customers that you do not look after: %(count)s.", count=hidden)
        return self.env._(
            "Similar customers: %(names)s, and %(count)s that you do not look after.", names=names, count=hidden
        )

    @api.model
    def _k20_find_similar(self, name, phone, company):
        """Return the customers of `company`, hidden and archived ones too, that resemble; equal ones are duplicates."""
        queries = []
        key = name_key(name)
        if key:
            queries.append(self._query_similar_names(key, company))
        numbers = phone_keys(phone)
        if numbers:
            queries.append(self._query_similar_phones(numbers, company))
        if not queries:
            return self.browse()
        self.flush_model(['k20_name_key', 'k20_phone_key', 'phone_sanitized', 'commercial_partner_id', 'company_id'])
        # How near is near enough for the operator %; the higher, the fewer rows it lets through from the index.
        self.env.execute_query(SQL("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", str(SIMILAR)))
        rows = self.env.execute_query(SQL(' UNION ').join(queries))
        return self.browse(partner_id for (partner_id,) in rows)

    @api.model
    def _query_similar_names(self, key, company):
        """One row per customer whose name resembles, holds, or is held by the one with `key`.

        Near names are found apart: beside the company, PostgreSQL takes it for a small one and compares all its names.
        """
        long_enough = len(key) >= SHORTEST
        return SQL(
            """(
              WITH near AS MATERIALIZED (
                   SELECT id, company_id, k20_name_key
                     FROM res_partner
                    WHERE %(resembles)s OR k20_name_key LIKE %(holding)s OR k20_name_key = ANY(%(parts)s)
                   )
            SELECT id
              FROM near
             WHERE COALESCE(company_id, 0) = %(company)s AND k20_name_key <> %(key)s
             ORDER BY k20_name_key
             LIMIT 20
            )""",
            company=company.id,
            key=key,
            # Without the extension, parts must do.
            resembles=SQL('k20_name_key %% %(key)s', key=key) if self.pool.has_trigram else SQL('FALSE'),
            holding=f'%{escape_psql(key)}%' if long_enough else key,
            parts=_parts(key[:LONGEST]),
        )

    @api.model
    def _query_similar_phones(self, numbers, company):
        """One row per customer that has one of `numbers` beside the first, or whose contact has one."""
        return SQL(
            """(
            SELECT id
              FROM res_partner
             WHERE COALESCE(company_id, 0) = %(company)s AND k20_phone_key = ANY(%(others)s)
             UNION
            SELECT customer.id
              FROM res_partner contact
              JOIN res_partner customer ON customer.id = contact.commercial_partner_id
             WHERE contact.phone_sanitized = ANY(%(numbers)s)
               AND contact.k20_kind IS NULL
               AND customer.k20_kind IS NOT NULL
               AND COALESCE(customer.company_id, 0) = %(company)s
             LIMIT 20
            )""",
            company=company.id,
            others=numbers[1:],
            numbers=numbers,
        )


def _parts(key):
    """Return every part of `key` that is long enough to count, but not the whole.

    >>> _parts('abcde')
    ['abcd', 'bcde']
    """
    sizes = range(SHORTEST, len(key))
    return [key[start : start + size] for size in sizes for start in range(len(key) - size + 1)]
