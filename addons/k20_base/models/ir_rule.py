from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class IrRule(models.Model):
    """What K20's record rules may ask about the reader, and errors that name nothing hidden. (R154, R157)"""

    _name = 'ir.rule'
    _inherit = ['k20.administered.mixin', 'ir.rule']

    def _eval_context(self):
        """Add what K20's rules ask.

        k20_user_ids       whose customers the reader sees
        k20_all_customers  whether the reader sees all of them
        k20_with_customer  domain of the records whose partner, in the given field, the reader may see
        k20_documents      domain of the documents visible with their customer, or else with their salesperson
        """
        user = self.env.user
        return dict(
            super()._eval_context(),
            k20_user_ids=user._k20_visible_user_ids(),
            k20_all_customers=user._k20_reads_all_customers(),
            k20_with_customer=self._k20_with_customer,
            k20_documents=self._k20_documents,
        )

    @api.model
    def _k20_with_customer(self, partner):
        """Return the domain of the records whose `partner` (a field's path) is visible or no customer at all."""
        user = self.env.user
        if user._k20_reads_all_customers():
            return list(Domain.TRUE)
        return list(
            Domain(f'{partner}.k20_owner_id', 'in', user._k20_visible_user_ids()) | self._k20_no_customer(partner)
        )

    @api.model
    def _k20_documents(self, partner, salesperson):
        """Return the domain of the documents that are visible with their customer, or without one by `salesperson`.

        Odoo's own rules show what has no salesperson to everybody.
        """
        user = self.env.user
        if user._k20_reads_all_customers():
            return list(Domain.TRUE)
        user_ids = user._k20_visible_user_ids()
        others = self._k20_no_customer(partner)
        if user_ids:
            others &= Domain(salesperson, 'in', user_ids)
        return list(Domain(f'{partner}.k20_owner_id', 'in', user_ids) | others)

    @api.model
    def _k20_no_customer(self, partner):
        return Domain(partner, '=', False) | Domain(f'{partner}.k20_is_customer', '=', False)

    def _make_access_error(self, operation, records):
        # In debug mode Odoo prints the names of the forbidden records, also those of colleagues' customers.
        error = super()._make_access_error(operation, records)
        if self.env.user.has_group('base.group_system'):
            return error
        description = self.env['ir.model']._get(records._name).name or records._name
        return AccessError(
            self.env._("You may not do this with these records (%s): ask who looks after them.", description)
        )
