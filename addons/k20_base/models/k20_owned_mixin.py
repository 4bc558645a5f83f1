from odoo import api, fields, models
from odoo.tools import SQL


class K20OwnedMixin(models.AbstractModel):
    """Rows of a customer, seen by who looks after it today: record rules go by `owner_id`, without a join.

    The model has a `partner_id`.
    """

    _name = 'k20.owned.mixin'
    _description = "Row of a Customer"

    owner_id = fields.Many2one(
        'res.users',
        compute='_compute_owner_id',
        store=True,
        compute_sudo=True,
        precompute=True,
        help="Who looks after the customer today.",
    )

    @api.depends('partner_id.k20_owner_id')
    def _compute_owner_id(self):
        fresh = self.filtered(lambda row: not row.id)
        for row in fresh:
            row.owner_id = row.partner_id.k20_owner_id
        if self - fresh:
            (self - fresh)._k20_write_owners()

    def _k20_write_owners(self):
        """Give these rows the owners of their customers in one statement: one that moves takes years of rows along."""
        self.env['res.partner'].flush_model(['k20_owner_id'])
        self.flush_recordset(['partner_id', 'write_date', 'write_uid'])  # what is pending would be dropped below
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s AS own
                   SET owner_id = partner.k20_owner_id, write_date = %(now)s, write_uid = %(uid)s
                  FROM res_partner AS partner
                 WHERE partner.id = own.partner_id AND own.id = ANY(%(ids)s)
                   AND own.owner_id IS DISTINCT FROM partner.k20_owner_id
                """,
                table=SQL.identifier(self._table),
                now=self.env.cr.now(),
                uid=self.env.uid,
                ids=self.ids,
            )
        )
        self.invalidate_recordset(['owner_id', 'write_date', 'write_uid'], flush=False)
