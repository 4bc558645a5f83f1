"""What happens once, when selling comes into a database."""

from odoo.tools import SQL


def post_init_hook(env):
    """Orders that are confirmed already count as approved, and as deals of their day. (R191)"""
    orders = env['sale.order'].search([('state', '=', 'sale')])
    if not orders:
        return
    env.flush_all()
    for company, mine in orders.grouped('company_id').items():
        env.cr.execute(
            SQL(
                """
                UPDATE sale_order
                   SET k20_approval_state = 'approved',
                       k20_deal_date = (date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date
                 WHERE id = ANY(%s)
                """,
                company._k20_tz(),
                mine.ids,
            )
        )
    orders.invalidate_recordset()
    orders.modified(['k20_approval_state', 'k20_deal_date'])
    env.flush_all()
