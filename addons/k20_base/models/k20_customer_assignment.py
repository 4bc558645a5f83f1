from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.opening import creating, is_creating, moving, opened

# What people ask for; `assign` and `import` are written down when they happen.
REQUESTS = {'claim', 'transfer', 'release', 'loss', 'extend'}
TO_POOL = {'release', 'loss'}
# What a request takes from who asks; the rest the system fills in.
ASKED = {'kind', 'partner_id', 'to_user_id', 'reason', 'extend_days'}


class K20CustomerAssignment(models.Model):
    """Every move of a customer, asked for or done: request and trace in one. (R051, R052, R075, R181-R184)

    Who may do what:
        salesperson     asks for a customer of the pool; asks to transfer, release, give up or protect own ones
        manager         the same for the customers of the teams they lead
        administrator   decides by default; assigns directly by the customer's owner field
    Nobody changes a row afterwards; the list of a customer's rows is its history.
    """

    _name = 'k20.customer.assignment'
    _inherit = ['k20.approval.mixin', 'k20.owned.mixin']
    _description = "Customer Assignment"
    _order = 'id desc'

    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, ondelete='cascade', index=True, readonly=True
    )
    owner_id = fields.Many2one(index='btree_not_null')
    company_id = fields.Many2one(related='partner_id.company_id', store=True, precompute=True)
    # For the lists: of what has gone to the pool, a salesperson could not ask the customer.
    k20_kind = fields.Selection(related='partner_id.k20_kind', string="Customer Kind")
    k20_star = fields.Selection(related='partner_id.k20_star', string="Star")
    kind = fields.Selection(
        [
            ('claim', "Claim"),
            ('transfer', "Transfer"),
            ('release', "Release to the pool"),
            ('loss', "Loss"),
            ('assign', "Assignment by the administrator"),
            ('import', "Import"),
            ('extend', "Longer protection"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    from_user_id = fields.Many2one(
        'res.users', "Former Owner", readonly=True, ondelete='restrict', index='btree_not_null'
    )
    to_user_id = fields.Many2one('res.users', "New Owner", readonly=True, ondelete='restrict', index='btree_not_null')
    reason = fields.Text(readonly=True)
    extend_days = fields.Integer("Days More", readonly=True, help="How many days the customer is protected longer.")
    restart_clock = fields.Boolean(
        "Loss Clock Starts Again", help="Ticked by the approver: the new owner gets the rules' full time."
    )
    rule_id = fields.Many2one('k20.loss.rule', "Loss Rule", readonly=True, ondelete='set null')
    date_done = fields.Datetime("Done on", readonly=True, copy=False, index=True)
    # As they stood then: what comes afterwards is somebody else's business with the customer. (R082, R186)
    last_followup_date = fields.Date("Last Follow-up", compute='_compute_last_dates', store=True, precompute=True)
    last_deal_date = fields.Date("Last Deal", compute='_compute_last_dates', store=True, precompute=True)

    _open_uniq = models.UniqueIndex(
        "(partner_id) WHERE k20_approval_state = 'submitted'",
        "Somebody has asked for this customer just now: wait for the decision.",
    )

    @api.depends('kind', 'partner_id')
    def _compute_display_name(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for assignment in self:
            customer = assignment.sudo().partner_id
            assignment.display_name = self.env._(
                "%(kind)s: %(customer)s (%(code)s)",
                kind=kinds.get(assignment.kind),
                customer=customer.name,
                code=customer.k20_code,
            )

    @api.depends('partner_id', 'date_done')
    def _compute_last_dates(self):
        for assignment in self:
            assignment.last_followup_date = assignment.partner_id.k20_last_followup_date
            assignment.last_deal_date = assignment.partner_id.k20_last_deal_date

    def _k20_approval_summary(self):
        people = [user.name for user in (self.from_user_id, self.to_user_id) if user]
        return ' · '.join([' → '.join(dict.fromkeys(people)), *([self.reason] if self.reason else [])])

    @api.model_create_multi
    def create(self, vals_list):
        if is_creating(self):
            return super().create(vals_list)
        asked = self.env['res.partner'].sudo().browse(filter(None, (vals.get('partner_id') for vals in vals_list)))
        customers = asked.exists().grouped('id')
        for vals in vals_list:
            self._k20_complete_request(vals, customers.get(vals.get('partner_id'), asked.browse()))
        requests = super().create(vals_list)
        requests._k20_check_request()
        return requests

    @api.model
    def default_get(self, fields):
        # A default, of the context or a personal one, would fill in what the system does.
        return super().default_get([name for name in fields if name in ASKED])

    @api.model
    def _k20_complete_request(self, vals, customer):
        """Fill in what the asker does not choose: whose `customer` (in sudo) is now, and whose a claim will be."""
        if vals.get('kind') not in REQUESTS or vals.keys() - ASKED:
            raise AccessError(self.env._("This is written down by the system: ask for a claim, transfer or release."))
        vals.update(
            date_done=False,
            restart_clock=False,
            from_user_id=customer.user_id.id,
            to_user_id={'claim': self.env.uid, 'transfer': vals.get('to_user_id'), 'extend': customer.user_id.id}.get(
                vals['kind'], False
            ),
        )

    # -- the rules of each kind: asked when requested and again when granted -----------------------------------------

    def _k20_approval_check(self):
        super()._k20_approval_check()
        self.flush_model(['k20_approval_state'])  # or the index would still count a request just closed
        self.partner_id.sudo()._k20_serialize_moves()
        if self.partner_id.sudo()._k20_open_requests():
            raise UserError(self.env._("Somebody has asked for this customer already: wait for the decision."))
        self._k20_check_request()

    def _k20_check_request(self):
        """Refuse what cannot be asked for; the same words for every customer that cannot be claimed. (R060)

        :raise UserError: one sentence, naming nothing of a colleague's
        """
        checks = {
            'claim': self._k20_check_claim,
            'transfer': self._k20_check_transfer,
            'release': self._k20_check_release,
            'loss': self._k20_check_own,
            'extend': self._k20_check_extend,
        }
        for assignment in self:
            checks[assignment.kind](assignment)

    def _k20_check_claim(self, claim):
        customer = claim.partner_id.sudo()
        if not self.env['k20.pool.customer'].sudo()._k20_is_there(customer):
            raise UserError(self.env._("This customer is not in the pool: look for another one there."))
        customer._k20_check_claimable(claim.to_user_id, but=claim)

    def _k20_check_own(self, request):
        """The owner asks, who leads the owner, or the administrator; nobody for a customer without owner."""
        customer = request.partner_id.sudo()
        asker = request.k20_requester_id or self.env.user
        if not customer.k20_kind or not customer.user_id:
            raise UserError(self.env._("This customer has no owner: claim it from the pool."))
        if not asker._k20_administers() and customer.user_id.id not in asker._k20_visible_user_ids():
            raise UserError(self.env._("This customer is not yours: its owner asks."))
        if customer.user_id != request.from_user_id:
            raise UserError(
                self.env._("%s has another owner meanwhile: the request has nothing to move.", customer.name)
            )

    def _k20_check_transfer(self, request):
        self._k20_check_own(request)
        customer, receiver = request.partner_id.sudo(), request.to_user_id
        if receiver == customer.user_id:
            raise UserError(self.env._("%s looks after this customer already: choose a colleague.", receiver.name))
        customer._k20_check_may_own(receiver)
        customer._k20_check_room(receiver)

    def _k20_check_release(self, request):
        self._k20_check_own(request)
        if request.partner_id.sudo()._k20_is_locked():
            raise UserError(
                self.env._("%s is locked: unlock it before it is released.", request.partner_id.display_name)
            )

    def _k20_check_extend(self, request):
        self._k20_check_own(request)
        if request.extend_days <= 0:
            raise UserError(self.env._("Longer protection needs a number of days: type 1 or more."))

    @api.model
    def _k20_request(self, kind, customer_ids, reason=None, **values):
        """Ask for `kind` of these customers, all or none, as the user.

        :return: the requests, submitted
        """
        # A claimer cannot read the customer, so naming it takes sudo; the checks go by the user all the same.
        requests = self.sudo().create([
            {'kind': kind, 'partner_id': customer_id, 'reason': reason or False, **values}
            for customer_id in customer_ids
        ])  # fmt: skip
        requests.action_k20_submit()
        return requests.sudo(False)

    @api.model
    def _k20_open_reviews(self, customers):
        """Ask the approvers whether these customers, due by their rules, are lost; in the name of the system.

        :return: the requests, submitted
        """
        # The timeline tells what happens to a review, and its approvers find them all in one list: no mail for each.
        quiet = {'tracking_disable': True, 'mail_create_nolog': True, 'mail_activity_quick_update': True}
        System = self.with_user(SUPERUSER_ID).with_context(**quiet)
        reviews = System.create([
            {'kind': 'loss', 'partner_id': customer.id, 'reason': customer.k20_loss_rule_id.name}
            for customer in customers
        ])  # fmt: skip
        for rule, mine in reviews.grouped(lambda review: review.partner_id.k20_loss_rule_id).items():
            with opened(mine):
                mine.rule_id = rule
        reviews._k20_submit_together()
        return reviews

    def _k20_check_may_submit(self):
        # Nobody writes a request, so write access is no measure: who asked, or the administrator, submits it.
        for request in self:
            if request.create_uid != self.env.user and not self._k20_is_administrator():
                raise AccessError(self.env._("This was asked for by somebody else: they submit it."))

    def action_k20_restart_clock(self):
        """Approve transfers and let the loss clock start again for the new owner.

        :return: True
        :raise UserError: where the user may not decide
        """
        self.check_access('read')
        self.filtered(lambda assignment: assignment.kind == 'transfer')._k20_write({'restart_clock': True})
        return self.action_k20_approve()  # refuses who may not decide, and what is written above with it

    def _k20_approval_barred(self):
        # The owner of a customer does not review the loss of it, whoever asked. (R083)
        return super()._k20_approval_barred() | (self.from_user_id if self.kind == 'loss' else self.env['res.users'])

    def _k20_approval_refused(self, reason):
        super()._k20_approval_refused(reason)
        for review in self.filtered(lambda assignment: assignment.kind == 'loss'):
            customer = review.partner_id.sudo()
            with moving():
                customer.k20_loss_refused_on = customer._k20_company()._k20_today()

    # -- what a yes does ---------------------------------------------------------------------------------------------

    def _k20_approval_granted(self):
        super()._k20_approval_granted()
        for assignment in self:
            assignment._k20_check_request()
            assignment.sudo()._k20_carry_out()

    def _k20_carry_out(self):
        """Move the customer, with what hangs on it, and date the row."""
        self.ensure_one()
        customer = self.partner_id
        with opened(self):
            self.date_done = fields.Datetime.now()
        if self.kind == 'extend':
            customer._k20_extend_protection(self.extend_days)
            return
        values = {'user_id': self.to_user_id.id}
        if self.kind in TO_POOL:
            values['k20_pool_reason'] = self._k20_pool_reason()
        elif self.kind == 'claim' or self.restart_clock:
            values['k20_owned_since'] = self.date_done
        with moving():
            customer.write(values)
        self.env['k20.pool.customer'].invalidate_model()

    def _k20_pool_reason(self):
        """Return why the customer is in the pool, in words that everybody who sells may read."""
        kind = dict(self._fields['kind']._description_selection(self.env))[self.kind]
        names = self.partner_id._k20_contact_names()[self.partner_id]
        reason = self.env['k20.pool.followup']._k20_masked(self.reason or '', names).strip()
        return self.env._("%(kind)s: %(reason)s", kind=kind, reason=reason) if reason else kind

    def _k20_was_followed_by_a_move(self):
        """Tell whether the customer changed hands again after this row."""
        later = [('partner_id', '=', self.partner_id.id), ('id', '>', self.id), ('date_done', '!=', False)]
        return bool(self.sudo().search_count([*later, ('kind', '!=', 'extend')], limit=1))

    def _k20_close(self, reason):
        """Close these open requests without a decision, and tell who asked why."""
        for request in self:
            with opened(request):
                request._k20_close_tasks()
                request.k20_approval_state = 'rejected'
                request._k20_tell_requester(reason)

    @api.model
    def _k20_record(self, kind, customers, former_owners, reason=False, **values):
        """Write down moves that were not asked for: the administrator's, an import's, a rule's.

        :param former_owners: {customer: its owner until now}
        :return: the new rows
        """
        now = fields.Datetime.now()
        quiet = self.sudo().with_context(tracking_disable=True, mail_create_nolog=True)
        with creating(self):
            return quiet.create([
                {
                    'partner_id': customer.id,
                    'kind': kind,
                    'from_user_id': former_owners[customer].id,
                    'to_user_id': customer.user_id.id,
                    'reason': reason,
                    'date_done': now,
                    'k20_approval_state': 'approved',
                    'k20_requester_id': self.env.uid,
                    **values,
                }
                for customer in customers
            ])  # fmt: skip
