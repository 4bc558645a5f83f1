from unittest.mock import patch

from odoo import fields

from .common import K20Case


class LossCase(K20Case):
    """No rules but those that a test makes, and the daily job in one transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env['k20.loss.rule']
        cls.Rule.search([]).active = False
        cls.today = cls.env.company._k20_today()

    def make_rule(self, **values):
        return self.Rule.create({'name': "Test rule", 'k20_kind': 'end', 'condition': 'no_followup', 'days': 30,
                                 'warn_days': 5, **values})  # fmt: skip

    def make_owned(self, days, kind='end', **values):
        """Make a customer of sales1's, owned for `days`."""
        customer = self.make_customer(kind, owner=self.sales1, **values)
        customer.k20_owned_since = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        return customer

    def run_job(self):
        # The job commits each batch; inside a test the outcome of one transaction is looked at.
        with patch.object(self.env.registry['ir.cron'], '_commit_progress', lambda *args, **kwargs: float('inf')):
            self.env['res.partner']._cron_judge_losses()
