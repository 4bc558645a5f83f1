from odoo import api, fields, models


class IrCronProgress(models.Model):
    """Where a job goes on that had to stop: begun anew, it could spend all its time on the same records each time."""

    _inherit = 'ir.cron.progress'

    k20_reached = fields.Json("Reached")

    @api.model
    def _k20_current(self):
        """Return the progress of the job that runs, in sudo; none outside jobs."""
        return self.sudo().browse(self.env.context.get('ir_cron_progress_id'))

    def _k20_take_over(self):
        """Return what the run before this one reached, kept as reached by this one too; None where it came to its end.

        A run that was killed has reached what it committed last.
        """
        before = self.search([('cron_id', '=', self.cron_id.id), ('id', '<', self.id)], order='id desc', limit=1)
        if not before.remaining:
            return None
        self.k20_reached = before.k20_reached
        return before.k20_reached
