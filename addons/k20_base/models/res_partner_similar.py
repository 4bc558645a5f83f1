from odoo import api, fields, models
from odoo.tools import SQL, escape_psql

from ..tools.names import name_key, phone_keys

SIMILAR = 0.4  # of the trigrams of two name keys: one word of four changed
SHORTEST = 4  # signs that a name key must have to count where it is part of another
LONGEST = 40  # signs of a typed name whose parts are looked up
MOST = 20  # looked for of each sort
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

        Each sort of likeness is asked apart, so that each walks the index that suits it: whole names the unique one,
        the others trigrams. For these the company is not written as the unique index has it, or PostgreSQL takes that
        index, and the company for a small one, and compares all its names.
        """
        near = [SQL('COALESCE(company_id, 0) = %s AND k20_name_key = ANY(%s)', company.id, _parts(key[:LONGEST]))]
        if len(key) >= SHORTEST:
            near.append(SQL('company_id = %s AND k20_name_key LIKE %s', company.id, f'%{escape_psql(key)}%'))
        if self.pool.has_trigram:  # without the extension, parts must do
            near.append(SQL('company_id = %s AND k20_name_key %% %s', company.id, key))
        return SQL(' UNION ').join(
            SQL('(SELECT id FROM res_partner WHERE %s AND k20_name_key <> %s LIMIT %s)', condition, key, MOST)
            for condition in near
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
             LIMIT %(most)s
            )""",
            company=company.id,
            most=MOST,
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
