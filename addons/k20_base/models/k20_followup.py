from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

STATUSES = [
    ('contacted', "Contacted"),
    ('interested', "Interested"),
    ('quoted', "Quoted"),
    ('negotiating', "Negotiating"),
    ('won', "Won"),
    ('on_hold', "On hold"),
    ('refused', "Refused"),
]

# What K20 works out by itself; a client may send any field, also one that is readonly.
WORKED_OUT = {'owner_id', 'company_id', 'moves_clock'}


class K20Followup(models.Model):
    """One contact with a customer (跟单) and the next step agreed on. (R008, R055, R057, R077, R080)

    Visible only with its customer. Who may do what, on the server:
        salesperson     reads those of own customers and adds to them; changes and deletes own entries only
        manager         the same for the customers of the teams they lead
        finance         reads all
        administrator   all, and alone: changes and deletes entries of others
    """

    _name = 'k20.followup'
    _inherit = ['k20.owned.mixin']
    _description = "Follow-up"
    _order = 'date desc, id desc'
    _rec_names_search = ['partner_id', 'next_plan']
    _k20_guarded = True

    # Whose
    partner_id = fields.Many2one(
        'res.partner',
        "Customer",
        required=True,
        index=True,
        ondelete='restrict',
        domain=[('k20_kind', '!=', False)],
        help="The channel or end customer that was contacted.",
    )
    company_id = fields.Many2one('res.company', related='partner_id.company_id', store=True, precompute=True)
    user_id = fields.Many2one(
        'res.users',
        "Salesperson",
        required=True,
        index=True,
        ondelete='restrict',
        default=lambda self: self.env.user,
        help="Who had the contact; stays when the customer changes hands.",
    )
    # What happened
    date = fields.Date(required=True, default=lambda self: self.env.user._k20_today())
    method_id = fields.Many2one('k20.followup.method', ondelete='restrict')
    status = fields.Selection(STATUSES, required=True, default='contacted')
    content = fields.Text(help="What was said.")
    # What comes next
    next_date = fields.Date(help="The day of the next step; you are reminded of it.")
    next_plan = fields.Char(help="What is to be done then.")
    # What it counts for
    moves_clock = fields.Boolean(
        "Moves the Loss Clock",
        compute='_compute_moves_clock',
        store=True,
        precompute=True,
        help="Entries recorded later than Settings allow do not hold back the loss of the customer.",
    )
    can_edit = fields.Boolean(compute='_compute_can_edit')

    # Lists under the record rule come newest first, and so do those of who sees all.
    _owner_date_idx = models.Index('(owner_id, date DESC, id DESC)')
    _date_idx = models.Index('(date DESC, id DESC)')

    @api.constrains('partner_id')
    def _check_partner(self):
        for followup in self.sudo():
            if not followup.partner_id.k20_kind:
                raise ValidationError(
                    self.env._(
                        "%s is no customer: record the follow-up on a channel or an end customer.",
                        followup.partner_id.name,
                    )
                )

    @api.constrains('user_id')
    def _check_user(self):
        if self.env.uid == api.SUPERUSER_ID or self.env.user.has_group('k20_base.group_k20_admin'):
            return
        if self.user_id - self.env.user:
            raise ValidationError(self.env._("You record follow-ups in your own name only: choose yourself."))

    @api.constrains('date', 'next_date')
    def _check_dates(self):
        today = self.env.user._k20_today()
        for followup in self:
            if followup.date > today:
                raise ValidationError(
                    self.env._(
                        "%(date)s lies in the future (today is %(today)s): record the contact when it has happened.",
                        date=followup.date,
                        today=today,
                    )
                )
            if followup.next_date and followup.next_date < followup.date:
                raise ValidationError(
                    self.env._(
                        "The next step on %(next_date)s lies before the contact on %(date)s: choose a later day.",
                        next_date=followup.next_date,
                        date=followup.date,
                    )
                )

    @api.depends('partner_id', 'date')
    def _compute_display_name(self):
        for followup in self:
            followup.display_name = f"{followup.partner_id.display_name or ''} {followup.date or ''}".strip()

    @api.depends('date', 'partner_id')
    def _compute_moves_clock(self):
        # Judged on the day it is recorded (or its date is changed): later days and later Settings change nothing.
        today = self.env.user._k20_today()
        for followup in self:
            limit = (followup.company_id or self.env.company).k20_followup_backdate_days
            followup.moves_clock = not limit or (today - (followup.date or today)).days <= limit

    @api.depends_context('uid')
    def _compute_can_edit(self):
        editable = self._filtered_access('write')
        for followup in self:
            followup.can_edit = not followup.id or followup in editable

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_worked_out(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_not_worked_out(vals)
        return super().write(vals)

    def _check_not_worked_out(self, vals):
        for name in WORKED_OUT & vals.keys():
            label = self._fields[name]._description_string(self.env)
            raise UserError(self.env._("%s is worked out by the system: leave it out.", label))

    def _check_access(self, operation):
        """Tell who reads an entry and may not change it why; of hidden ones nothing is said."""
        result = super()._check_access(operation)
        if result and operation in ('write', 'unlink') and not (result[0] - result[0]._filtered_access('read')):
            return result[0], self._other_author_error
        return result

    def _other_author_error(self):
        return AccessError(
            self.env._("Only who wrote a follow-up changes it: record a new one, or ask the administrator.")
        )

    @api.model
    def _plans_condition(self):
        """Hook: return in SQL which follow-ups (`k20_followup`) say a customer's own next step; None for all."""
        return

    @api.model
    def _latest_by_customer(self, customers, planning=False):
        """Return {customer id: its latest follow-up, by date and then by order of entry; empty where there is none}.

        :param planning: leave those out that say nothing of the customer's own next step, see `_plans_condition`
        """
        found = dict.fromkeys(customers.ids, self.browse())
        if not found:
            return found
        self.flush_model(['partner_id', 'date'])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (partner_id) partner_id, id
                  FROM k20_followup
                 WHERE partner_id IN %(customer_ids)s AND %(condition)s
              ORDER BY partner_id, date DESC, id DESC
                """,
                customer_ids=tuple(found),
                condition=(planning and self._plans_condition()) or SQL("TRUE"),
            )
        )
        latest = self.browse(followup_id for _customer_id, followup_id in rows)
        found.update(zip((customer_id for customer_id, _followup_id in rows), latest, strict=True))
        return found
