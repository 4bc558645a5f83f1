from odoo.tests import tagged

from .common import K20Case


@tagged('post_install', '-at_install')
class TestDialogs(K20Case):
    """What a dialog opens with is asked of the server each time."""

    def test_no_dialog_opens_with_what_the_browser_remembers(self):
        """R092: the second transfer of an order starts with what is still open, not with what was open before.

        Odoo keeps the first answer of an action's form on the disk, shows it at once and puts the new one in its
        place when it comes: lines that were opened by then are lost.
        """
        dialogs = self.env['ir.actions.act_window'].search([('target', '=', 'new')])
        ours = dialogs.filtered(lambda dialog: (dialog.xml_id or '').startswith('k20_'))
        self.assertTrue(ours)
        self.assertEqual(ours.filtered('cache').mapped('xml_id'), [])
