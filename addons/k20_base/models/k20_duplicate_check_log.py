from odoo import fields, models


class K20DuplicateCheckLog(models.Model):
    """Who asked for which customer and what the answer was; nobody changes or deletes a row. (R162)

    Written by `k20.duplicate.check` alone, read by the administrator (security/ir.model.access.csv).
    """

    _name = 'k20.duplicate.check.log'
    _description = "Duplicate Check Log"
    _order = 'id desc'
    _rec_name = 'name'

    company_id = fields.Many2one('res.company', required=True, readonly=True, ondelete='restrict')
    user_id = fields.Many2one('res.users', "Asked by", required=True, readonly=True, ondelete='restrict')
    date = fields.Date(required=True, readonly=True, help="In the time zone of the company.")
    number = fields.Integer("Number of the Day", required=True, readonly=True)
    name = fields.Char(readonly=True)
    vat = fields.Char("Tax Number", readonly=True)
    phone = fields.Char(readonly=True)
    outcome = fields.Selection(
        [('free', "Free"), ('similar', "Similar ones exist"), ('taken', "Taken")], required=True, readonly=True
    )
    answer = fields.Text(readonly=True)

    # Two checks of one person at once cannot have the same number, so none slips past the limit.
    _number_uniq = models.UniqueIndex(
        '(company_id, user_id, date, number)', "Another check of yours is under way: try again."
    )
