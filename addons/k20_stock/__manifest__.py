{
    'name': "K20 Stock",
    'summary': "Purchase contracts, receipts, deliveries and stock of K20",
    'version': '19.0.1.0.0',
    'author': 'K20',
    'license': 'LGPL-3',
    'category': 'Inventory/K20',
    'depends': ['k20_sales', 'purchase_stock', 'sale_stock', 'sale_stock_margin', 'stock_account'],
    'data': ['security/groups.xml', 'security/rules.xml'],
    'post_init_hook': 'post_init_hook',
}
