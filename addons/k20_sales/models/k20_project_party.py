from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.k20_base.tools.days import shift

ROLES = [
    ('own', "Our company"),
    ('vendor', "Vendor"),
    ('channel', "Channel"),
    ('end', "End customer"),
    ('other', "Other"),
]
STEP_FIELDS = {'lead_id', 'partner_id', 'role', 'duty', 'next_action', 'next_date'}


class K20ProjectParty(models.Model):
    """Who takes part in a project, in which role and with which duty, and what that party does next. (R010-R012)

    Seen and changed with the project. Naming a partner takes the right to read it: a colleague's channel is added by a
    leader of both or by the administrator; then its bare name shows to who sees the project, and no detail of it.
    """

    _name = 'k20.project.party'
    _description = "Party of a Project"
    _order = 'id'
    _rec_names_search = ['partner_id', 'duty', 'next_action']
    _k20_guarded = True

    lead_id = fields.Many2one('crm.lead', "Project", required=True, index=True, ondelete='cascade')
    partner_id = fields.Many2one('res.partner', "Party", required=True, index=True, ondelete='restrict')
    role = fields.Selection(ROLES, required=True)
    duty = fields.Char(help="What this party has taken upon itself in the project.")
    # What comes next
    next_action = fields.Char("Next Step")
    next_date = fields.Date("On", help="The project's owner is reminded of it.")
    step_state = fields.Selection(
        [('overdue', "Overdue"), ('soon', "Due soon"), ('later', "Later")],
        "Reminder",
        compute='_compute_step_state',
        search='_search_step_state',
        help="Due soon: within the reminder days of Settings.",
    )
    followup_ids = fields.One2many('k20.followup', 'party_id', "Actions", readonly=True)
    # Of the project
    user_id = fields.Many2one(related='lead_id.user_id', string="Project Owner", store=True)
    k20_customer_id = fields.Many2one(related='lead_id.k20_customer_id', string="Customer")

    _party_uniq = models.UniqueIndex(
        '(lead_id, partner_id, role)',
        "This party has that role in the project already: change the row that is there.",
    )
    _step_idx = models.Index('(user_id, next_date) WHERE next_date IS NOT NULL')

    @api.constrains('role', 'partner_id')
    def _check_own(self):
        companies = self.env['res.company'].sudo().search([('partner_id', 'in', self.sudo().partner_id.ids)])
        for party in self.filtered(lambda party: party.role == 'own'):
            if party.sudo().partner_id not in companies.partner_id:
                raise ValidationError(
                    self.env._("%s is not our own company: choose another role.", party.sudo().partner_id.name)
                )

    @api.depends('partner_id', 'role')
    def _compute_display_name(self):
        roles = dict(self._fields['role']._description_selection(self.env))
        for party in self:
            # sudo: it may be a colleague's channel; without details, whatever the context asks for.
            name = party.partner_id.sudo().display_name or ''
            party.display_name = f'{roles[party.role]}: {name}' if party.role else name

    @api.depends_context('uid', 'company')
    @api.depends('next_date')
    def _compute_step_state(self):
        today, soon = self._step_days()
        for party in self:
            day = party.next_date
            party.step_state = day and ('overdue' if day < today else 'soon' if day <= soon else 'later')

    def _search_step_state(self, operator, value):
        if operator != 'in':
            return NotImplemented
        today, soon = self._step_days()
        domains = {
            'overdue': Domain('next_date', '<', today),
            'soon': Domain('next_date', '>=', today) & Domain('next_date', '<=', soon),
            'later': Domain('next_date', '>', soon),
            False: Domain('next_date', '=', False),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _step_days(self):
        """Return today and the last day that counts as due soon."""
        today = self.env.user._k20_today()
        return today, shift(today, self.env.company.k20_reminder_days)

    @api.onchange('role')
    def _onchange_role(self):
        if self.role == 'own' and not self.partner_id:
            self.partner_id = self.lead_id._k20_own_partner()

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        default_role = self.default_get(['role']).get('role')
        for vals in vals_list:
            if not vals.get('role', default_role):
                raise UserError(self.env._("What is this party in the project? Choose its role."))
            if vals.get('role', default_role) == 'own' and not vals.get('partner_id'):
                vals['partner_id'] = self.env['crm.lead'].browse(vals.get('lead_id'))._k20_own_partner().id
        parties = super().create(vals_list)
        parties._sync_steps()
        return parties

    def write(self, vals):
        if 'role' in vals and not vals['role']:
            raise UserError(self.env._("What is this party in the project? Choose its role."))
        result = super().write(vals)
        if STEP_FIELDS & vals.keys():
            self._sync_steps()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_acted(self):
        for party in self.sudo():
            if party.followup_ids:
                raise UserError(
                    self.env._(
                        "%(party)s has taken action in the project already: keep it, without a next step.",
                        party=party.partner_id.name,
                    )
                )

    def action_k20_done(self, content, next_action=None, next_date=None, status=None, method_id=None, date=None):
        """Finish this party's next step: what was done becomes a follow-up of the project's customer. (R011)

        :param content: what was done and with which result, in words; compulsory
        :param next_action: what the party does next, if anything
        :param next_date: the day of that, a date or its text (YYYY-MM-DD)
        :param status: a follow-up's status; without one the customer's last one stands
        :param method_id: id of a k20.followup.method
        :param date: the day it was done, today by default
        :return: id of the follow-up
        :raise UserError: without content, without a step to finish, for a project without a customer
        :raise ValidationError: for days that cannot be
        """
        self.ensure_one()
        self.check_access('write')
        content = content.strip() if isinstance(content, str) else ''
        if not content:
            raise UserError(self.env._("What was done, and what came of it? Write it down."))
        if not (self.next_action or self.next_date):
            raise UserError(self.env._("There is no next step to finish: it is done already, or was never planned."))
        self.write({'next_action': False, 'next_date': False})
        values = self._prepare_followup(content, next_action, next_date, status, method_id, date)
        return self.env['k20.followup'].create(values).id

    def _k20_end_in(self, kept):
        """Give what this party did, and does next where `kept` has no plan, to `kept`, which stands in its place."""
        self.followup_ids._k20_move_to(kept.lead_id, kept)
        step = {'next_action': self.next_action, 'next_date': self.next_date}
        self.write(dict.fromkeys(step, False))
        if any(step.values()) and not (kept.next_action or kept.next_date):
            kept.write(step)

    def _prepare_followup(self, content, next_action, next_date, status, method_id, date):
        """Return the values of the follow-up that tells what this party has done."""
        customer = self.lead_id.k20_customer_id
        if not customer.k20_kind:
            raise UserError(self.env._("The project names no customer yet: choose it first."))
        values = {
            'partner_id': customer.id,
            'lead_id': self.lead_id.id,
            'party_id': self.id,
            'content': content,
            'status': status or customer.k20_followup_status or 'contacted',
            'next_plan': next_action or False,
            'next_date': next_date or False,
        }
        if method_id:
            values['method_id'] = method_id
        if date:
            values['date'] = date
        return values
