from odoo.tests import tagged

from .common import K20Case


@tagged('post_install', '-at_install')
class TestDialogs(K20Case):
    """What a dialog opens with is asked of the server each time."""

    def test_no_dialog_opens_with_what_the_browser_remembers(self):
        """R092: the second transfer of an order starts with what is still open; so does each of Odoo's own dialogs."""
        actions = self.env['ir.actions.act_window'].search([('cache', '=', True)])
        dialogs = actions.filtered(lambda action: action.target == 'new')
        self.assertIn(self.env.ref('k20_base.k20_customer_move_action'), dialogs)
        self.assertIn(self.env.ref('account.action_view_account_move_reversal'), dialogs)
        self.assertEqual(actions.filtered(lambda action: not action._get_action_dict()['cache']), dialogs)
