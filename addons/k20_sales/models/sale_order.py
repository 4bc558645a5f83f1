from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class SaleOrder(models.Model):
    """A quotation, and an order once it is approved. (R084, R085, R191)

    It is named only by who may read it: other records copy from it what it knows of the customer. (R157)

    Who may do what (sale_order_lock.py, sale_order_cancel.py, sale_order_completion.py):
        salesperson     makes orders for own customers; changes, deletes, cancels and submits them until submission;
                        completes them once delivered and collected
        manager         the same for the teams they lead
        finance         reads all; invoices what is approved
        administrator   approves; changes, cancels and reopens what is submitted or approved
        storekeeper     writes none
    """

    _name = 'sale.order'
    _inherit = ['k20.approval.mixin', 'k20.figures.mixin', 'k20.channel.mixin', 'sale.order']
    _k20_guarded = True

    # Said again, so that this addon's translation names the states.
    k20_approval_state = fields.Selection(
        [('draft', "Draft"), ('submitted', "Submitted"), ('approved', "Approved"), ('rejected', "Rejected")]
    )
    k20_order_type_id = fields.Many2one('k20.order.type', "Order Type", ondelete='restrict', index='btree_not_null')
    opportunity_id = fields.Many2one(string="Project")
    k20_customer_id = fields.Many2one(
        related='partner_id.commercial_partner_id', string="Customer (Company)", store=True, index=True
    )

    # -- approval ----------------------------------------------------------------------------------------------------

    def _k20_approval_amount(self):
        return self._k20_in_company_currency(self.amount_total)

    def _k20_in_company_currency(self, amount):
        """Return `amount`, in this order's currency, in the company's, at the rate of the order's date."""
        self.ensure_one()
        return self.company_id.currency_id.round(amount / (self.currency_rate or 1.0))

    def _k20_approval_summary(self):
        amount = self.currency_id.format(self.amount_total)
        return ' · '.join(filter(None, [self.partner_id.name, self.opportunity_id.name, amount]))

    def _k20_approval_check(self):
        """Say what is missing, and make a project of an order that has none. (R191)"""
        super()._k20_approval_check()
        types = self.env['k20.order.type'].search_count([], limit=1)
        for order in self:
            if order.state not in {'draft', 'sent'}:
                raise UserError(self.env._("%s is cancelled: set it to quotation before you submit it.", order.name))
            order._k20_check_lines()
            if types and not order.k20_order_type_id:
                raise UserError(self.env._("%s has no order type: choose one before you submit it.", order.name))
        self._k20_make_projects()

    def _k20_check_lines(self):
        """UserError where Odoo could not confirm these lines later: whoever submits is told, not whoever approves."""
        lines = self.order_line.filtered(lambda line: not line.display_type)
        if not lines:
            raise UserError(self.env._("%s has no line: add what is sold before you submit it.", self.name))
        if lines.filtered(lambda line: not line.product_id and not line.is_downpayment):
            raise UserError(self.env._("A line of %s has no product: choose one before you submit it.", self.name))

    def _k20_make_projects(self):
        """Give each of these orders without a project one of its own. (DESIGN §6)"""
        for order in self.filtered(lambda order: not order.opportunity_id):
            project = self.env['crm.lead'].create(order._k20_prepare_project())
            # sudo: the order's channel may be a colleague's, see k20.channel.mixin; it stays as it was chosen.
            project.sudo().k20_channel_id = order.sudo().k20_channel_id
            with self.env.protecting([self._fields['k20_channel_id']], order):
                order.opportunity_id = project

    def _k20_prepare_project(self):
        """Return the values of the project that is made of this order."""
        self.ensure_one()
        return {
            'name': f'{self.partner_id.commercial_partner_id.name} {self.name}',
            'type': 'opportunity',
            'partner_id': self.partner_id.id,
            'user_id': self.user_id.id,
            'team_id': self.team_id.id,
            'company_id': self.company_id.id,
            'expected_revenue': self._k20_in_company_currency(self.amount_untaxed),
            'campaign_id': self.campaign_id.id,
            'medium_id': self.medium_id.id,
            'source_id': self.source_id.id,
        }

    def _k20_approval_granted(self):
        """Confirm the order, as Odoo does; whoever approves need not be allowed to change it."""
        super()._k20_approval_granted()
        self.sudo().action_confirm()

    @api.model
    def _k20_unapproved_domain(self):
        """Return the domain of quotations and of orders whose approval is waited for."""
        return Domain('state', 'in', ('draft', 'sent')) & Domain('k20_approval_state', '!=', 'approved')

    @api.model
    def _k20_unfinished_domain(self):
        """Return the domain of what is submitted, or approved and not completed."""
        submitted = Domain('k20_approval_state', '=', 'submitted')
        return submitted | (Domain('state', '=', 'sale') & Domain('k20_completed', '=', False))
