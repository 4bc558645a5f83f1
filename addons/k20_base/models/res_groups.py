from odoo import fields, models


class ResGroups(models.Model):
    """K20's roles and functions (DESIGN §1): a role brings its functions when it is given, each may be taken alone."""

    _inherit = 'res.groups'

    k20_kind = fields.Selection(
        [('role', "Role"), ('function', "Function")],
        readonly=True,
        help="Roles and functions are ticked on the K20 page of a user.",
    )
    k20_function_ids = fields.Many2many(
        'res.groups',
        'k20_role_function_rel',
        'role_id',
        'function_id',
        string="Functions of the Role",
        domain=[('k20_kind', '=', 'function')],
        help="Ticked by themselves when this role is given to a person.",
    )
