from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError


class K20ApprovalStep(models.Model):
    """One yes that a document needs: from whom, and from any of them or from all. (R158, R160)"""

    _name = 'k20.approval.step'
    _description = "Approval Step"
    _order = 'sequence, id'

    flow_id = fields.Many2one('k20.approval.flow', required=True, ondelete='cascade', index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    approver_kind = fields.Selection(
        [
            ('group', "A group"),
            ('users', "Named people"),
            ('leader', "The requester's team leader"),
            ('leaders_leader', "That leader's leader"),
        ],
        string="Who",
        required=True,
        default='group',
    )
    group_id = fields.Many2one('res.groups', ondelete='restrict')
    user_ids = fields.Many2many('res.users', string="People", domain=[('share', '=', False)])
    mode = fields.Selection(
        [('any', "Any of them"), ('all', "All of them")], string="Who Must Agree", required=True, default='any'
    )

    @api.constrains('approver_kind', 'group_id', 'user_ids')
    def _check_approvers(self):
        for step in self:
            if step.approver_kind == 'group' and not step.group_id:
                raise ValidationError(self.env._("Step %s has no group: choose one.", step.name))
            if step.approver_kind == 'users' and not step.user_ids:
                raise ValidationError(self.env._("Step %s names nobody: choose at least one person.", step.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last(self):
        for flow in self.flow_id:
            if not flow.step_ids - self:
                raise UserError(self.env._("Flow %s would have no step left: archive the flow instead.", flow.name))

    def _k20_prepare_deciders(self, document, requester, readable):
        """Return a list of task values that say who decides this step: one row for any of them, one each for all.

        A group is asked as it is at the time of the decision, people and leaders as they are now.

        :param readable: tells of a user which documents they may read
        """
        self.ensure_one()
        able = self._k20_able(document, requester, readable)
        if self.mode == 'all':
            return [{'mode': 'all', 'approver_ids': [Command.link(user.id)]} for user in able]
        if self.approver_kind == 'group':
            return [{'mode': 'any', 'group_id': self.group_id.id}]
        return [{'mode': 'any', 'approver_ids': [Command.set(able.ids)]}]

    def _k20_able(self, document, requester, readable):
        """Return those of this step's people who can decide on `document`.

        :raise UserError: if there is nobody, or if one of those who must all agree cannot read the document
        """
        barred = document._k20_approval_barred() | requester
        people = self._k20_people(requester)
        people = people.filtered(lambda user: user not in barred or self.flow_id._k20_allows_self(user))
        able = people.filtered(lambda user: document in readable(user))
        if not able or (self.mode == 'all' and able != people):
            raise UserError(
                self.env._(
                    "Step %(step)s of flow %(flow)s has nobody who could decide on %(document)s: the administrator"
                    " names people who can see it and did not ask for it themselves.",
                    step=self.name,
                    flow=self.flow_id.name,
                    document=document.display_name,
                )
            )
        return able

    def _k20_people(self, requester):
        """Return the active users that this step names, for a request of `requester`."""
        self.ensure_one()
        people = {
            'group': lambda: self.group_id.all_user_ids,
            'users': lambda: self.user_ids,
            'leader': requester._k20_leaders,
            'leaders_leader': lambda: requester._k20_leaders()._k20_leaders(),
        }[self.approver_kind]()
        return people.filtered(lambda user: user.active and not user.share)
