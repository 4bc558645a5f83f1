{
    'name': "K20 Sales",
    'summary': "Projects, quotations and orders of K20's customers",
    'version': '19.0.1.0.0',
    'author': 'K20',
    'license': 'LGPL-3',
    'category': 'Sales/K20',
    'depends': [
        'k20_base',
        'sale_crm',
        'sale_management',
        'sale_margin',
        'spreadsheet_dashboard_account',
        'spreadsheet_dashboard_sale',
    ],
    'data': ['security/rules.xml'],
}
