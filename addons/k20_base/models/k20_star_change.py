from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.opening import is_creating


class K20StarChange(models.Model):
    """What became of an end customer's star: old and new, who, when and why. (R076)

    Written by the server when a star is raised or lowered; nobody changes a row. Seen with the customer.
    """

    _name = 'k20.star.change'
    _inherit = ['k20.owned.mixin']
    _description = "Star Change"
    _order = 'date desc, id desc'
    _rec_name = 'partner_id'

    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, readonly=True, index=True, ondelete='cascade'
    )
    company_id = fields.Many2one(related='partner_id.company_id', store=True, precompute=True)
    old_star = fields.Selection('_star_selection', readonly=True)
    new_star = fields.Selection('_star_selection', readonly=True)
    user_id = fields.Many2one('res.users', "By", required=True, readonly=True, ondelete='restrict')
    date = fields.Datetime("On", required=True, readonly=True, default=fields.Datetime.now)
    reason = fields.Text(required=True, readonly=True)

    @api.model
    def _star_selection(self):
        return self.env['res.partner']._fields['k20_star']._description_selection(self.env)

    @api.model_create_multi
    def create(self, vals_list):
        if not is_creating(self):
            raise AccessError(self.env._("The history of stars is written by the system: raise the star instead."))
        return super().create(vals_list)
