import ast
import functools
from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class K20ApprovalFlow(models.Model):
    """Who must agree to which documents: when model, domain and minimum hold, these steps in this order. (R158)

    The first active flow by sequence that fits a document is the one it is submitted under. The request carries its own
    copy (k20.approval.task), so a change of a flow touches later submissions only.
    """

    _name = 'k20.approval.flow'
    _description = "Approval Flow"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', help="Empty: for all companies.")
    model_id = fields.Many2one(
        'ir.model', "Document", required=True, ondelete='cascade', domain=[('k20_approvable', '=', True)], index=True
    )
    model = fields.Char(related='model_id.model', string="Document Model")
    domain = fields.Char("Condition", default='[]', help="Only documents that meet this condition; empty for all.")
    amount_min = fields.Float(
        "Minimum Amount", help="Only documents of at least this amount, in the company's currency."
    )
    self_approval = fields.Selection(
        [('administrators', "Administrators")],
        string="May Approve Own Requests",
        default='administrators',
        help="Nobody decides on an own request; with this set, administrators may.",
    )
    repeat_approver = fields.Selection(
        [('ask', "Ask again"), ('skip', "Skip")],
        string="The Same Person in a Later Step",
        required=True,
        default='ask',
        help="Whether somebody who agreed in one step is asked again in a later one.",
    )
    step_ids = fields.One2many('k20.approval.step', 'flow_id', "Steps", copy=True)

    _amount_min_positive = models.Constraint(
        'CHECK (amount_min >= 0)', "The minimum amount is below zero: type 0 for no minimum."
    )

    @api.constrains('step_ids', 'active')
    def _check_steps(self):
        for flow in self:
            if not flow.step_ids:
                raise ValidationError(self.env._("Flow %s has no step: add who must agree.", flow.name))

    @api.constrains('model_id')
    def _check_model(self):
        for flow in self:
            if not flow.model_id.k20_approvable:
                raise ValidationError(
                    self.env._("%s is no document that can be approved: choose another one.", flow.model_id.name)
                )

    @api.constrains('domain', 'model_id')
    def _check_domain(self):
        for flow in self:
            try:
                flow._k20_domain().validate(self.env[flow.model])
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._("The condition of flow %s cannot be read: build it with the editor.", flow.name)
                ) from error

    def _k20_domain(self):
        self.ensure_one()
        return Domain(ast.literal_eval(self.domain or '[]'))

    @api.model
    def _k20_match(self, documents):
        """Return {flow: documents}: the first active flow that fits each, an empty recordset where none does."""
        flows = self.sudo().search([('model_id.model', '=', documents._name)])
        found = defaultdict(documents.browse)
        for document in documents:
            company = document._k20_approval_company()
            amount = max(document._k20_approval_amount(), 0)  # 0 is no minimum, also below zero
            fitting = (
                flow
                for flow in flows
                if flow.company_id in (company, company.browse())
                and flow.amount_min <= amount
                and document.sudo().filtered_domain(flow._k20_domain())
            )
            found[next(fitting, flows.browse())] += document
        return found

    @api.model
    def _k20_get(self, documents):
        """Return {flow: those of `documents` that it is for}.

        :raise UserError: where none fits, naming the kind of document and where to define a flow
        """
        found = self._k20_match(documents)
        for document in found[self.browse()]:
            raise UserError(
                self.env._(
                    "No approval flow fits %(document)s (%(kind)s): the administrator defines one under"
                    " Configuration, Approval Flows.",
                    document=document.display_name,
                    kind=self.env['ir.model']._get(document._name).name,
                )
            )
        return {flow: mine for flow, mine in found.items() if flow}

    def _k20_allows_self(self, user):
        """Tell whether `user` may decide on an own request under this flow."""
        return bool(self.self_approval) and user.has_group('k20_base.group_k20_admin')

    def _k20_prepare_tasks(self, documents, requester):
        """Return the values of the tasks that `documents` go through under this flow: their own copy of the steps.

        :raise UserError: for a step that nobody could decide
        """
        self.ensure_one()
        readable = functools.cache(documents._k20_readable_by)
        return [
            {
                'res_model': document._name,
                'res_id': document.id,
                'res_name': document.display_name,
                'company_id': document._k20_approval_company().id,
                'requester_id': requester.id,
                'barred_ids': [Command.set((document._k20_approval_barred() | requester).ids)],
                'flow_id': self.id,
                'self_approval': bool(self.self_approval),
                'skip_repeated': self.repeat_approver == 'skip',
                'round': document.k20_approval_round + 1,
                'sequence': position,
                'step_name': step.name,
                **who,
            }
            for document in documents
            for position, step in enumerate(self.step_ids, start=1)
            for who in step._k20_prepare_deciders(document, requester, readable)
        ]
