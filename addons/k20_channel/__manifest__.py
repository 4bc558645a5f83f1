{
    'name': "K20 Channel",
    'summary': "What K20's channels earn: grades, commission, expenses",
    'version': '19.0.1.0.0',
    'author': 'K20',
    'license': 'LGPL-3',
    'category': 'Sales/K20',
    'depends': ['k20_sales', 'hr_expense', 'partnership'],
    'data': ['security/groups.xml'],
    'post_init_hook': 'post_init_hook',
}
