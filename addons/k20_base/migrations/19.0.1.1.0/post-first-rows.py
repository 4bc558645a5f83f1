from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give customers from before ownership was traced their first row; their loss clock starts with the update."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    customers = env['res.partner'].with_context(active_test=False).search([('k20_kind', '!=', False)])
    customers.filtered(lambda customer: not customer.k20_assignment_ids)._k20_record_first_owner()
