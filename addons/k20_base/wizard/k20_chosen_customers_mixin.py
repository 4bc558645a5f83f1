from odoo import api, fields, models


class K20ChosenCustomersMixin(models.AbstractModel):
    """A dialog about the customers that are ticked in a list, also of the pool, or open in the form."""

    _name = 'k20.chosen.customers.mixin'
    _description = "Chosen Customers"

    partner_ids = fields.Many2many('res.partner', string="Customers", default=lambda self: self._default_partner_ids())

    @api.model
    def _default_partner_ids(self):
        model, ids = self.env.context.get('active_model'), self.env.context.get('active_ids')
        return ids if model in ('res.partner', 'k20.pool.customer') else False
