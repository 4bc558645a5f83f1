from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class K20Followup(models.Model):
    """A follow-up may belong to a project, and tell what one of its parties did. (R011)

    What a party did says nothing of the customer's own next step: a next step in it is the party's.
    """

    _inherit = 'k20.followup'

    lead_id = fields.Many2one(
        'crm.lead',
        "Project",
        index='btree_not_null',
        ondelete='set null',
        domain="['|', '|', ('k20_customer_id', '=', partner_id), ('k20_channel_id', '=', partner_id),"
        " ('k20_party_ids.partner_id', '=', partner_id)]",
    )
    party_id = fields.Many2one(
        'k20.project.party',
        index='btree_not_null',
        ondelete='set null',
        domain="[('lead_id', '=', lead_id)]",
        help="Who acted, where it was a party of the project; the next step is then that party's.",
    )

    @api.constrains('partner_id', 'lead_id', 'party_id')
    def _check_project(self):
        for followup in self.sudo():
            lead = followup.lead_id
            if followup.party_id and followup.party_id.lead_id != lead:
                raise ValidationError(self.env._("The party belongs to another project: choose one of this project."))
            if lead and followup.partner_id not in lead._k20_partners():
                raise ValidationError(
                    self.env._(
                        "%(customer)s has no part in the project %(project)s: choose a project of this customer.",
                        customer=followup.partner_id.name,
                        project=lead.name,
                    )
                )

    @api.model
    def _plans_condition(self):
        self.flush_model(['party_id'])
        return SQL("k20_followup.party_id IS NULL")

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get('party_id') and not vals.get('lead_id'):
                vals['lead_id'] = self.env['k20.project.party'].browse(vals['party_id']).lead_id.id
        followups = super().create(vals_list)
        for followup in followups.filtered('party_id'):
            if followup.next_date or followup.next_plan:
                followup.party_id.write({'next_action': followup.next_plan, 'next_date': followup.next_date})
        return followups

    def write(self, vals):
        if 'party_id' in vals and any(followup.party_id.id != (vals['party_id'] or False) for followup in self):
            raise UserError(self.env._("Who acted stays as it was recorded: record a new follow-up instead."))
        return super().write(vals)

    def _k20_move_to(self, lead, party=None):
        """Take these follow-ups along to the project that took theirs over."""
        values = {'lead_id': lead.id, **({'party_id': party.id} if party else {})}
        super().write(values)  # pylint: disable=super-method-mismatch
