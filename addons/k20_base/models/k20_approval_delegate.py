from odoo import api, fields, models
from odoo.exceptions import ValidationError


class K20ApprovalDelegate(models.Model):
    """Who decides for an approver on leave, from one day to another, both included. (R159)"""

    _name = 'k20.approval.delegate'
    _description = "Approval Delegate"
    _order = 'date_from desc, id desc'
    _rec_name = 'delegate_id'

    user_id = fields.Many2one(
        'res.users', "Approver", required=True, ondelete='cascade', default=lambda self: self.env.user, index=True
    )
    delegate_id = fields.Many2one(
        'res.users', required=True, ondelete='cascade', domain=[('share', '=', False)], index=True
    )
    date_from = fields.Date("From", required=True, default=lambda self: self.env.company._k20_today())
    date_to = fields.Date("Until", required=True, default=lambda self: self.env.company._k20_today())

    _dates_in_order = models.Constraint(
        'CHECK (date_from <= date_to)', "The last day is before the first one: correct the dates."
    )

    @api.constrains('user_id', 'delegate_id', 'date_from', 'date_to')
    def _check_loop(self):
        for delegate in self:
            if delegate.user_id in delegate._k20_reached():
                raise ValidationError(
                    self.env._(
                        "%(user)s and %(delegate)s would decide for each other in a circle: choose another delegate.",
                        user=delegate.user_id.name,
                        delegate=delegate.delegate_id.name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        # Odoo asks the record rules before a write only: nobody may hand a delegation to somebody else afterwards.
        self.check_access('write')
        return result

    def _k20_reached(self):
        """Return the delegate and whoever stands in for the delegate, and so on, on these days."""
        self.ensure_one()
        reached = new = self.delegate_id
        while new:
            new = self._k20_overlapping(new).delegate_id - reached
            reached |= new
        return reached

    def _k20_overlapping(self, users):
        """Return what `users` hand on during the days of this delegation."""
        return self.sudo().search(
            [
                ('user_id', 'in', users.ids),
                ('date_from', '<=', self.date_to),
                ('date_to', '>=', self.date_from),
            ]
        )
