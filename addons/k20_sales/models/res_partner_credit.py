from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

CREDIT = {'k20_credit_limit', 'k20_credit_days'}


class ResPartner(models.Model):
    """How much a customer may owe, and how long. (DESIGN §6)

    Finance and the administrator say it; who sees the customer reads it.
    """

    _inherit = 'res.partner'

    k20_credit_limit = fields.Monetary(
        "Order Credit Limit",
        copy=False,
        currency_field='currency_id',
        help="What may be open of the customer's orders, in company currency; 0: no limit.",
    )
    k20_credit_days = fields.Integer(
        "Credit Term (Days)",
        copy=False,
        help="So many days after the deal an order is due that has no payment term of its own.",
    )

    k20_may_set_credit = fields.Boolean(compute='_compute_k20_may_set_credit')

    @api.depends_context('uid')
    def _compute_k20_may_set_credit(self):
        self.k20_may_set_credit = self._k20_sets_credit()

    @api.constrains('k20_credit_limit', 'k20_credit_days')
    def _check_k20_credit(self):
        for partner in self:
            if partner.k20_credit_limit < 0 or not 0 <= partner.k20_credit_days <= 3650:
                raise ValidationError(
                    self.env._("A credit limit is not below zero, a credit term from 0 to 3650 days: correct it.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        # Asked of the result, so that no default of a context walks past it.
        if any(partner.k20_credit_limit or partner.k20_credit_days for partner in partners):
            self._k20_check_sets_credit()
        return partners

    def write(self, vals):
        if CREDIT & vals.keys() and any(
            partner[name] != vals[name] for partner in self for name in CREDIT & vals.keys()
        ):
            self._k20_check_sets_credit()
        return super().write(vals)

    @api.model
    def _k20_sets_credit(self):
        user = self.env.user
        return user._k20_administers() or user.has_group('k20_base.group_k20_finance')

    @api.model
    def _k20_check_sets_credit(self):
        if not self._k20_sets_credit():
            raise AccessError(self.env._("Credit limit and term of a customer are set by finance: ask there."))

    def action_k20_open_statement(self):
        """Open the dialog for this customer's statement of account.

        :return: an action
        """
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.k20_customer_statement_action')
        return {**action, 'context': {'default_partner_id': self.commercial_partner_id.id}}
