"""What happens once, when the warehouse comes into a database."""

PLACEHOLDER = 'My Company'  # Odoo's name of a company that nobody has named yet, and of the warehouse made for it
WAREHOUSE = "主仓库"


def post_init_hook(env):
    """Give a Chinese company's untouched first warehouse a Chinese name; not to one with goods moved. (DESIGN §2)"""
    warehouse = env.ref('stock.warehouse0', raise_if_not_found=False)
    if not warehouse or warehouse.name != PLACEHOLDER or warehouse.company_id.country_id.code != 'CN':
        return
    in_use = [('company_id', '=', warehouse.company_id.id), ('state', '=', 'done')]
    if not env['stock.move'].search_count(in_use, limit=1):
        warehouse.name = WAREHOUSE
