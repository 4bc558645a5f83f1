from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

DECIDED = {'approved', 'rejected', 'skipped'}


class K20ApprovalTask(models.Model):
    """One decision of one submission: who may decide, who did, when, and what they said. (R158, R159)

    The tasks of a submission are its own copy of the flow. Nobody writes them but the engine, and nobody, the
    administrator and the engine included, changes one that is decided (security/ir.model.access.csv, `write`).
    """

    _name = 'k20.approval.task'
    _description = "Approval"
    _order = 'id desc'
    _rec_name = 'res_name'

    # What is asked
    res_model = fields.Char("Document Model", required=True, index=True)
    res_id = fields.Many2oneReference("Document", model_field='res_model', required=True, index=True)
    res_name = fields.Char("Document Name", required=True)
    document_kind = fields.Char("Kind of Document", compute='_compute_document_kind')
    summary = fields.Char("What Is Asked", compute='_compute_summary')
    company_id = fields.Many2one('res.company', required=True, index=True)
    requester_id = fields.Many2one('res.users', "Requested by", required=True, index=True)
    # The copy of the flow
    flow_id = fields.Many2one('k20.approval.flow', ondelete='set null')
    round = fields.Integer("Submission", required=True, help="How often the document has been submitted.")
    sequence = fields.Integer("Step No.", required=True)
    step_name = fields.Char("Step", required=True)
    mode = fields.Selection([('any', "Any of them"), ('all', "All of them")], required=True)
    approver_ids = fields.Many2many('res.users', 'k20_approval_task_approver_rel', string="Who May Decide")
    barred_ids = fields.Many2many(
        'res.users', 'k20_approval_task_barred_rel', string="Who May Not", help="Nobody decides on an own request."
    )
    group_id = fields.Many2one('res.groups', "Group That May Decide", ondelete='restrict')
    self_approval = fields.Boolean("Administrators May Decide on Own Requests")
    skip_repeated = fields.Boolean("Skip Who Agreed Before")
    # The decision
    state = fields.Selection(
        [
            ('waiting', "Waiting for an earlier step"),
            ('open', "To decide"),
            ('approved', "Approved"),
            ('rejected', "Rejected"),
            ('skipped', "Agreed in an earlier step"),
            ('closed', "No longer needed"),
        ],
        required=True,
        default='waiting',
        index=True,
    )
    date_open = fields.Datetime("Asked on")
    date_reminded = fields.Date("Last Reminded")
    waits_for = fields.Char("Waits for", compute='_compute_waits_for', compute_sudo=True)
    user_id = fields.Many2one('res.users', "Decided by", ondelete='restrict', index=True)
    on_behalf_id = fields.Many2one('res.users', "On Behalf of", ondelete='restrict')
    date_done = fields.Datetime("Decided on")
    comment = fields.Text()
    # Record rules are worked out once for a user and kept; a field is asked anew, so that a leave begins and ends.
    is_asked = fields.Boolean("Asked of Me", compute='_compute_is_asked', search='_search_is_asked')
    can_decide = fields.Boolean("I May Decide", compute='_compute_can_decide', search='_search_can_decide')

    _document_idx = models.Index('(res_model, res_id, round, sequence)')

    def _compute_document_kind(self):
        for task in self:
            task.document_kind = self.env['ir.model']._get(task.res_model).name

    def _compute_summary(self):
        # sudo: whoever reads a task is asked for it, or asked themselves.
        documents = {
            (model, document.id): document
            for model, found in self.sudo()._k20_documents().items()
            for document in found
        }
        for task in self:
            document = documents.get((task.res_model, task.res_id))
            task.summary = document._k20_approval_summary() if document else False

    @api.depends('state', 'group_id', 'approver_ids')
    def _compute_waits_for(self):
        """Tell the requester who is to decide, as the document's page does."""
        for task in self:
            task.waits_for = task.state == 'open' and task._k20_names()

    @api.depends_context('uid')
    def _compute_can_decide(self):
        mine = self.search([('id', 'in', self.ids), ('can_decide', '=', True)])
        for task in self:
            task.can_decide = task in mine

    def _search_can_decide(self, operator, value):
        """What the user may decide now: asked of them, of their group, or of somebody they stand in for."""
        if operator != 'in':
            return NotImplemented
        domain = self._k20_decidable_domain() & Domain.OR(self._k20_readable_domains())
        return domain if True in value else ~domain

    @api.model
    def _k20_decidable_domain(self):
        """Return the domain of the open tasks that are the user's to decide, if they may read the document."""
        user = self.env.user
        # A stand-in has no more rights than whom they stand in for, who does not decide on an own request either.
        asked = Domain.OR(
            self._k20_asked_of(person) & self._k20_free_for(person) for person in user + user._k20_principals()
        )
        return Domain('state', '=', 'open') & asked & self._k20_free_for(user)

    @api.model
    def _k20_asked_of(self, person):
        """Return the domain of what is asked of `person` or of their groups."""
        return Domain('approver_ids', 'in', person.ids) | Domain('group_id', 'in', person._get_group_ids())

    @api.model
    def _k20_free_for(self, person):
        """Return the domain of what `person` is not barred from: nobody decides on an own request. (R160)"""
        free = Domain('barred_ids', 'not in', person.ids)
        if person.has_group('k20_base.group_k20_admin'):
            free |= Domain('self_approval', '=', True)
        return free

    def _k20_open(self):
        """Return the open ones of these tasks, as the user: what they may decide is asked of them."""
        return self.filtered(lambda task: task.state == 'open').sudo(False)

    def _k20_decidable(self):
        """Return those of these tasks that are the user's to decide; the caller has checked that they may read."""
        # sudo: the domain asks who it is; no more than that is looked for.
        return self.sudo().search(Domain('id', 'in', self.ids) & self._k20_decidable_domain()).sudo(False)

    @api.model
    def _k20_readable_domains(self):
        """Return a domain per kind of document: the tasks of those that the user may read.

        Of what one cannot see nothing is decided. Asked inside the one statement: an inbox may be long.
        """
        kinds = [self.env[name].sudo(False) for name in self.env['ir.model']._k20_approvable_names()]
        return [
            Domain('res_model', '=', documents._name)
            & self._k20_among(documents._search(Domain.TRUE, active_test=False))
            for documents in kinds
            if documents.has_access('read')
        ]

    @api.model
    def _k20_among(self, documents):
        """Return the domain of the tasks whose document the query `documents` finds."""
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._field_to_sql(alias, 'res_id', query), documents.subselect()
            )
        )

    @api.depends_context('uid')
    def _compute_is_asked(self):
        # sudo: the record rule is what asks.
        asked = self.sudo().search(Domain('id', 'in', self.ids) & self._k20_asked_domain())
        for task in self:
            task.is_asked = task.id in asked._ids

    def _search_is_asked(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return self._k20_asked_domain() if True in value else ~self._k20_asked_domain()

    @api.model
    def _k20_asked_domain(self):
        """Return the domain of what is asked of the user, of their groups, or of whom they stand in for today."""
        user = self.env.user
        return Domain.OR(self._k20_asked_of(person) for person in user + user._k20_principals())

    def _k20_documents(self):
        """Return the documents of these tasks that still exist, by model: {model: records}."""
        return {documents._name: documents for documents, _tasks in self._k20_documents_and_tasks()}

    def _k20_documents_and_tasks(self):
        """Return pairs of the documents of one model that still exist, and their tasks among these.

        What an addon that has left asked for stays as a trace, without its documents.
        """
        return [
            (self.env[model].browse(tasks.mapped('res_id')).exists(), tasks)
            for model, tasks in self.grouped('res_model').items()
            if model in self.env
        ]

    def write(self, vals):
        decided = self.filtered(lambda task: task.state in DECIDED)
        if decided:
            raise UserError(self.env._("The decision on %s stands: it is kept as it was made.", decided[0].res_name))
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_decided(self):
        for task in self:
            if task.state in DECIDED:
                raise UserError(self.env._("The decision on %s stands: it is kept as it was made.", task.res_name))

    def action_k20_approve(self, comment=None):
        """Approve the documents of these tasks, one by one or many at once from the inbox. (R066, R171)

        :param str comment: what the decision's row will say, optional
        :return: True
        :raise UserError: where the user may not decide, or somebody else has decided
        """
        self._k20_check_open()
        for documents in self._k20_documents().values():
            documents.action_k20_approve(comment)
        return True

    def action_k20_reject(self, reason):
        """Reject the documents of these tasks.

        :param str reason: compulsory, told to the requester
        :return: True
        :raise UserError: without a reason, or where the user may not decide
        """
        self._k20_check_open()
        for documents in self._k20_documents().values():
            documents.action_k20_reject(reason)
        return True

    def _k20_check_open(self):
        """UserError for a task that is not open: a second click would decide the step that opened meanwhile."""
        settled = self.filtered(lambda task: task.state != 'open')
        for documents in settled._k20_documents().values():
            documents.check_access('read')
            for document in documents:
                document._k20_require('approve')  # says who decided
        for task in settled:
            raise UserError(
                self.env._(
                    "Step %(step)s of %(document)s is not open (%(user)s): reload to see how it stands.",
                    step=task.step_name,
                    document=task.res_name,
                    user=task.user_id.name or task._fields['state'].convert_to_export(task.state, task),
                )
            )

    def action_k20_ask_reason(self):
        """Open the dialog that asks why these tasks are rejected.

        :return: an action
        """
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Reject"),
            'res_model': 'k20.approval.reject',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_task_ids': self.ids},
        }

    def action_k20_open(self):
        """Open the document of this task.

        :return: an action
        :raise UserError: where it was deleted, or left with its addon
        """
        self.ensure_one()
        document = self._k20_documents().get(self.res_model)
        if not document:
            raise UserError(
                self.env._(
                    "%s is not there any more, it was deleted or its addon was uninstalled: what was decided is kept"
                    " here.",
                    self.res_name,
                )
            )
        return document.get_formview_action()

    def _k20_deciders(self):
        """Return the active people who may decide these tasks, without their delegates."""
        people = self.approver_ids + self.group_id.all_user_ids
        return people.filtered(lambda user: user.active and not user.share)

    def _k20_hand_over(self, leaver, receiver):
        """Let `receiver` decide these open tasks in the place of `leaver`."""
        self.write({'approver_ids': [Command.unlink(leaver.id), Command.link(receiver.id)]})
        for documents in self.filtered(lambda task: task.state == 'open')._k20_documents().values():
            for document in documents:
                document._k20_clear_activities()
                document._k20_ask(document._k20_open_tasks().sudo())

    def _k20_agreed_before(self):
        """Return who of those asked by this task has agreed in an earlier step of the same submission."""
        self.ensure_one()
        agreed = self.search([
            ('res_model', '=', self.res_model),
            ('res_id', '=', self.res_id),
            ('round', '=', self.round),
            ('state', '=', 'approved'),
        ])  # fmt: skip
        return agreed.user_id & self._k20_deciders()

    def _k20_decidable_by(self, user, document):
        """Return those of these tasks of `document` that `user` may decide now."""
        return self.with_user(user).filtered(lambda task: task.res_id == document.id and task.can_decide)

    def _k20_names(self):
        """Return the names of those who may decide these tasks, or of their groups, for a sentence."""
        names = [*self.group_id.mapped('name'), *self.approver_ids.filtered('active').mapped('name')]
        return ', '.join(names)

    def _k20_principal(self, user):
        """Return for whom `user` decides this task: an empty recordset where it is asked of themselves."""
        self.ensure_one()
        task = self.sudo()
        if user in task.approver_ids or task.group_id.id in user._get_group_ids():
            return user.browse()
        asked = user._k20_principals() & task._k20_deciders()
        return asked.sorted(lambda person: person in task.barred_ids)[:1]

    @api.model
    def _cron_remind(self):
        """Remind approvers of what has waited for longer than Settings say, at most once in that many days."""
        for company in self.env['res.company'].search([('k20_approval_reminder_days', '>', 0)]):
            today = company._k20_today()
            limit = fields.Date.subtract(today, days=company.k20_approval_reminder_days)
            waiting = self.search([
                ('company_id', '=', company.id),
                ('state', '=', 'open'),
                ('date_open', '<', limit),
                '|', ('date_reminded', '=', False), ('date_reminded', '<=', limit),
            ])  # fmt: skip
            for documents in waiting._k20_documents().values():
                for document in documents:
                    document._k20_remind_approvers()
            waiting.date_reminded = today
        return True
