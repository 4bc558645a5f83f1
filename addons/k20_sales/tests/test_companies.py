from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import K20MoneyCase
from .project_case import ProjectMakers
from .test_instalments import PlanMakers


@tagged('post_install', '-at_install')
class TestWhoseRows(PlanMakers, ProjectMakers, K20MoneyCase):
    """Rows are of a company, dialogs of who opened them; whoever sees all customers sees no more of either. (R022)"""

    def make_rows(self):
        """Make one order with a row of each kind around it."""
        order = self.approve(self.make_planned((0, 400), (9, 600)))
        payment = self.collect(order, 500)
        refund = self.ask_refund(order, 100)
        request = self.env['k20.price.request'].create({
            'order_id': order.id, 'order_line_id': order.order_line.id, 'product_id': order.order_line.product_id.id,
            'currency_id': order.currency_id.id, 'reason': "x",
        })  # fmt: skip
        party = self.make_party(order.opportunity_id)
        issue = self.make_issue(order.partner_id).with_env(self.env)
        return (
            order,
            order.order_line,
            order.k20_instalment_ids,
            payment.k20_collection_id,
            refund,
            request,
            party,
            issue,
        )

    def test_nothing_shows_in_another_company(self):
        """R087, R089, R091, R092, R010, R199: not to who works in both and looks at the other one."""
        main, branch = self.env.company, self.env['res.company'].create({'name': "Branch"})
        self.admin.company_ids += branch
        order, *rows = self.make_rows()
        self.env.flush_all()
        receivable = self.env['k20.receivable'].search([('order_id', '=', order.id)])
        movements = self.env['k20.order.movement'].search([('order_id', '=', order.id)])
        for records in (order, *rows, receivable, movements):
            self.assertTrue(records)
            for companies, found in ((main + branch, records), (branch, records.browse())):
                Model = self.env[records._name].with_user(self.admin)
                Model = Model.with_context(allowed_company_ids=companies.ids)
                self.assertEqual(set(Model.search([('id', 'in', records.ids)]).ids), set(found.ids), records)

    def test_rows_are_seen_with_the_customer(self):
        """R087, R089, R091, R092, R010, R199: the owner's and the leader's, not a colleague's of the same team."""
        order, *rows = self.make_rows()
        for records in (order, *rows):
            for user, found in (
                (self.sales1, records), (self.manager, records), (self.sales2, []), (self.sales3, []),
            ):  # fmt: skip
                seen = records.with_user(user).search([('id', 'in', records.ids)])
                self.assertEqual(set(seen.ids), set(records.browse(found and found.ids).ids), (records, user.login))

    def test_dialogs_are_ones_own(self):
        """R089, R091, R092, R011, R202: what a colleague types is not read, nor applied in their name."""
        order, line, _plan, collection, _refund, _request, party, issue = self.make_rows()
        advance = self.collect(self.make_claim(10), 20, keep_advance=True).k20_collection_id.payment_ids[-1]
        reader = self.make_user('k20_deputy', 'admin')
        for model, values in (
            ('k20.collection.register', {
                'company_id': order.company_id.id, 'partner_id': order.partner_id.id,
                'currency_id': order.currency_id.id, 'line_ids': [Command.create({'order_id': order.id})],
            }),
            ('k20.advance.give', {'payment_id': advance.id, 'order_id': order.id}),
            ('k20.instalment.split', {'order_id': order.id}),
            ('k20.receivable.day', {}),
            ('k20.customer.statement', {'partner_id': order.partner_id.id}),
            ('k20.price.ask', {'order_line_id': line.id}),
            ('k20.price.history', {'product_id': line.product_id.id}),
            ('k20.project.step', {'party_id': party.id, 'content': "x"}),
            ('k20.issue.solve', {'issue_id': issue.id, 'solution': "x", 'satisfaction': '1'}),
        ):  # fmt: skip
            dialog = self.env[model].with_user(self.admin).create(values)
            dialogs = [dialog, dialog.line_ids] if model == 'k20.collection.register' else [dialog]
            for record in dialogs:
                self.assertTrue(record.read())
                with self.assertRaises(AccessError, msg=model):
                    record.with_user(reader).read()
        self.assertTrue(collection)
