from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

STARS = [(str(n), "★" * n) for n in range(1, 6)]


class K20LossRule(models.Model):
    """When a customer that nobody works on is lost to its owner. (R071, R072, R184, R190)

    The clock starts at the latest of what `condition` looks at (res.partner `_k20_loss_clock`); due when today is at
    least clock + days, in the company's time zone. Of several rules that cover a customer the earliest counts.
    """

    _name = 'k20.loss.rule'
    _description = "Loss Rule"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, help="Look at the preview before you switch a rule on.")
    company_id = fields.Many2one('res.company', help="Empty: for all companies.")
    # Whom it covers
    k20_kind = fields.Selection(
        [('channel', "Channel"), ('end', "End customer")], string="Covers", required=True, default='end'
    )
    star_min = fields.Selection(STARS, "From Star", help="Empty: from the lowest.")
    star_max = fields.Selection(STARS, "To Star", help="Empty: to the highest.")
    # When
    condition = fields.Selection(
        [
            ('no_conversion', "No first deal"),
            ('no_deal', "No deal"),
            ('no_followup', "Neither deal nor follow-up"),
        ],
        required=True,
        default='no_followup',
    )
    days = fields.Integer(required=True, default=60, help="So many days after the clock starts the customer is due.")
    warn_days = fields.Integer("Warn Days Before", default=7, help="The owner is told so many days before.")
    # What then
    needs_review = fields.Boolean("Needs a Review", help="The administrator decides on each customer that is due.")
    exempt_locked = fields.Boolean("Not Locked Ones", default=True)

    _days_positive = models.Constraint('CHECK (days > 0)', "The days of a loss rule are 1 or more: correct them.")
    _warn_days_sound = models.Constraint(
        'CHECK (warn_days >= 0 AND warn_days < days)',
        "The owner is warned 0 or more days before, and less than the days of the rule: correct them.",
    )

    @api.constrains('star_min', 'star_max')
    def _check_stars(self):
        for rule in self:
            if rule.star_min and rule.star_max and rule.star_min > rule.star_max:
                raise ValidationError(self.env._("The lowest star is above the highest: swap them."))

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env['res.partner']._k20_judge_all(set(rules.mapped('k20_kind')))
        return rules

    def write(self, vals):
        kinds = set(self.mapped('k20_kind'))
        result = super().write(vals)
        self.env['res.partner']._k20_judge_all(kinds | set(self.mapped('k20_kind')))
        return result

    def unlink(self):
        kinds = set(self.mapped('k20_kind'))
        result = super().unlink()
        self.env['res.partner']._k20_judge_all(kinds)
        return result

    def _k20_covers_domain(self):
        """Hook: return the domain of the customers that this rule covers."""
        self.ensure_one()
        domain = Domain('k20_kind', '=', self.k20_kind) & Domain('user_id', '!=', False)
        if self.company_id:
            domain &= Domain('company_id', 'in', (False, self.company_id.id))
        if self.star_min:
            domain &= Domain('k20_star', '>=', self.star_min)
        if self.star_max:
            domain &= Domain('k20_star', '<=', self.star_max)
        return domain

    def action_k20_preview(self):
        """Show just the customers that this rule would take today, before it is switched on.

        :return: an action on those customers
        """
        self.ensure_one()
        self.check_access('read')
        due = self.sudo()._k20_due_by_this_rule()
        action = self.env['ir.actions.act_window']._for_xml_id('k20_base.res_partner_action_loss_preview')
        return {**action, 'domain': [('id', 'in', due.ids)], 'display_name': self.name}

    def _k20_due_by_this_rule(self):
        """Return the customers that this rule alone would take today."""
        customers = self.env['res.partner'].sudo().search(self._k20_covers_domain())
        due = customers.filtered(
            lambda customer: (day := customer._k20_loss_due(self)) and day <= customer._k20_company()._k20_today()
        )
        return due - due._k20_loss_exempt(self)
