from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """The channel that brought an end customer, and what of selling keeps a customer and its kind. (R049, R062)"""

    _inherit = 'res.partner'

    k20_channel_id = fields.Many2one(
        'res.partner',
        "Brought by Channel",
        domain=[('k20_kind', '=', 'channel')],
        ondelete='restrict',
        index='btree_not_null',
        copy=False,
        help="The channel that brought this end customer; its projects and orders take it from here.",
    )
    k20_brought_ids = fields.One2many('res.partner', 'k20_channel_id', "End Customers Brought", readonly=True)

    @api.constrains('k20_channel_id', 'k20_kind')
    def _check_k20_channel(self):
        for partner in self.filtered('k20_channel_id'):
            if partner.k20_kind != 'end':
                raise ValidationError(self.env._("%s is no end customer: only those are brought.", partner.name))
            partner.k20_channel_id._k20_check_is_channel()

    def _k20_check_is_channel(self):
        """ValidationError where one of these is no channel; in sudo, since it may be a colleague's."""
        for partner in self.sudo():
            if partner.k20_kind != 'channel':
                raise ValidationError(
                    self.env._("%s is no channel: choose one, or leave the channel empty.", partner.name)
                )

    def _k20_kind_fixed_reason(self):
        # sudo: what is there fixes the kind, whoever may see it.
        customer = self.sudo().with_context(active_test=False)
        if customer.k20_bought_order_ids or customer.k20_brought_order_ids or customer.k20_brought_ids:
            return self.env._("%s has orders or has brought customers: its kind stays as it is.", self.name)
        return super()._k20_kind_fixed_reason()

    @api.model
    def _k20_usage_models(self):
        return [
            *super()._k20_usage_models(),
            ('crm.lead', 'partner_id'),
            ('crm.lead', 'k20_channel_id'),
            ('sale.order', 'partner_id'),
            ('sale.order', 'k20_channel_id'),
            ('res.partner', 'k20_channel_id'),
        ]
