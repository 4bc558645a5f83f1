from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import groupby

MAX_NAME = 200  # signs; an index entry cannot hold much more


class ResPartner(models.Model):
    """What a customer is: its kind, code, region and base data. (R001, R014, R047, R049, R073)

    A customer is a commercial partner with `k20_kind`; its contacts are its children.

    Who may do what, on the server:
        salesperson     creates own customers; reads and changes own ones
        manager         the same for the teams they lead
        administrator   all, and alone: owner, kind, star down, archive
        finance         reads and changes all, but not who owns them
        buyer, storekeeper who do not sell: read all
    """

    _inherit = 'res.partner'

    k20_kind = fields.Selection(
        [('channel', "Channel"), ('end', "End customer")],
        string="Customer Kind",
        index='btree_not_null',
        copy=True,
        help="A channel (dealer, agent) or an end customer; fixed once there are orders or referrals.",
    )
    k20_code = fields.Char("Customer Code", copy=False, index='trigram', help="Given by the system if left empty.")
    k20_nature_id = fields.Many2one('k20.customer.nature', "Customer Nature", ondelete='restrict')
    k20_type_id = fields.Many2one(
        'k20.customer.type', "Customer Type", ondelete='restrict', domain="[('kind', 'in', ('both', k20_kind))]"
    )
    k20_source_id = fields.Many2one('k20.customer.source', "Customer Source", ondelete='restrict')
    k20_star = fields.Selection(
        [(str(n), "★" * n) for n in range(1, 6)], string="Star", copy=False, help="Level of an end customer."
    )
    # Region
    city_id = fields.Many2one(ondelete='restrict')
    k20_prefecture = fields.Char("Prefecture", related='city_id.k20_prefecture', store=True, index='btree_not_null')

    _k20_code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), k20_code) WHERE k20_code IS NOT NULL",
        "This customer code is taken: leave it empty to get a free one.",
    )

    @api.constrains('name', 'k20_kind')
    def _check_k20_name(self):
        for partner in self.filtered('k20_kind'):
            if not (partner.name or '').strip():
                raise ValidationError(self.env._("The name is empty: type a name."))
            if len(partner.name) > MAX_NAME:
                raise ValidationError(
                    self.env._(
                        "The name is too long (%(length)s signs, at most %(limit)s): shorten it.",
                        length=len(partner.name),
                        limit=MAX_NAME,
                    )
                )

    @api.constrains('k20_kind', 'parent_id', 'is_company')
    def _check_k20_kind(self):
        for partner in self:
            if partner.k20_kind and partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._("%s is a contact: set the customer kind on its company.", partner.display_name)
                )

    def _k20_check_kind_fixed(self, kind):
        """ValidationError where one of these customers is of another kind than `kind`, and that is fixed. (R047)"""
        for partner in self.sudo().filtered(lambda partner: partner.k20_kind and partner.k20_kind != kind):
            reason = partner._k20_kind_fixed_reason()
            if reason:
                raise ValidationError(reason)

    def _k20_kind_fixed_reason(self):
        """Hook: return why the kind of this customer cannot change any more, or False. (R047)"""
        self.ensure_one()
        return False

    @api.constrains('k20_kind', 'k20_type_id')
    def _check_k20_type(self):
        for partner in self:
            kind = partner.k20_type_id.kind
            if kind and kind != 'both' and partner.k20_kind and kind != partner.k20_kind:
                raise ValidationError(
                    self.env._(
                        "Type %(type)s is not for this kind of customer (%(name)s): choose another type.",
                        type=partner.k20_type_id.name,
                        name=partner.name,
                    )
                )

    @api.constrains('state_id', 'city_id', 'k20_kind')
    def _check_k20_region(self):
        for partner in self:
            state = partner.city_id.state_id
            if partner.k20_kind and state and state != partner.state_id:
                raise ValidationError(
                    self.env._(
                        "%(city)s lies in %(right)s and not in %(wrong)s: choose a city of the province.",
                        city=partner.city_id.name,
                        right=state.name,
                        wrong=partner.state_id.name or '-',
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._k20_settle_kind(vals_list)
        for vals in vals_list:
            if vals['k20_kind']:
                self._k20_complete_customer_values(vals)
            elif vals['parent_id'] and 'company_id' not in vals:
                # A contact belongs to its customer's company, or another company's people would see it.
                parent = self.sudo().browse(vals['parent_id'])
                if parent.k20_is_customer:
                    vals['company_id'] = parent.company_id.id
        self._k20_prepare_customers([vals for vals in vals_list if vals['k20_kind']])
        self._k20_give_codes(vals_list)
        return super().create(vals_list)

    @api.model
    def _k20_settle_kind(self, vals_list):
        """Put kind and parent into `vals_list`, also where they come as a default; a contact has no kind of its own."""
        defaults = self.default_get(['k20_kind', 'parent_id'])
        for vals in vals_list:
            parent_id = vals.setdefault('parent_id', defaults.get('parent_id'))
            vals.setdefault('k20_kind', False if parent_id else defaults.get('k20_kind'))

    @api.model
    def _k20_give_codes(self, vals_list):
        """Fill in the code of those customers in `vals_list` that have none, as many at once as there are."""
        without = [vals for vals in vals_list if vals.get('k20_kind') and not vals.get('k20_code')]
        for (kind, company_id), group in groupby(without, lambda vals: (vals['k20_kind'], vals['company_id'])):
            codes = self._k20_next_codes(kind, self.env['res.company'].browse(company_id or []), len(group))
            for vals, code in zip(group, codes, strict=True):
                vals['k20_code'] = code

    @api.model
    def _k20_prepare_customers(self, vals_list):
        """Hook: check and complete the values of new customers, when kind, company and owner are settled."""

    @api.model
    def _k20_complete_customer_values(self, vals):
        """Fill in `vals` what a customer always has: company, country, province of its city, first star."""
        self._k20_check_star(vals)
        company = self.env['res.company'].browse(vals.setdefault('company_id', self.env.company.id))
        vals.setdefault('is_company', True)
        vals.update(self._k20_place(vals))
        if not vals.get('country_id'):
            state = self.env['res.country.state'].browse(vals.get('state_id'))
            vals['country_id'] = (state.country_id or company.country_id).id
        vals.setdefault('k20_star', '1' if vals['k20_kind'] == 'end' else False)

    @api.model
    def _k20_place(self, vals):
        """Return what the city of `vals` brings and they lack: its province, and its name, which addresses print."""
        if 'city_id' not in vals:
            return {}
        city = self.env['res.city'].browse(vals['city_id'] or ())
        place = {'city': city.name, 'state_id': city.state_id.id} if city else {'city': False}
        return {name: value for name, value in place.items() if not vals.get(name)}

    @api.model
    def _k20_next_codes(self, kind, company, count):
        """Return the next `count` free customer codes of `kind` in `company`; typed by hand ones are skipped. (R161)"""
        Sequence = self.env['ir.sequence'].sudo().with_company(company or self.env.company)
        domain = [('code', '=', f'k20.customer.{kind}'), ('company_id', 'in', [company.id, False])]
        sequence = Sequence.search(domain, order='company_id', limit=1)
        Customer = self.sudo().with_context(active_test=False)
        codes = []
        while len(codes) < count:
            fresh = [sequence._next() for _number in range(count - len(codes))]
            taken = set(Customer.search([('k20_code', 'in', fresh)]).mapped('k20_code'))
            codes += [code for code in fresh if code not in taken]
        return codes

    def _k20_check_star(self, vals):
        """Hook: refuse `vals` that set the star directly. (R076)"""

    def write(self, vals):
        self._k20_check_star(vals)
        vals = dict(vals, **self._k20_place(vals))
        if 'k20_kind' in vals:
            self._k20_check_kind_fixed(vals['k20_kind'])
        if vals.get('k20_kind'):
            for partner in self.filtered(lambda partner: not partner.k20_kind):
                super(ResPartner, partner).write(partner._k20_prepare_becoming_customer(vals))
        return super().write(vals)

    def _k20_prepare_becoming_customer(self, vals):
        """Return what a partner lacks that becomes a customer by `vals`: company, code, first star."""
        self.ensure_one()
        values = {
            'k20_kind': vals['k20_kind'],
            'company_id': (self.company_id or self.env.company).id,
            'k20_code': vals.get('k20_code') or self.k20_code,
            'k20_star': '1' if vals['k20_kind'] == 'end' else False,
        }
        self._k20_give_codes([values])
        return {name: value for name, value in values.items() if name not in vals}

    @api.onchange('state_id')
    def _onchange_k20_state(self):
        if self.city_id.state_id and self.city_id.state_id != self.state_id:
            self.city_id = False

    def get_formview_id(self, access_uid=None):
        """Open customers in K20's own form, other partners in Odoo's."""
        if len(self) == 1 and self.k20_kind:
            return self.env.ref('k20_base.res_partner_view_form_customer').id
        return super().get_formview_id(access_uid=access_uid)
