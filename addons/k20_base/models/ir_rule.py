from odoo import models
from odoo.exceptions import AccessError


class IrRule(models.Model):
    """What K20's record rules may ask about the reader, and errors that name nothing hidden."""

    _inherit = 'ir.rule'

    def _eval_context(self):
        """Add `k20_user_ids`, whose customers the reader sees, and `k20_all_customers`, whether it sees all."""
        user = self.env.user
        return dict(
            super()._eval_context(),
            k20_user_ids=user._k20_visible_user_ids(),
            k20_all_customers=user._k20_reads_all_customers(),
        )

    def _make_access_error(self, operation, records):
        # In debug mode Odoo prints the names of the forbidden records, also those of colleagues' customers.
        error = super()._make_access_error(operation, records)
        if self.env.user._k20_reads_all_customers():
            return error
        description = self.env['ir.model']._get(records._name).name or records._name
        return AccessError(
            self.env._("You may not do this with these records (%s): ask who looks after them.", description)
        )
