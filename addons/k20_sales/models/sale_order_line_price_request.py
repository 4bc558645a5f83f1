from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .k20_floor_price_mixin import PRICE_READERS
from .k20_price_request import ORDER_TERMS, TERMS

REQUEST_READERS = 'k20_base.group_k20_salesperson,k20_base.group_k20_all_customers'
# Fields of a line that leave its price as it is.
HARMLESS = {'name', 'sequence', 'technical_price_unit', 'qty_delivered', 'customer_lead', 'analytic_distribution'}


class SaleOrderLine(models.Model):
    """The special price of a line: asked for, given, and void once the line changes. (R089, R090)"""

    _inherit = 'sale.order.line'

    k20_price_request_ids = fields.One2many(
        'k20.price.request', 'order_line_id', "Special Prices Asked for", groups=REQUEST_READERS, copy=False
    )
    k20_price_state = fields.Selection(
        [
            ('none', "Not needed"),
            ('needed', "Needed"),
            ('requested', "Requested"),
            ('approved', "Approved"),
            ('refused', "Refused"),
            ('void', "Void: the line changed"),
        ],
        "Special Price",
        compute='_compute_k20_price_state',
        compute_sudo=True,
        groups=PRICE_READERS,
    )

    @api.depends(
        'k20_net_price', 'k20_floor_price', 'order_id.partner_id', 'order_id.pricelist_id',
        'k20_price_request_ids.k20_approval_state', 'k20_price_request_ids.void_on',
    )  # fmt: skip
    def _compute_k20_price_state(self):
        below = self._k20_below_floor()
        for line in self:
            line.k20_price_state = line._k20_special_price() if line in below else 'none'

    def _k20_special_price(self):
        """Return how it stands with the special price of a line that is below its floor."""
        request = self.k20_price_request_ids.sorted('id')[-1:]
        if not request:
            return 'needed'
        if request.void_on:
            return 'void'
        states = {'submitted': 'requested', 'approved': 'approved', 'rejected': 'refused'}
        state = states.get(request.k20_approval_state, 'needed')
        if request._k20_holds():
            return state
        return 'needed' if state == 'refused' else 'void'

    # -- actions -----------------------------------------------------------------------------------------------------

    def action_k20_request_price(self, price, reason):
        """Ask for a special price for this line, which is below its floor.

        :param float price: the lowest price that is asked for: without tax, for one unit of the product, in the
            order's currency; the line's net price or less
        :param str reason: what the approver decides by; compulsory
        :return: the request's id (k20.price.request)
        :raise AccessError: for who may not change the order
        :raise UserError: where the line is not below its floor, has a request already, or the price is no such price
        """
        self._k20_check_may_ask_price()
        return self.env['k20.price.request']._k20_request(self, price, reason).id

    def action_k20_ask_price(self):
        """Open the dialog that asks for a special price for this line.

        :return: an action (R089)
        """
        self._k20_check_may_ask_price()
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.k20_price_ask_action')
        return {**action, 'context': {'default_order_line_id': self.id}}

    def _k20_check_may_ask_price(self):
        """Refuse who may not ask for a special price for this line, and a line that is none to ask for."""
        if len(self) != 1:
            raise UserError(self.env._("A special price is asked for line by line: choose one."))
        self.check_access('write')
        order = self.order_id
        if not self.env.user.has_group('k20_base.group_k20_salesperson'):
            raise AccessError(self.env._("Special prices are asked for by who sells: ask the order's salesperson."))
        order._k20_check_theirs()
        order._k20_check_unlocked({'order_line': False})
        if order.state == 'cancel':
            raise UserError(self.env._("Order %s is cancelled: nothing is sold on it.", order.name))

    # -- void --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._k20_void_changed_prices()  # what a new line takes off counts on the others
        return lines

    def write(self, vals):
        orders = self.order_id
        result = super().write(vals)
        if vals.keys() - HARMLESS:
            (orders | self.order_id)._k20_void_changed_prices()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_void_price_requests(self):
        requests = self.env['k20.price.request'].sudo().search([('order_line_id', 'in', self.ids)])
        requests._k20_live()._k20_void(self.env._("The line was deleted."))

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders.exists()._k20_void_changed_prices()  # a deleted line that others shared a discount with
        return result

    def _k20_prepare_price_request(self):
        """Return the values of a request for this line: the terms it has now."""
        self.ensure_one()
        values = {name: self[other] for name, other in TERMS.items()}
        values.update({name: self.order_id[other] for name, other in ORDER_TERMS.items()})
        return {
            **{name: value.id if isinstance(value, models.BaseModel) else value for name, value in values.items()},
            'order_line_id': self.id,
            'list_price': self.k20_list_price,
            'floor_price': self._k20_floors()[self],
            'net_price': self.k20_net_price,
        }
