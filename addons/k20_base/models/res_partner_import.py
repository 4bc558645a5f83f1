from collections import namedtuple

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.orm.models import fix_import_export_id_paths
from odoo.tools.lru import LRU

from ..tools.opening import importing, is_importing

# number: of the row; values: of the customer; contact: values of its contact; xml_id: external id, as Odoo's files have
ImportRow = namedtuple('ImportRow', 'number values contact xml_id', defaults=(None, None))


class ResPartner(models.Model):
    """Customers are imported by function, through every door; each bad row is named. (R155, R179)

    Doors: `load` over RPC, Odoo's import screen (which calls it), another model's import that makes customers through
    a relation, and K20's own page (wizard/k20_customer_import.py), which calls `_k20_import`.
    """

    _inherit = 'res.partner'

    BATCH = 500  # customers created at once; a batch that fails is halved until its bad rows are found

    @api.model
    def _k20_check_may_import(self):
        """AccessError without the import function. (R155)"""
        if not (self.env.su or self.env.user.has_group('k20_base.group_k20_import')):
            raise AccessError(self.env._("You may not import customers: ask the administrator for the function."))

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if is_importing() and self.env.uid != api.SUPERUSER_ID and partners.sudo().filtered('k20_is_customer'):
            # Also under sudo: the rows are the user's.
            self.sudo(False)._k20_check_may_import()
        return partners

    @api.model
    def load(self, fields, data):
        """Odoo's `load`, by function, and with every bad row named: Odoo itself stops at the tenth.

        :return: as Odoo: `ids` is False and nothing is written if a row is bad
        :raise AccessError: without the import function
        """
        self._k20_check_may_import()
        result = super().load(fields, data)
        if not result['ids'] and any(message['type'] == 'error' for message in result['messages']):
            result['messages'] = self._k20_load_messages(fields, data)
        return result

    def _k20_load_messages(self, fields, data):
        """Return what is wrong with each record of `load`: good ones are kept until all are tried, then rolled back."""
        messages, bad, places, pending = [], set(), [], []

        def log(message):
            messages.append(message)
            if message['type'] == 'error':
                bad.add(message['rows']['from'])

        def flush(**options):
            # Also called while values are converted: a row may name a partner of a row above.
            rows, pending[:] = pending[:], []
            for number, reason in Partner._k20_import(rows, dry_run=True)[1].items():
                log(dict(places[number], type='error', message=reason))

        module = self.env.context.get('module', '__import__')  # as Odoo's load has it
        Partner = self.with_context(_import_current_module=module, import_flush=flush, import_cache=LRU(1024))
        paths = [fix_import_export_id_paths(field) for field in fields]
        limit = self.env.context.get('_import_limit') or float('inf')
        with importing():
            savepoint = self.env.cr.savepoint()
            extracted = Partner._extract_records(paths, data, log=log, limit=limit)
            for db_id, xml_id, values, place in Partner._convert_records(extracted, log=log, savepoint=savepoint):
                places.append(place)
                if place['rows']['from'] not in bad:
                    values = dict(values, id=db_id) if db_id else values
                    xml_id = f'{module}.{xml_id}' if xml_id and '.' not in xml_id else xml_id
                    pending.append(ImportRow(len(places) - 1, values, xml_id=xml_id))
            flush()
            savepoint.close(rollback=True)
        return sorted(messages, key=lambda message: message['rows']['from'])

    @api.model
    def _k20_import(self, rows, dry_run=False):
        """Create the customers of `rows` and their contacts; a row that is refused leaves nothing behind. (R179)

        :param rows: list of ImportRow
        :param dry_run: the caller rolls back, so no codes are taken from the sequence, which would not come back
        :return: (customers made, {row number: why it was refused})
        """
        made, refused = self.browse(), {}
        if dry_run:
            for row in filter(self._k20_makes_customer, rows):
                row.values['k20_code'] = row.values.get('k20_code') or f'? {row.number}'
        reasons = {}
        with importing():
            while rows:
                # Again for those that collided with a row which then was refused for another reason.
                foreseen = self._k20_foresee(rows)
                reasons = {**foreseen, **reasons}  # the first reason names the other row, later ones its customer
                clean = [row for row in rows if row.number not in foreseen]
                if not clean:
                    refused.update((row.number, reasons[row.number]) for row in rows)
                    break
                for start in range(0, len(clean), self.BATCH):
                    made += self._k20_import_batch(clean[start : start + self.BATCH], refused)
                rows = [row for row in rows if row.number in foreseen]
        return made, refused

    def _k20_makes_customer(self, row):
        """Tell whether `row` makes a new customer."""
        kind = row.values.get('k20_kind', self.env.context.get('default_k20_kind'))
        return bool(kind and not row.xml_id and not row.values.get('id') and not row.values.get('parent_id'))

    def _k20_foresee(self, rows):
        """Return {row number: what the rules will say}, for the common reasons, at the cost of one query each.

        The rules themselves stay where they are; what is not foreseen here is found by halving the batch.
        """
        foreseen = {}
        customers = [(row.number, self._k20_candidate(row)) for row in rows if self._k20_makes_customer(row)]
        for find in (self._k20_find_empty_names, self._k20_find_taken_codes, self._k20_find_duplicates):
            found = zip(customers, find([values for _number, values in customers]), strict=True)
            foreseen.update((number, ' '.join(sentences)) for (number, _values), sentences in found if sentences)
            customers = [customer for customer in customers if customer[0] not in foreseen]
        return foreseen

    def _k20_candidate(self, row):
        """Return the values by which the rules will compare the customer of `row` with others."""
        kind = row.values.get('k20_kind') or self.env.context.get('default_k20_kind')
        company_id = row.values.get('company_id') or self.env.company.id
        values = dict(row.values, k20_kind=kind, company_id=company_id)
        return dict(values, **self._k20_keys(values))

    def _k20_find_empty_names(self, candidates):
        empty = [self.env._("The name is empty: type a name.")]
        return [[] if (values.get('name') or '').strip() else empty for values in candidates]

    def _k20_find_taken_codes(self, candidates):
        codes = [values['k20_code'] for values in candidates if values.get('k20_code')]
        taken = self.sudo().with_context(active_test=False).search([('k20_code', 'in', codes)]) if codes else self
        seen = {(customer.company_id.id, customer.k20_code) for customer in taken}
        found = []
        for values in candidates:
            at = (values['company_id'], values.get('k20_code'))
            is_taken = at[1] and at in seen
            sentence = self.env._("This customer code is taken: leave it empty to get a free one.")
            found.append([sentence] if is_taken else [])
            seen.add(at)
        return found

    def _k20_import_batch(self, rows, refused):
        """Create `rows`; where that fails, halve them until the bad ones stand alone in `refused`."""
        if not rows:
            return self.browse()
        try:
            with self.env.cr.savepoint():  # which writes all there is: what the database refuses, it refuses here
                return self._k20_create_rows(rows)
        except (UserError, ValueError, psycopg2.IntegrityError, psycopg2.DataError) as error:
            if len(rows) == 1:
                refused[rows[0].number] = self._k20_refusal(error)
                return self.browse()
        middle = len(rows) // 2
        return self._k20_import_batch(rows[:middle], refused) + self._k20_import_batch(rows[middle:], refused)

    def _k20_create_rows(self, rows):
        customers = self._load_records([{'xml_id': row.xml_id, 'values': dict(row.values)} for row in rows])
        contacts = [
            dict(row.contact, parent_id=customer.id)
            for row, customer in zip(rows, customers, strict=True)
            if row.contact
        ]
        self.create(contacts)
        return customers

    def _k20_refusal(self, error):
        if isinstance(error, psycopg2.Error):
            return self._sql_error_to_message(error)
        return str(error)

    @api.model
    def get_import_templates(self):
        """Offer K20's templates on Odoo's import screen too. (R179)"""
        return [
            *super().get_import_templates(),
            {'label': self.env._("Template for channel customers"), 'template': '/k20/import/template/channel'},
            {'label': self.env._("Template for end customers"), 'template': '/k20/import/template/end'},
        ]
