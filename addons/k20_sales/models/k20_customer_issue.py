from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.k20_base.tools.days import shift
from odoo.addons.k20_base.tools.opening import is_open, opened

# What the server works out; a client may send any field.
WORKED_OUT = {
    'state', 'date_answered', 'answered_by_id', 'date_solved', 'solved_by_id', 'solution', 'satisfaction',
    'hours_to_answer', 'hours_to_solution', 'owner_id', 'company_id',
}  # fmt: skip
# What a solved issue tells, and an answered one of its beginning.
FACTS = {
    'partner_id', 'lead_id', 'order_id', 'product_id', 'name', 'description', 'phase', 'kind', 'user_id', 'date',
    'date_due',
}  # fmt: skip
# Averages count only those issues in which it has come to that.
AVERAGES = {
    'satisfaction:avg': 'date_solved',
    'hours_to_answer:avg': 'date_answered',
    'hours_to_solution:avg': 'date_solved',
}


class K20CustomerIssue(models.Model):
    """A customer's question, doubt or complaint (客情), until it is solved. (R199-R202)

    Seen with the customer. Who may do what, on the server:
        salesperson     records, answers and solves those of own customers
        manager         the same for the teams they lead
        finance         the same for all
        administrator   all, and alone: deletes, and changes what is solved
    """

    _name = 'k20.customer.issue'
    _inherit = ['k20.owned.mixin', 'mail.thread', 'mail.activity.mixin']
    _description = "Service Issue"
    _order = 'date desc, id desc'
    _rec_names_search = ['name', 'partner_id']
    _k20_guarded = True

    # What it is about
    name = fields.Char("Subject", required=True, tracking=True)
    description = fields.Text()
    partner_id = fields.Many2one(
        'res.partner',
        "Customer",
        required=True,
        index=True,
        ondelete='restrict',
        domain=[('k20_kind', '!=', False)],
    )
    company_id = fields.Many2one(related='partner_id.company_id', store=True, precompute=True)
    lead_id = fields.Many2one(
        'crm.lead',
        "Project",
        index='btree_not_null',
        ondelete='set null',
        domain="['|', '|', ('k20_customer_id', '=', partner_id), ('k20_channel_id', '=', partner_id),"
        " ('k20_party_ids.partner_id', '=', partner_id)]",
    )
    order_id = fields.Many2one(
        'sale.order',
        index='btree_not_null',
        ondelete='set null',
        domain="[('partner_id', 'child_of', partner_id)]",
    )
    product_id = fields.Many2one('product.product', index='btree_not_null', ondelete='restrict')
    phase = fields.Selection(
        [('presale', "Pre-sale"), ('insale', "In-sale"), ('aftersale', "After-sale")],
        required=True,
        default='aftersale',
    )
    kind = fields.Selection(
        [('question', "Question"), ('doubt', "Doubt"), ('complaint', "Complaint")], required=True, default='question'
    )
    # Who looks after it, by when
    user_id = fields.Many2one(
        'res.users',
        "Person in Charge",
        index=True,
        ondelete='restrict',
        default=lambda self: self.env.user,
        domain=[('share', '=', False)],
        tracking=True,
    )
    date = fields.Datetime("Reported", required=True, default=fields.Datetime.now)
    date_due = fields.Date(
        "Due", required=True, default=lambda self: shift(self.env.company._k20_today(), 3), tracking=True
    )
    # How it went
    state = fields.Selection(
        [('open', "Open"), ('solved', "Solved")],
        required=True,
        default='open',
        readonly=True,
        copy=False,
        tracking=True,
    )
    date_answered = fields.Datetime("First Answer", readonly=True, copy=False)
    answered_by_id = fields.Many2one('res.users', "Answered by", readonly=True, copy=False, ondelete='restrict')
    date_solved = fields.Datetime("Solved on", readonly=True, copy=False)
    solved_by_id = fields.Many2one('res.users', "Solved by", readonly=True, copy=False, ondelete='restrict')
    solution = fields.Text(readonly=True, copy=False)
    satisfaction = fields.Integer(
        readonly=True, copy=False, aggregator='avg', help="How content the customer is with it, from 1 to 5."
    )
    hours_to_answer = fields.Float(compute='_compute_hours', store=True, aggregator='avg')
    hours_to_solution = fields.Float(compute='_compute_hours', store=True, aggregator='avg')
    age_days = fields.Integer("Age in Days", compute='_compute_age_days', help="Until today, or until it was solved.")
    is_overdue = fields.Boolean("Overdue", compute='_compute_age_days', search='_search_is_overdue')

    _satisfaction_range = models.Constraint(
        'CHECK (satisfaction IS NULL OR satisfaction BETWEEN 0 AND 5)', "Satisfaction goes from 1 to 5: correct it."
    )
    # The open ones of a person by their day, and the newest of what one sees.
    _open_idx = models.Index("(user_id, date_due) WHERE state = 'open'")
    _owner_date_idx = models.Index('(owner_id, date DESC, id DESC)')

    @api.constrains('partner_id', 'lead_id', 'order_id')
    def _check_customer(self):
        for issue in self.sudo():
            customer = issue.partner_id
            if not customer.k20_kind:
                raise ValidationError(
                    self.env._("%s is no customer: record the issue on a channel or an end customer.", customer.name)
                )
            if issue.lead_id and customer not in issue.lead_id._k20_partners():
                raise ValidationError(
                    self.env._(
                        "%(customer)s has no part in the project %(project)s: choose a project of this customer.",
                        customer=customer.name,
                        project=issue.lead_id.name,
                    )
                )
            order = issue.order_id
            buyer = order.partner_id.commercial_partner_id
            if order and customer not in buyer | order.opportunity_id._k20_partners():
                raise ValidationError(
                    self.env._("Order %(order)s is not of %(customer)s: choose one of this customer's orders.",
                               order=order.name, customer=customer.name)
                )  # fmt: skip

    @api.constrains('user_id', 'partner_id')
    def _check_user(self):
        for issue in self.sudo().filtered('user_id'):
            if not (issue.user_id.active and issue.partner_id._k20_seen_by(issue.user_id)):
                raise ValidationError(
                    self.env._("%s does not see this customer: choose somebody who looks after it.", issue.user_id.name)
                )

    @api.constrains('date')
    def _check_date(self):
        for issue in self:
            if issue.date > fields.Datetime.now():
                raise ValidationError(self.env._("It was reported in the future: correct the date."))

    @api.depends('date', 'date_answered', 'date_solved')
    def _compute_hours(self):
        for issue in self:
            issue.hours_to_answer = issue._hours_until(issue.date_answered)
            issue.hours_to_solution = issue._hours_until(issue.date_solved)

    def _hours_until(self, moment):
        if not moment or not self.date:
            return 0.0
        return round(max(0.0, (moment - self.date).total_seconds()) / 3600, 2)

    @api.depends('date', 'date_due', 'date_solved')
    def _compute_age_days(self):
        for issue in self:
            company = issue.company_id or self.env.company
            today = company._k20_today()
            end = company._k20_day_of(issue.date_solved) if issue.date_solved else today
            issue.age_days = max(0, (end - company._k20_day_of(issue.date)).days) if issue.date else 0
            issue.is_overdue = issue.state == 'open' and bool(issue.date_due) and issue.date_due < today

    def _search_is_overdue(self, operator, value):
        if operator != 'in':
            return NotImplemented
        overdue = fields.Domain('state', '=', 'open') & fields.Domain('date_due', '<', self.env.company._k20_today())
        return overdue if True in value else ~overdue

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            sent = {name: value for name, value in vals.items() if value not in (False, None, 'open')}
            self._check_not_worked_out(sent)
        issues = super().create(vals_list)
        issues._sync_reminders()
        return issues

    @api.model
    def default_get(self, fields):
        defaults = super().default_get([name for name in fields if name == 'state' or name not in WORKED_OUT])
        return {**defaults, **({'state': 'open'} if 'state' in defaults else {})}

    def write(self, vals):
        if not all(map(is_open, self)):
            self._check_not_worked_out(vals)
            self._check_still_open(vals)
        result = super().write(vals)
        if {'user_id', 'date_due', 'state', 'name', 'kind', 'partner_id'} & vals.keys():
            self._sync_reminders()
        return result

    def unlink(self):
        with opened(self.sudo().activity_ids):
            return super().unlink()

    def _check_not_worked_out(self, vals):
        for name in WORKED_OUT & vals.keys():
            label = self._fields[name]._description_string(self.env)
            raise UserError(self.env._("%s is worked out by the system: leave it out.", label))

    def _check_still_open(self, vals):
        """Refuse to rewrite what is solved, and when what is answered was reported; the administrator may."""
        if self.env.user._k20_administers():
            return
        if FACTS & vals.keys() and 'solved' in self.mapped('state'):
            raise UserError(self.env._("The issue is solved: reopen it first."))
        if 'date' in vals and any(self.mapped('date_answered')):
            raise UserError(self.env._("It is answered already: when it was reported stays as it is."))

    def _read_group_select(self, aggregate_spec, query):
        reached = AVERAGES.get(aggregate_spec)
        if not reached:
            return super()._read_group_select(aggregate_spec, query)
        name = aggregate_spec.partition(':')[0]
        return SQL(
            "AVG(%s) FILTER (WHERE %s IS NOT NULL)",
            self._field_to_sql(self._table, name, query),
            self._field_to_sql(self._table, reached, query),
        )

    # Actions

    def action_k20_answer(self, answer=None):
        """Record that these issues were answered; the first answer counts, further ones are only noted.

        :param answer: what was said, in words; noted in the issue's log
        :return: True
        :raise UserError: for what is solved
        """
        self.check_access('write')
        if 'solved' in self.mapped('state'):
            raise UserError(self.env._("The issue is solved: reopen it first."))
        fresh = self.filtered(lambda issue: not issue.date_answered)
        with opened(fresh):
            fresh.write({'date_answered': fields.Datetime.now(), 'answered_by_id': self.env.uid})
        if isinstance(answer, str) and answer.strip():
            for issue in self:
                issue.message_post(body=answer.strip(), subtype_xmlid='mail.mt_note')
        return True

    def action_k20_solve(self, solution, satisfaction):
        """Close these issues with what solved them and how content the customer is.

        :param solution: in words; compulsory
        :param satisfaction: whole number from 1 to 5
        :return: True
        :raise UserError: without solution, for another satisfaction, or for what is solved already
        """
        self.check_access('write')
        solution = solution.strip() if isinstance(solution, str) else ''
        if not solution:
            raise UserError(self.env._("What solved it? Write it down, so that it can be used again."))
        level = self._satisfaction_level(satisfaction)
        if 'solved' in self.mapped('state'):
            raise UserError(self.env._("It is solved already: reopen it first."))
        now = fields.Datetime.now()
        solved = {'state': 'solved', 'date_solved': now, 'solved_by_id': self.env.uid}
        for issue in self:
            answered = {} if issue.date_answered else {'date_answered': now, 'answered_by_id': self.env.uid}
            with opened(issue):
                issue.write({**solved, **answered, 'solution': solution, 'satisfaction': level})
        return True

    @api.model
    def _satisfaction_level(self, satisfaction):
        given = isinstance(satisfaction, (int, str)) and not isinstance(satisfaction, bool)
        if not given or str(satisfaction) not in {'1', '2', '3', '4', '5'}:
            raise UserError(self.env._("How content is the customer? Give a number from 1 to 5."))
        return int(satisfaction)

    def action_k20_reopen(self, reason=None):
        """Open solved issues again: the solution stays to be read, the satisfaction is asked for anew.

        :param reason: why, in words; noted in the issue's log
        :return: True
        :raise UserError: for what is open
        """
        self.check_access('write')
        if 'open' in self.mapped('state'):
            raise UserError(self.env._("It is open already: answer it, or solve it."))
        with opened(self):
            self.write({'state': 'open', 'date_solved': False, 'solved_by_id': False, 'satisfaction': 0})
        if isinstance(reason, str) and reason.strip():
            for issue in self:
                issue.message_post(body=reason.strip(), subtype_xmlid='mail.mt_note')
        return True
