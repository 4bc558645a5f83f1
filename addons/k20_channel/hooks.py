"""What happens once, when K20's channels come into a database."""


def post_init_hook(env):
    """Give the people of K20 that are there already an employee record, which expenses need. (DESIGN §1)"""
    env['res.users'].search([('share', '=', False)])._k20_make_employees()
