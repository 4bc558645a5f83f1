from odoo import api, fields, models


class SaleOrder(models.Model):
    """An order's number comes from the sequence, or by hand where it is free; a company has each once. (R161)"""

    _inherit = 'sale.order'

    _k20_number_uniq = models.UniqueIndex(
        '(company_id, name)', "This order number is taken: choose another one, or leave it to the system."
    )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        fresh = self._fields['name'].default(self)
        for vals in vals_list:
            if vals.get('name', fresh) in {fresh, 'New', False, ''}:
                vals['name'] = self._k20_next_number(vals) or fresh
        return super().create(vals_list)

    @api.model
    def _k20_next_number(self, vals):
        """Return the next number for an order with `vals`, past those that somebody has typed in."""
        company = self.env['res.company'].browse(vals.get('company_id') or self.env.company.id)
        date = vals.get('date_order')
        day = date and fields.Datetime.context_timestamp(self, fields.Datetime.to_datetime(date))
        Sequence = self.env['ir.sequence'].with_company(company)
        # sudo: a number is taken, whoever may see the order.
        Order = self.sudo()
        while number := Sequence.next_by_code('sale.order', sequence_date=day):
            if not Order.search_count([('company_id', '=', company.id), ('name', '=', number)], limit=1):
                return number
        return False
