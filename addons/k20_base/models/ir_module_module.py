from odoo import models

CHART_PENDING = 'k20_base.chart_pending'  # id of the company whose chart waits for the end of the installation


class IrModuleModule(models.Model):
    """The moment after an installation when Odoo allows charts of accounts to be loaded."""

    _inherit = 'ir.module.module'

    def _register_hook(self):
        """Load the chart that waits. (DESIGN §2)

        Odoo keeps what waits in the registry, which it makes anew where an installation takes other addons out, as
        K20's own does: so K20 keeps it in the database as well.
        """
        company_id = int(self.env['ir.config_parameter'].get_param(CHART_PENDING, 0))
        company = self.env['res.company'].browse(company_id).exists()
        if company:
            self.env.registry._auto_install_template = company._k20_load_chart_later
        super()._register_hook()
