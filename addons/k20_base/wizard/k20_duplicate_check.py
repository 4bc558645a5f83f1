from odoo import api, fields, models
from odoo.exceptions import UserError


class K20DuplicateCheck(models.TransientModel):
    """The page 查重: would this customer be accepted? Asked before typing all of it. (R074, R162)

    Answers as creation would, is limited per person and day (Settings) and logged. Creating a customer is not limited:
    it leaves a customer behind, or tells of one taken value no more than its message says.
    """

    _name = 'k20.duplicate.check'
    _description = "Duplicate Check"

    name = fields.Char()
    vat = fields.Char("Tax Number")
    phone = fields.Char()
    outcome = fields.Selection([('free', "Free"), ('similar', "Similar ones exist"), ('taken', "Taken")], readonly=True)
    answer = fields.Text(readonly=True)

    def _compute_display_name(self):
        """Head the page by what it does: nothing here gets a name."""
        self.display_name = self.env._("Duplicate Check")

    @api.onchange('name', 'vat', 'phone')
    def _onchange_asked(self):
        self.outcome = self.answer = False

    def action_check(self):
        """Button: check what is typed and show the answer on the page.

        :return: True
        :raise UserError: as `check`
        """
        for page in self:
            result = page.check(page.name, page.vat, page.phone)
            page.write({'outcome': result['outcome'], 'answer': result['answer']})
        return True

    @api.model
    def check(self, name=False, vat=False, phone=False):
        """Tell whether a customer with this name, tax number or phone exists, and who to ask. (R074, R162)

        :param name: name of the company, in any spelling
        :param vat: tax number
        :param phone: phone field as it would be typed
        :return: {'outcome': 'free', 'similar' or 'taken', 'answer': sentences in the user's language,
            'left': checks that the user has left today, -1 for no limit}
        :raise AccessError: for somebody who does not sell
        :raise UserError: where nothing is asked for, or the user has had the checks of the day
        """
        self.check_access('create')
        if not any((text or '').strip() for text in (name, vat, phone)):
            raise UserError(self.env._("Nothing is typed to check: type a name, a tax number or a phone number."))
        company = self.env.company
        limit = company.sudo().k20_duplicate_checks_per_day
        values = self._prepare_log_values(company)
        if limit and values['number'] > limit:
            raise UserError(
                self.env._("You have made the %s checks of today: go on tomorrow, or ask the administrator.", limit)
            )
        outcome, answer = self._answer({'name': name, 'vat': vat, 'phone': phone, 'company_id': company.id})
        # sudo: nobody may write the log; this row only.
        self.env['k20.duplicate.check.log'].sudo().create(
            dict(values, name=name, vat=vat, phone=phone, outcome=outcome, answer=answer)
        )
        return {'outcome': outcome, 'answer': answer, 'left': limit - values['number'] if limit else -1}

    @api.model
    def _prepare_log_values(self, company):
        """Return the values of the next row of this person today."""
        values = {'company_id': company.id, 'user_id': self.env.uid, 'date': company._k20_today()}
        Log = self.env['k20.duplicate.check.log'].sudo()
        made = Log.search_count([(name, '=', value) for name, value in values.items()])
        return dict(values, number=made + 1)

    @api.model
    def _answer(self, customer):
        """Return (outcome, sentences) for the values of a customer."""
        Partner = self.env['res.partner']
        keys = Partner._k20_keys(dict(customer, k20_kind='end'))
        [taken] = Partner._k20_find_duplicates([dict(customer, **keys)])
        similar = Partner._k20_similar_message(customer['name'], customer['phone'], self.env.company)
        sentences = [*taken, *([similar] if similar else [])]
        if taken:
            return 'taken', '\n'.join(sentences)
        if similar:
            return 'similar', similar
        return 'free', self.env._("No such customer yet: you may add it.")
