import re
from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools.names import name_key, phone_key, vat_key

# Key field -> the field it is made of, and how.
KEYS = {
    'k20_name_key': ('name', name_key),
    'k20_vat_key': ('vat', vat_key),
    'k20_phone_key': ('phone', phone_key),
}
WATCHED = {'name', 'vat', 'phone', 'k20_kind', 'company_id', 'k20_phone_shared'}
SHOWN = 10  # conflicts told in one message

Holder = namedtuple('Holder', 'owner_id active shared')  # what the check knows of the customer that has a key


def _taken(key_field):
    """Return the message of a unique index, for the later one of two at once."""
    return lambda env, diagnostics: env['res.partner']._k20_index_message(key_field, diagnostics)


class ResPartner(models.Model):
    """No customer twice: name, tax number and phone belong to one customer of a company. (R074, R162)

    The unique indexes are the truth, archived customers included; the check before them says who to ask, and nothing
    else of the other customer. What counts as the same, tools/names.py says. Of several numbers in the phone field the
    first one counts. Contacts and partners that are no customers have no keys: their phones and names stop nobody.
    """

    _inherit = 'res.partner'

    k20_name_key = fields.Char(
        "Name Key", compute='_compute_k20_keys', store=True, precompute=True, copy=False, index='trigram'
    )
    k20_vat_key = fields.Char("Tax Number Key", compute='_compute_k20_keys', store=True, precompute=True, copy=False)
    k20_phone_key = fields.Char("Phone Key", compute='_compute_k20_keys', store=True, precompute=True, copy=False)
    k20_phone_shared = fields.Boolean(
        "Shared Phone",
        copy=False,
        help="Other customers may have the same number: a switchboard, an agent. Marked by the administrator.",
    )

    _k20_name_key_uniq = models.UniqueIndex(
        '(COALESCE(company_id, 0), k20_name_key) WHERE k20_name_key IS NOT NULL', _taken('k20_name_key')
    )
    _k20_vat_key_uniq = models.UniqueIndex(
        '(COALESCE(company_id, 0), k20_vat_key) WHERE k20_vat_key IS NOT NULL', _taken('k20_vat_key')
    )
    _k20_phone_key_uniq = models.UniqueIndex(
        '(COALESCE(company_id, 0), k20_phone_key) WHERE k20_phone_key IS NOT NULL AND k20_phone_shared IS NOT TRUE',
        _taken('k20_phone_key'),
    )
    # Finds the shared ones, too, which the unique index leaves out.
    _k20_phone_key_idx = models.Index('(COALESCE(company_id, 0), k20_phone_key) WHERE k20_phone_key IS NOT NULL')

    @api.depends('k20_kind', 'name', 'vat', 'phone')
    def _compute_k20_keys(self):
        for partner in self:
            partner.update(self._k20_keys({name: partner[name] for name in ('k20_kind', 'name', 'vat', 'phone')}))

    @api.model
    def _k20_keys(self, vals):
        """Return {key field: key or None} for the values of a partner; a partner without a kind has no keys."""
        return {key: make(vals.get(name)) if vals.get('k20_kind') else None for key, (name, make) in KEYS.items()}

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered('k20_phone_shared')._k20_share_phone()
        return partners

    @api.model
    def _k20_prepare_customers(self, vals_list):
        for vals in vals_list:
            vals.update(self._k20_keys(vals))
            if vals.setdefault('k20_phone_shared', False):
                self._k20_check_may_share()
        self._k20_check_duplicates(vals_list)
        return super()._k20_prepare_customers(vals_list)

    def write(self, vals):
        if not (WATCHED & vals.keys()):
            return super().write(vals)
        self.check_access('write')
        vals = dict(vals)
        if vals.get('k20_kind') and not any(partner.k20_kind or partner.company_id for partner in self):
            vals.setdefault('company_id', self.env.company.id)  # as a new customer has it; keys count within a company
        if 'k20_phone_shared' in vals:
            self._k20_check_sharing(bool(vals['k20_phone_shared']))
        vals.update(self._k20_check_changes(vals))
        result = super().write(vals)
        self.filtered('k20_phone_shared')._k20_share_phone()
        return result

    def copy_data(self, default=None):
        """Leave out of the copy of a customer what belongs to one customer: tax number and phone."""
        vals_list = super().copy_data(default)
        for partner, vals in zip(self, vals_list, strict=True):
            if partner.k20_kind:
                for name in {'vat', 'phone'} - (default or {}).keys():
                    vals.pop(name, None)
        return vals_list

    def _k20_give_up_keys(self):
        """Let others have name, tax number and phone of customers that are about to be deleted."""
        for name in KEYS:  # past write(), which takes no keys
            self._fields[name].write(self, False)

    # The check

    def _k20_check_changes(self, vals):
        """Refuse `vals` where they give these customers what others have.

        :return: what else to write: whether the new number is a shared one
        """
        changed = []
        for partner in self.sudo():
            after = {name: vals[name] if name in vals else partner[name] for name in WATCHED - {'company_id'}}
            after['company_id'] = vals.get('company_id', partner.company_id.id)
            keys = self._k20_keys(after)
            if after['company_id'] == partner.company_id.id:
                keys = {name: key for name, key in keys.items() if key != (partner[name] or None)}
            if 'k20_phone_shared' not in vals and 'k20_phone_key' in keys:
                after['k20_phone_shared'] = False
            changed.append(dict(after, **keys))
        self._k20_check_duplicates(changed)
        if 'phone' in vals and any('k20_phone_key' in customer for customer in changed):
            return {'k20_phone_shared': any(customer['k20_phone_shared'] for customer in changed)}
        return {}

    @api.model
    def _k20_check_duplicates(self, customers):
        """ValidationError where a name, tax number or phone belongs to a customer, or to two of `customers`.

        :param customers: dicts of values with company_id, keys and k20_phone_shared, which is set for a shared number
        """
        conflicts = [message for messages in self._k20_find_duplicates(customers) for message in messages]
        if conflicts:
            raise ValidationError('\n'.join(conflicts[:SHOWN]))

    @api.model
    def _k20_find_duplicates(self, customers):
        """Return, for each of `customers`, the list of sentences that say what is taken and who to ask.

        One query, however many customers. Arguments as for `_k20_check_duplicates`.
        """
        holders = self._k20_holders(customers)
        seen = set()
        return [self._k20_conflicts(customer, holders, seen) for customer in customers]

    @api.model
    def _k20_conflicts(self, customer, holders, seen):
        """Return the sentences for one customer.

        :param holders: who has which key, see `_k20_holders`
        :param seen: the keys of the customers before this one; those of this one are added if nothing of it is taken
        """
        messages, keys = [], set()
        for key_field, (name, _make) in KEYS.items():
            at = (key_field, customer['company_id'] or 0, customer.get(key_field))
            holder = holders.get(at)
            if key_field == 'k20_phone_key' and (customer.get('k20_phone_shared') or (holder and holder.shared)):
                customer['k20_phone_shared'] = True
            elif holder:
                messages.append(self._k20_taken_message(key_field, customer[name], holder))
            elif at in seen:
                messages.append(self._k20_twice_message(key_field, customer[name]))
            elif at[-1]:
                keys.add(at)
        if not messages:
            seen |= keys
        return messages

    @api.model
    def _k20_holders(self, customers):
        """Return {(key field, company id or 0, key): Holder} of the keys of `customers` that are taken."""
        companies = list({customer['company_id'] or 0 for customer in customers})
        queries = []
        for key_field in KEYS:
            keys = list({customer[key_field] for customer in customers if customer.get(key_field)})
            if keys:
                queries.append(self._query_holders(key_field, companies, keys))
        if not queries:
            return {}
        self.flush_model([*KEYS, 'company_id', 'user_id', 'active', 'k20_phone_shared'])
        rows = self.env.execute_query(SQL(' UNION ALL ').join(queries))
        return {(key_field, company_id, key): Holder(*holder) for key_field, company_id, key, *holder in rows}

    @api.model
    def _query_holders(self, key_field, companies, keys):
        """One row per customer of `companies` that has one of `keys`; archived ones, and hidden ones, too."""
        return SQL(
            """
            SELECT %(name)s, COALESCE(company_id, 0), %(key)s, user_id, active, k20_phone_shared
              FROM res_partner
             WHERE COALESCE(company_id, 0) = ANY(%(companies)s) AND %(key)s = ANY(%(keys)s)
            """,
            name=key_field,
            key=SQL.identifier(key_field),
            companies=companies,
            keys=keys,
        )

    # What is said

    @api.model
    def _k20_taken_message(self, key_field, value, holder):
        what = {'what': self._k20_key_label(key_field), 'value': value}
        if holder.active and holder.owner_id == self.env.uid:
            return self.env._("%(what)s %(value)s belongs to a customer of yours: open that one instead.", **what)
        return self.env._(
            "%(what)s %(value)s belongs to a customer that exists already: ask %(who)s.",
            who=self._k20_who_to_ask(holder),
            **what,
        )

    @api.model
    def _k20_twice_message(self, key_field, value):
        return self.env._(
            "%(what)s %(value)s is given to two customers: keep one of them.",
            what=self._k20_key_label(key_field),
            value=value,
        )

    @api.model
    def _k20_key_label(self, key_field):
        return {
            'k20_name_key': self.env._("The name"),
            'k20_vat_key': self.env._("The tax number"),
            'k20_phone_key': self.env._("The phone number"),
        }[key_field]

    @api.model
    def _k20_who_to_ask(self, holder):
        """Return the owner's name; for customers in the pool, archived ones and those of a leaver the administrator."""
        owner = self.env['res.users'].sudo().browse(holder.owner_id or [])
        return owner.name if holder.active and owner.active else self.env._("the administrator")

    @api.model
    def _k20_index_message(self, key_field, diagnostics):
        """Return what the check would have said, had the other customer been there a moment earlier."""
        detail = re.search(r'=\((\d+), (.*)\)', (diagnostics and diagnostics.message_detail) or '')
        if detail:
            company_id, key = int(detail[1]), detail[2]
            holders = self.sudo()._k20_holders([{'company_id': company_id, key_field: key}])
            for holder in holders.values():
                return self._k20_taken_message(key_field, key, holder)
        return self._k20_twice_message(key_field, detail[2] if detail else '')

    # Shared numbers

    @api.model
    def _k20_check_may_share(self):
        if not self._k20_moves_freely():
            raise UserError(self.env._("Phone numbers are marked as shared by the administrator: ask there."))

    def _k20_check_sharing(self, shared):
        """Refuse the mark to anybody but the administrator, and its removal while others have the number."""
        changed = self.filtered(lambda partner: partner.k20_phone_shared != shared)
        if changed:
            self._k20_check_may_share()
        if not shared and changed._k20_same_phone():
            raise UserError(
                self.env._(
                    "Other customers have the number %s, too: change theirs first.", ', '.join(changed.mapped('phone'))
                )
            )

    def _k20_share_phone(self):
        # The mark belongs to the number: whoever has it carries the mark, and the next customer gets it by itself.
        others = self._k20_same_phone().filtered(lambda partner: not partner.k20_phone_shared)
        if others:  # past write(), which lets the administrator alone set the mark
            self._fields['k20_phone_shared'].write(others, True)

    def _k20_same_phone(self):
        """Return the other customers, hidden and archived ones too, that have the number of one of these."""
        # sudo: a number is shared whoever looks after its customers; nothing of them is given back to the caller.
        Partner = self.sudo().with_context(active_test=False)
        found = Partner.browse()
        for company, partners in self.sudo().grouped('company_id').items():
            keys = partners.filtered('k20_phone_key').mapped('k20_phone_key')
            if keys:
                found |= Partner.search([('company_id', '=', company.id), ('k20_phone_key', 'in', keys)])
        return found - self
