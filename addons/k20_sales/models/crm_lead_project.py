from odoo import api, fields, models

# What decides whether, and whom, the parties' next steps remind.
REMINDING = {'active', 'partner_id', 'probability', 'stage_id', 'type', 'user_id', 'won_status'}
READERS = 'k20_base.group_k20_salesperson,k20_base.group_k20_all_customers'


class CrmLead(models.Model):
    """A project: who brought it, who takes part, who does what next and who did what. (R009-R013)"""

    _name = 'crm.lead'
    _inherit = ['crm.lead', 'k20.figures.mixin']

    type = fields.Selection(default='opportunity')  # a lead is made where leads are listed
    k20_source_id = fields.Many2one(
        'k20.customer.source', "Lead Source", ondelete='restrict', index='btree_not_null', tracking=True
    )
    # Whose it is
    k20_customer_id = fields.Many2one(
        'res.partner',
        "Customer",
        compute='_compute_k20_customer_id',
        store=True,
        index='btree_not_null',
        compute_sudo=True,
        help="The customer, where the project names one of its contacts.",
    )
    k20_customer_code = fields.Char(related='k20_customer_id.k20_code', string="Customer Code")
    k20_customer_star = fields.Selection(related='k20_customer_id.k20_star', string="Star")
    k20_customer_phone = fields.Char(related='k20_customer_id.phone', string="Customer's Phone")
    k20_customer_prefecture = fields.Char(related='k20_customer_id.k20_prefecture', string="Prefecture")
    k20_customer_street = fields.Char(related='k20_customer_id.street', string="Address")
    k20_customer_contact_ids = fields.One2many(related='k20_customer_id.child_ids', string="Contacts")
    k20_customer_followup_date = fields.Date(
        related='k20_customer_id.k20_last_followup_date', string="Last Follow-up", groups=READERS
    )
    # Who does what next
    k20_party_ids = fields.One2many('k20.project.party', 'lead_id', "Parties", copy=False)
    k20_next_date = fields.Date("Next Step on", compute='_compute_k20_next_step', store=True, index='btree_not_null')
    k20_has_next_step = fields.Boolean("Has a Next Step", compute='_compute_k20_next_step', store=True)
    # Who did what
    k20_followup_ids = fields.One2many('k20.followup', 'lead_id', "Actions", copy=False, groups=READERS)
    k20_issue_ids = fields.One2many('k20.customer.issue', 'lead_id', "Service Issues", copy=False, groups=READERS)
    k20_followup_count = fields.Integer("Follow-ups", compute='_compute_k20_counts')
    k20_open_issue_count = fields.Integer("Open Issues", compute='_compute_k20_counts')

    @api.depends('partner_id.commercial_partner_id')
    def _compute_k20_customer_id(self):
        for lead in self:
            lead.k20_customer_id = lead.partner_id.commercial_partner_id

    @api.depends('k20_party_ids.next_action', 'k20_party_ids.next_date')
    def _compute_k20_next_step(self):
        for lead in self:
            days = [party.next_date for party in lead.k20_party_ids if party.next_date]
            lead.k20_next_date = min(days, default=False)
            lead.k20_has_next_step = any(party.next_action or party.next_date for party in lead.k20_party_ids)

    @api.depends_context('uid')
    def _compute_k20_counts(self):
        counts = {
            'k20_followup_count': self._k20_count('k20.followup', []),
            'k20_open_issue_count': self._k20_count('k20.customer.issue', [('state', '=', 'open')]),
        }
        for lead in self:
            for name, found in counts.items():
                lead[name] = found.get(lead._origin, 0)

    def _k20_count(self, model, domain):
        """Return {project: how many rows of `model` the reader sees}."""
        Model = self.env[model]
        if not Model.has_access('read'):
            return {}
        return dict(Model._read_group([('lead_id', 'in', self._origin.ids), *domain], ['lead_id'], ['__count']))

    def write(self, vals):
        result = super().write(vals)
        if REMINDING & vals.keys():
            self.sudo().k20_party_ids._sync_steps()
        return result

    def get_formview_id(self, access_uid=None):
        """Open projects in K20's own form."""
        return self.env.ref('k20_sales.crm_lead_view_form_project').id

    def _k20_is_open(self):
        """Tell whether this project is still being worked on."""
        self.ensure_one()
        return self.active and self.won_status == 'pending'

    def _k20_own_partner(self):
        """Return our own company as a party of this project."""
        return (self.sudo().company_id or self.env.company).partner_id

    def _k20_reminded_user(self):
        """Return who is reminded of this project's steps: its owner, or else the customer's; who may read it."""
        self.ensure_one()
        for user in (self.user_id, self.k20_customer_id.k20_owner_id):
            companies = {'allowed_company_ids': user.sudo().company_ids.ids}
            if user.active and self.with_user(user).with_context(**companies).has_access('read'):
                return user
        return self.env['res.users']

    def _k20_partners(self):
        """Return the customer, the channel and all parties of these projects: whose follow-ups and issues fit."""
        return self.k20_customer_id | self.k20_channel_id | self.k20_party_ids.partner_id

    def _merge_dependences(self, opportunities):
        """Take over the parties, follow-ups and issues of the projects that end in this one."""
        # sudo: they belong to projects that the caller merges; rows of colleagues go along too.
        known = {(party.partner_id, party.role): party for party in self.sudo().k20_party_ids}
        for party in opportunities.sudo().k20_party_ids:
            kept = known.setdefault((party.partner_id, party.role), party)
            if kept == party:
                party.lead_id = self
            else:
                party._k20_end_in(kept)
        opportunities.sudo().k20_followup_ids._k20_move_to(self)
        opportunities.sudo().k20_issue_ids.lead_id = self
        opportunities.invalidate_recordset(['activity_ids'])  # the reminders have moved with their parties
        return super()._merge_dependences(opportunities)
