from odoo import api, models
from odoo.exceptions import AccessError, UserError


class ResPartner(models.Model):
    """Who deletes customers and contacts, and what keeps them. (R050, R074)

    Unused ones go with their contacts, by who looks after them, a manager of theirs, or the administrator.
    """

    _inherit = 'res.partner'

    def unlink(self):
        customers = self.sudo().filtered('k20_kind')
        if not customers:
            return super().unlink()
        # Left behind, contacts would belong to nobody and be seen by everybody.
        contacts = customers.with_context(active_test=False).search([('commercial_partner_id', 'in', customers.ids)])
        return super(ResPartner, self | contacts.with_env(self.env)).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_k20_others(self):
        user = self.env.user
        mine = user._k20_visible_user_ids()
        others = self.sudo().filtered(lambda partner: partner.k20_is_customer and partner.k20_owner_id.id not in mine)
        if others and not self._k20_moves_freely():
            raise AccessError(
                self.env._("Customers are deleted by who looks after them or by the administrator: ask there.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_k20_used(self):
        customers = self.sudo().filtered('k20_is_customer')
        for partner, usages in customers._k20_usages().items():
            raise UserError(
                self.env._(
                    "%(partner)s is in use and cannot be deleted (%(usages)s): ask the administrator to archive it.",
                    partner=partner.display_name,
                    usages=', '.join(f'{label}: {count}' for label, count in usages.items()),
                )
            )

    def _k20_usages(self):
        """Return {partner: {label: count}} of what keeps these customers and contacts; unused ones are left out."""
        usages = {}
        for model, name in self._k20_usage_models():
            # sudo: what is there keeps a customer, whoever may see it; only how many of what is told.
            Model = self.env[model].sudo().with_context(active_test=False)
            for partner, count in Model._read_group([(name, 'in', self.ids)], [name], ['__count']):
                label = self.env['ir.model']._get(model).name
                found = usages.setdefault(partner.with_env(self.env), {})
                found[label] = found.get(label, 0) + count
        return usages

    @api.model
    def _k20_usage_models(self):
        """Hook: return what keeps a customer from being deleted, as pairs of a model and its many2one to partners."""
        return [('account.move', 'partner_id'), ('account.payment', 'partner_id')]
