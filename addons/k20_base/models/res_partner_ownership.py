from collections import namedtuple

from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.opening import is_moving, moving

# What decides whose customer a partner is: a write that touches one of these is judged by its outcome.
# Lines of `child_ids` and the choice of `company_type` come as writes of their own.
MOVING_FIELDS = {'user_id', 'k20_kind', 'parent_id', 'commercial_partner_id', 'is_company', 'company_id', 'active'}

CUSTOMER_SCREEN = 'o_k20_customers'  # the class of views that make customers

Standing = namedtuple('Standing', ['kind', 'owner', 'place', 'active'])


class ResPartner(models.Model):
    """Who looks after a customer: an owner, or nobody and then it is in the pool. (R022, R157)"""

    _inherit = 'res.partner'

    user_id = fields.Many2one(ondelete='restrict', copy=False, index='btree_not_null')
    k20_is_customer = fields.Boolean("Is a Customer", compute='_compute_k20_owner', store=True, compute_sudo=True)
    k20_owner_id = fields.Many2one(
        'res.users',
        "Owner",
        compute='_compute_k20_owner',
        store=True,
        compute_sudo=True,
        index=True,
        help="The salesperson who looks after this customer; its contacts have the same.",
    )
    k20_in_pool = fields.Boolean(
        "In the Pool",
        compute='_compute_k20_in_pool',
        store=True,
        precompute=True,
        copy=False,
        help="No owner, open to be claimed.",
    )
    k20_pool_since = fields.Datetime("In the Pool Since", copy=False, readonly=True)
    k20_pool_reason = fields.Char("Why in the Pool", copy=False, readonly=True)

    _k20_owner_or_pool = models.Constraint(
        'CHECK (k20_kind IS NULL OR (k20_in_pool IS TRUE) = (user_id IS NULL))',
        "A customer has an owner or is in the pool, never both and never neither.",
    )
    # The planner walks these for lists in name order under the record rule; it writes "IS NOT TRUE" itself.
    _k20_no_customer_idx = models.Index('(complete_name) WHERE k20_is_customer IS NOT TRUE')
    _k20_owner_name_idx = models.Index('(k20_owner_id, complete_name)')
    _k20_kind_name_idx = models.Index('(k20_kind, complete_name) WHERE k20_kind IS NOT NULL')

    @api.depends('commercial_partner_id.k20_kind', 'commercial_partner_id.user_id')
    def _compute_k20_owner(self):
        for partner in self:
            customer = partner.commercial_partner_id
            partner.k20_is_customer = bool(customer.k20_kind)
            partner.k20_owner_id = customer.user_id if customer.k20_kind else False

    @api.depends('k20_kind', 'user_id')
    def _compute_k20_in_pool(self):
        for partner in self:
            partner.k20_in_pool = bool(partner.k20_kind) and not partner.user_id

    @api.constrains('user_id', 'k20_kind')
    def _check_k20_owner(self):
        for partner in self.filtered('k20_kind'):
            owner = partner.user_id
            if owner and not (owner.active and owner.has_group('k20_base.group_k20_salesperson')):
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot look after %(customer)s: choose an active person with the salesperson role.",
                        user=owner.name,
                        customer=partner.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._k20_check_not_worked_out(vals)
        # Copies, since K20 fills them in: an import that failed tries its rows again, with what it was given.
        return super().create([dict(vals) for vals in vals_list])

    @api.model
    def _k20_complete_customer_values(self, vals):
        super()._k20_complete_customer_values(vals)
        self._k20_set_first_owner(vals)

    @api.model
    def default_get(self, fields):
        # A default (from the context, or a personal one) would take the place of what K20 works out.
        return super().default_get([name for name in fields if not self._k20_is_worked_out(name)])

    @api.model
    def _k20_is_worked_out(self, name):
        """Tell whether K20 alone fills field `name`; a client may send any field, also one that is readonly."""
        return name.startswith('k20_') and name in self._fields and self._fields[name].readonly

    @api.model
    def _k20_check_not_worked_out(self, vals):
        """UserError where a client sends what K20 works out by itself. (R157)"""
        if is_moving() or self.env.uid == api.SUPERUSER_ID:
            return
        for name in filter(self._k20_is_worked_out, vals):
            label = self._fields[name]._description_string(self.env)
            raise UserError(self.env._("%s is worked out by the system: leave it out.", label))

    @api.model
    def _k20_set_first_owner(self, vals):
        """Make a new customer the maker's; the administrator names any owner, or none for the pool.

        :raise AccessError: for somebody who neither sells nor administers
        :raise UserError: for an owner other than oneself
        """
        # Set before super(): the record rule is judged on the new record, and a default_user_id must not win.
        if self._k20_moves_freely():
            vals.setdefault('user_id', False)
        else:
            self._k20_check_may_sell()
            vals['user_id'] = vals.get('user_id') or self.env.uid
            if vals['user_id'] != self.env.uid:
                raise UserError(
                    self.env._("A new customer is yours: leave the owner empty, and ask for a transfer afterwards.")
                )
        vals['k20_pool_since'] = False if vals['user_id'] else fields.Datetime.now()

    @api.model
    def get_view(self, view_id=None, view_type='form', **options):
        """Leave "New" out of the screens of customers for whom a new one would be refused: finance above all. (R154)"""
        result = super().get_view(view_id, view_type, **options)
        if CUSTOMER_SCREEN in result['arch'] and not self._k20_moves_freely() and not self._k20_sells():
            arch = etree.fromstring(result['arch'])
            arch.set('create', '0')
            result['arch'] = etree.tostring(arch, encoding='unicode')
        return result

    @api.model
    def _k20_sells(self):
        return self.env.user.has_group('k20_base.group_k20_salesperson')

    @api.model
    def _k20_check_may_sell(self):
        if not self._k20_sells():
            raise AccessError(self.env._("Customers are made by salespeople: ask one, or the administrator."))

    @api.model
    def _k20_moves_freely(self):
        """Tell whether the caller may change owners directly: the engine, the system's own jobs, an administrator."""
        return is_moving() or self.env.user._k20_administers()

    def write(self, vals):
        self._k20_check_not_worked_out(vals)
        if not (MOVING_FIELDS & vals.keys()):
            return super().write(vals)
        before = self._k20_standing()
        moves = self.sudo().grouped(
            lambda partner: (partner._k20_will_be_in_pool(vals), partner._k20_will_move(vals, before[partner.id]))
        )
        for (in_pool, moved), partners in moves.items():
            # In the same UPDATE as the owner, or the database's CHECK would see one without the other.
            standing = {'k20_in_pool': in_pool, **(self._k20_prepare_move(vals, in_pool) if moved else {})}
            super(ResPartner, partners.with_env(self.env)).write({**vals, **standing})
        after = self._k20_standing()
        moved = self.sudo().filtered(lambda partner: after[partner.id] != before[partner.id])
        if moved:
            self._k20_check_may_move(moved, before)
            moved._k20_owner_moved(before)
        return True

    def _k20_will_be_in_pool(self, vals):
        return bool(vals.get('k20_kind', self.k20_kind)) and not vals.get('user_id', self.user_id)

    def _k20_will_move(self, vals, before):
        """Tell whether `vals` give this partner, as a customer, another owner than it has `before`, or its first."""
        owner_id = vals.get('user_id', self.user_id.id)
        return bool(vals.get('k20_kind', self.k20_kind)) and not (before.kind and owner_id == before.owner.id)

    @api.model
    def _k20_prepare_move(self, vals, in_pool):
        """Return what changes of a customer along with its owner, in the same write."""
        return {
            'k20_pool_since': fields.Datetime.now() if in_pool else False,
            'k20_pool_reason': vals.get('k20_pool_reason') if in_pool else False,
        }

    def _k20_standing(self):
        """Return {id: what decides who sees and who owns}, to compare before and after a write."""
        return {
            partner.id: Standing(
                partner.commercial_partner_id.k20_kind,
                partner.commercial_partner_id.user_id,
                partner.k20_is_customer and (partner.parent_id, partner.user_id, partner.company_id),
                bool(partner.k20_kind) and partner.active,  # contacts are archived by who looks after them
            )
            for partner in self.sudo()
        }

    def _k20_check_may_move(self, moved, before):
        """UserError where the outcome changes whose customer this is, and the caller may not do that."""
        if self._k20_moves_freely():
            return
        raise UserError(
            self.env._(
                "Owner, kind, company and archiving of %s are changed by the administrator: ask there.",
                ', '.join(moved.mapped('name')[:3]),
            )
        )

    def _k20_family(self):
        """Return these customers and all their contacts, archived ones too, which `child_ids` leaves out."""
        return self.with_context(active_test=False).search([('commercial_partner_id', 'in', self.ids)])

    def _k20_contact_names(self):
        """Return {customer: names of its contacts, archived ones included}."""
        contacts = (self._k20_family() - self).grouped('commercial_partner_id')
        return {customer: contacts.get(customer, self.browse()).mapped('name') for customer in self}

    def _k20_owner_moved(self, before):
        """Follow a change of owner: contacts have the same.

        :param before: standing of each before the write, see `_k20_standing`
        """
        moved = self.filtered(
            lambda customer: (
                customer.k20_kind and (not before[customer.id].kind or customer.user_id != before[customer.id].owner)
            )
        )
        with moving():
            for owner, customers in moved.grouped('user_id').items():
                contacts = customers._k20_family() - customers
                # The customer's own log tells it; once more on each contact would say nothing new. It follows from a
                # move that has been judged, so it is not judged again.
                quiet = contacts.with_context(tracking_disable=True)
                super(ResPartner, quiet).write({'user_id': owner.id})  # pylint: disable=super-method-mismatch
