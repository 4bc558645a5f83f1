from odoo import api, fields, models
from odoo.exceptions import ValidationError

LENGTHS = (8, 20)  # of paper invoices, and of China's fully electronic ones


class AccountMove(models.Model):
    """China's e-invoices (数电发票) have numbers of 20 digits; a company uses each once, in and out. (DESIGN §6)"""

    _inherit = 'account.move'

    fapiao = fields.Char(size=20)

    _k20_fapiao_unique = models.UniqueIndex(
        "(company_id, (move_type LIKE 'out%'), fapiao) WHERE fapiao <> ''",
        "This fapiao number is on another invoice already: correct it.",
    )

    @api.constrains('fapiao')
    def _check_fapiao(self):
        # In the place of Odoo's own, which knows 8 digits only.
        for move in self:
            number = move.fapiao or ''
            if number and (len(number) not in LENGTHS or not (number.isascii() and number.isdigit())):
                raise ValidationError(
                    self.env._("A fapiao number has 8 or 20 digits and nothing else: correct %s.", number)
                )
