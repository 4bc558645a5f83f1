from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.opening import opened

# state -> {event: next state}. The only place that says what may follow what.
TRANSITIONS = {
    'draft': {'submit': 'submitted'},
    'submitted': {'approve': 'approved', 'reject': 'rejected', 'withdraw': 'draft', 'restart': 'submitted'},
    'rejected': {'reset': 'draft'},
    'approved': {'reopen': 'draft'},  # what was done is undone first, such as an order cancelled
}


class K20ApprovalMixin(models.AbstractModel):
    """A document that needs a yes. (DESIGN §4; R158, R159, R160)

    A new document needs no more than this, a flow, and the header of views/k20_approval_views.xml:

        class Refund(models.Model):
            _name = 'k20.order.refund'
            _inherit = ['k20.approval.mixin']
            _k20_free_fields = {'note'}                    # what may change once it is submitted

            def _k20_approval_check(self):                 # before it is submitted
                super()._k20_approval_check()
                self._check_amount_against_collected()

            def _k20_approval_granted(self):               # after the last yes
                super()._k20_approval_granted()
                self._pay()

    Who may do what:
        requester       submits what they may change; withdraws until the first decision; resets after a refusal
        approver        approves or rejects the open step that names them, their group, or whom they stand in for
        administrator   besides, changes and deletes what is submitted or approved
    """

    _name = 'k20.approval.mixin'
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _description = "Document under Approval"

    # Stored fields that stay open once the document is locked, Odoo's own writing for one; each class adds its own.
    _k20_free_fields = frozenset()

    k20_approval_state = fields.Selection(
        [('draft', "Draft"), ('submitted', "Submitted"), ('approved', "Approved"), ('rejected', "Rejected")],
        string="Approval",
        default='draft',
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    k20_requester_id = fields.Many2one('res.users', "Requested by", readonly=True, copy=False, index='btree_not_null')
    k20_submitted_on = fields.Datetime("Submitted on", readonly=True, copy=False)
    k20_approval_round = fields.Integer("Submissions", readonly=True, copy=False, default=0)
    # Two people who decide at once both write this, so one is told who was first (Odoo's retry does the rest).
    k20_decisions = fields.Integer("Decisions", readonly=True, copy=False, default=0)
    k20_can_decide = fields.Boolean("I May Decide", compute='_compute_k20_can_decide')
    k20_can_withdraw = fields.Boolean("I May Withdraw", compute='_compute_k20_can_decide')
    k20_waits_for = fields.Char("Waits for", compute='_compute_k20_waits_for', compute_sudo=True)
    k20_timeline = fields.Html("Decisions so Far", compute='_compute_k20_timeline', compute_sudo=True, sanitize=False)

    # -- what documents extend ---------------------------------------------------------------------------------------

    def _k20_approval_check(self):
        """Hook: raise UserError where these documents cannot be submitted yet."""

    def _k20_approval_granted(self):
        """Hook: do what was asked for, after the last yes; the documents are open to the server meanwhile."""

    def _k20_approval_refused(self, reason):
        """Hook: what a refusal brings about beside telling the requester."""

    def _k20_approval_barred(self):
        """Hook: return who may not decide on this document, an administrator whom the flow allows it apart."""
        self.ensure_one()
        return self.k20_requester_id

    def _k20_approval_summary(self):
        """Hook: return in one line what an approver decides by, for the inbox; False where the name says it all."""
        return False

    def _k20_check_may_submit(self):
        """Hook: raise AccessError where the user may not submit these documents."""
        self.check_access('write')

    def _k20_approval_amount(self):
        """Hook: the amount that a flow's minimum is compared with, in the document's company's currency."""
        return 0.0

    def _k20_approval_company(self):
        """Hook: the company whose flow and Settings hold for this document."""
        self.ensure_one()
        return ('company_id' in self._fields and self.sudo().company_id) or self.env.company

    # -- what is shown -----------------------------------------------------------------------------------------------

    @api.depends_context('uid')
    @api.depends('k20_approval_state', 'k20_decisions', 'k20_requester_id')
    def _compute_k20_can_decide(self):
        may = set(self._k20_open_tasks().filtered('can_decide').mapped('res_id'))
        for document in self:
            document.k20_can_decide = document.id in may
            document.k20_can_withdraw = (
                document.k20_approval_state == 'submitted'
                and not document.k20_decisions
                and (document.k20_requester_id == self.env.user or self._k20_is_administrator())
            )

    @api.depends('k20_approval_state', 'k20_decisions')
    def _compute_k20_waits_for(self):
        tasks = self._k20_open_tasks().sudo().grouped('res_id')  # also for who may see the document but no task
        for document in self:
            waiting = tasks.get(document.id, self.env['k20.approval.task'])
            document.k20_waits_for = waiting._k20_names()

    @api.depends('k20_approval_state', 'k20_decisions', 'k20_approval_round')
    def _compute_k20_timeline(self):
        tasks = self._k20_tasks().grouped('res_id')
        for document in self:
            rows = tasks.get(document.id)
            document.k20_timeline = rows and self.env['ir.qweb']._render(
                'k20_base.approval_timeline', {'tasks': rows.sorted(lambda task: (task.round, task.sequence, task.id))}
            )

    # -- actions -----------------------------------------------------------------------------------------------------

    def action_k20_submit(self):
        """Ask for the approval of these documents.

        :return: True
        :raise UserError: where a document is incomplete, no flow fits, or a step has nobody who could decide
        """
        self._k20_check_may_submit()
        for document in self:
            document._k20_require('submit')
            document._k20_approval_check()
            document._k20_start('submit', self.env.user)
        return True

    def _k20_submit_together(self):
        """Submit many documents at once, where the check of one does not count the others; in few queries."""
        self._k20_check_may_submit()
        for document in self:
            document._k20_require('submit')
        self._k20_approval_check()
        self._k20_start('submit', self.env.user)

    def action_k20_withdraw(self):
        """Take a submission back before the first decision; the requester's, or the administrator's.

        :return: True
        :raise UserError: after a decision, or for somebody else's request
        """
        self.check_access('read')
        for document in self:
            document._k20_require('withdraw')
            if document.k20_requester_id != self.env.user and not self._k20_is_administrator():
                raise UserError(
                    self.env._("%s was asked for by somebody else: they withdraw it.", document.display_name)
                )
            if document.k20_decisions:
                raise UserError(
                    self.env._("%s has been decided on already: wait for the outcome.", document.display_name)
                )
            document._k20_close_tasks()
            document._k20_move('withdraw')
        return True

    def action_k20_reset(self):
        """Take refused documents back to draft, to change and submit them again.

        :return: True
        :raise UserError: for a document that was not refused
        """
        self._k20_check_may_submit()
        for document in self:
            document._k20_require('reset')
            document._k20_move('reset')
        return True

    def action_k20_approve(self, comment=None):
        """Say yes to the open step of these documents; after the last one, what was asked for is done.

        :param str comment: kept with the decision, optional
        :return: True
        :raise UserError: where the user may not decide, or somebody else has decided
        """
        self.check_access('read')
        for document in self:
            tasks = document._k20_tasks()
            document._k20_decide(document._k20_my_task(tasks), 'approved', comment)
            document._k20_go_on(tasks)
        return True

    def action_k20_reject(self, reason):
        """Say no to these documents; all their open tasks close and the requester is told why.

        :param str reason: compulsory
        :return: True
        :raise UserError: without a reason, or where the user may not decide
        """
        self.check_access('read')
        reason = (reason or '').strip()
        if not reason:
            raise UserError(self.env._("A refusal needs a reason: say why, the requester will read it."))
        for document in self:
            document._k20_decide(document._k20_my_task(document._k20_tasks()), 'rejected', reason)
            document._k20_close_tasks()
            document._k20_move('reject')
            with opened(document):
                document._k20_approval_refused(reason)
            document._k20_tell_requester(reason)
        return True

    def action_k20_ask_reason(self):
        """Open the dialog that asks why these documents are rejected.

        :return: an action
        """
        return self._k20_open_tasks().action_k20_ask_reason()

    # -- the engine --------------------------------------------------------------------------------------------------

    def _k20_require(self, event):
        """UserError where `event` is closed in this document's state; the sentence tells who decided."""
        self.ensure_one()
        if event in TRANSITIONS[self.k20_approval_state]:
            return
        last = self._k20_tasks().filtered('date_done').sorted('date_done')[-1:]
        if last:
            message = self.env._(
                "%(document)s has been decided on by %(user)s (%(state)s): reload to see it.",
                document=self.display_name,
                user=last.user_id.name,
                state=self._k20_state_label(),
            )
        else:
            message = self.env._(
                "%(document)s is in state %(state)s: reload to see what can be done with it.",
                document=self.display_name,
                state=self._k20_state_label(),
            )
        raise UserError(message)

    def _k20_state_label(self):
        selection = dict(self._fields['k20_approval_state']._description_selection(self.env))
        return selection[self.k20_approval_state]

    def _k20_move(self, event, **values):
        """Take these documents to the state that `event` leads to."""
        for document in self:
            document._k20_require(event)
        for state, documents in self.grouped('k20_approval_state').items():
            documents._k20_write({'k20_approval_state': TRANSITIONS[state][event], **values})

    def _k20_write(self, vals):
        # Whoever decides need not be allowed to change the document: sudo for the engine's own fields only.
        with opened(self):
            self.sudo().write(vals)

    def _k20_start(self, event, requester):
        """Begin a new submission of these documents: the flow is copied into tasks and the first step opens."""
        values = []
        for flow, documents in self.env['k20.approval.flow']._k20_get(self).items():
            values += flow._k20_prepare_tasks(documents, requester)
        tasks = self.env['k20.approval.task'].sudo().create(values)
        for submissions, documents in self.grouped('k20_approval_round').items():
            documents._k20_move(
                event,
                k20_requester_id=requester.id,
                k20_submitted_on=fields.Datetime.now(),
                k20_approval_round=submissions + 1,
                k20_decisions=0,
            )
        self._k20_open_step(tasks.filtered(lambda task: task.sequence == min(tasks.mapped('sequence'))))

    def _k20_my_task(self, tasks):
        """Return the open one of `tasks`, all of this document, which the user may read, that is theirs to decide.

        :raise UserError: where there is none, saying who decided or who is waited for
        """
        self._k20_require('approve')
        tasks = tasks._k20_open()
        mine = tasks._k20_decidable().sorted(lambda task: self.env.user not in task.approver_ids)[:1]
        if not mine:
            own = self.env.user in self._k20_approval_barred()
            raise UserError(
                self.env._("%s is your own request or customer: somebody else decides on it.", self.display_name)
                if own
                else self.env._(
                    "%(document)s waits for %(people)s: it is theirs to decide.",
                    document=self.display_name,
                    people=tasks.sudo()._k20_names(),
                )
            )
        return mine

    def _k20_decide(self, task, state, comment):
        """Write down the decision; the document's row is written first, so that of two at once one is retried."""
        self._k20_write({'k20_decisions': self.k20_decisions + 1})
        principal = task._k20_principal(self.env.user)
        task.sudo().write(
            {
                'state': state,
                'user_id': self.env.uid,
                'on_behalf_id': principal.id,
                'date_done': fields.Datetime.now(),
                'comment': comment or False,
            }
        )

    def _k20_go_on(self, tasks):
        """After a yes: wait for the others of the step, open the next one, or grant.

        :param tasks: all of this document
        """
        tasks = tasks.filtered(lambda other: other.round == self.k20_approval_round)
        if tasks.filtered(lambda other: other.state == 'open'):
            return
        waiting = tasks.filtered(lambda other: other.state == 'waiting')
        following = waiting.filtered(lambda other: other.sequence == min(waiting.mapped('sequence')))
        if following:
            self._k20_open_step(following)
            return
        self._k20_clear_activities()
        self._k20_move('approve')
        with opened(self):
            self._k20_approval_granted()
        self._k20_tell_requester()

    def _k20_open_step(self, tasks):
        """Open `tasks`, one step of each document; who agreed before in this submission is skipped if so wanted."""
        now = fields.Datetime.now()
        skipped = tasks.browse()
        for task in tasks.filtered('skip_repeated'):
            agreed = task._k20_agreed_before()
            if agreed:
                task.write({'state': 'skipped', 'user_id': agreed[0].id, 'date_open': now, 'date_done': now})
                skipped += task
        asked = tasks - skipped
        asked.write({'state': 'open', 'date_open': now})
        self._k20_clear_activities()
        self._k20_ask(asked)
        for document in self.browse(set(skipped.mapped('res_id')) - set(asked.mapped('res_id'))):
            document._k20_go_on(document._k20_tasks())

    def _k20_close_tasks(self):
        """Close what is still open or waiting, with its activities."""
        self._k20_tasks().filtered(lambda task: task.state in ('waiting', 'open')).write({'state': 'closed'})
        self._k20_clear_activities()

    def _k20_follow_changed_flow(self):
        """Start a submitted document again where a change of the administrator's brought it under another flow."""
        for document in self.filtered(lambda document: document.k20_approval_state == 'submitted'):
            current = document._k20_open_tasks().sudo().flow_id
            [fitting] = self.env['k20.approval.flow']._k20_match(document)
            if current and fitting not in (current, current.browse()):
                document._k20_close_tasks()
                document._k20_start('restart', document.k20_requester_id)

    def _k20_tasks(self):
        """Return all tasks of these documents, in sudo: who reads the document may know who decided."""
        domain = [('res_model', '=', self._name), ('res_id', 'in', self.ids)]
        return self.env['k20.approval.task'].sudo().search_fetch(domain)

    def _k20_open_tasks(self):
        """Return the open tasks of these documents, as the user: what they may decide is asked of them."""
        return self._k20_tasks()._k20_open()

    def _k20_can_be_read_by(self, user):
        """Tell whether `user` may read this document in its company."""
        return bool(self._k20_readable_by(user))

    def _k20_readable_by(self, user):
        """Return those of these documents that `user` may read in their company."""
        readable = self.browse()
        for company, documents in self.grouped(lambda document: document._k20_approval_company()).items():
            if company.id in user.sudo()._get_company_ids():  # sudo: kept for all, so read as nobody in particular
                seen = documents.with_user(user).with_context(allowed_company_ids=company.ids)
                readable += seen._filtered_access('read').with_env(self.env)
        return readable
