from odoo import api, fields, models


class ResPartner(models.Model):
    """What a complete customer has (Settings), what this one lacks; nothing is required to save. (R196)"""

    _inherit = 'res.partner'

    k20_complete = fields.Boolean("Complete", compute='_compute_k20_complete', store=True, compute_sudo=True)
    k20_missing = fields.Char("Missing", compute='_compute_k20_missing')

    def _k20_completeness_fields(self):
        """Return the names of the fields that Settings may ask a complete customer to have."""
        return [
            'phone',
            'email',
            'vat',
            'street',
            'state_id',
            'city_id',
            'child_ids',
            'k20_nature_id',
            'k20_type_id',
            'k20_source_id',
        ]

    @api.depends(lambda self: ['k20_kind', 'company_id.k20_required_field_ids', *self._k20_completeness_fields()])
    def _compute_k20_complete(self):
        for partner in self:
            partner.k20_complete = bool(partner.k20_kind) and not partner._k20_missing_fields()

    @api.depends_context('lang')
    @api.depends('k20_complete')
    def _compute_k20_missing(self):
        for partner in self:
            labels = partner._k20_missing_fields().mapped('field_description') if partner.k20_kind else []
            partner.k20_missing = ', '.join(labels)

    def _k20_missing_fields(self):
        """Return the required ir.model.fields that are empty on this customer."""
        self.ensure_one()
        company = self.company_id or self.env.company
        required = company.sudo().k20_required_field_ids
        return required.filtered(lambda field: field.name in self._fields and not self[field.name])
