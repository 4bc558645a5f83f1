from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import K20HttpCase, RpcError

MODEL = 'k20.customer.assignment'
# What other addons are known to open a lock with, and what somebody might hope for.
CONTEXTS = (
    {},
    {
        'skip_validation_check': True,
        'tracking_disable': True,
        'install_mode': True,
        'import_file': True,
        'install_filename': 'x.csv',
        'module': 'k20_base',
        'k20_moving': True,
        'k20_open': [MODEL],
        'k20_creating': True,
        'mail_notrack': True,
        'noupdate': True,
        'uid': 1,
        'su': True,
        'active_test': False,
        '_force_unlink': True,
    },
)


@tagged('post_install', '-at_install', 'k20_thorough')
class TestAssignmentDoors(K20HttpCase):
    """Requests to move customers, over HTTP: what nobody may forge, and what is locked once asked for. (R157, R193)"""

    def setUp(self):
        super().setUp()
        self.mine = self.make_customer('channel', owner=self.sales1)
        self.theirs = self.make_customer('channel', owner=self.sales3)
        self.pooled = self.make_customer('channel')
        self.rule = self.env['k20.loss.rule'].search([], limit=1)
        self.login(self.sales1)

    def ask(self, kind, customer, user=None, **values):
        Assignment = self.env[MODEL].with_user(user or self.sales1)
        return Assignment._k20_request(kind, customer.ids, "A reason", **values).sudo()

    def rows(self, customer):
        return self.env[MODEL].search([('partner_id', '=', customer.id)])

    def assertNothingDone(self, *call, **kwargs):
        """Expect a refusal over HTTP, of whatever kind but a fault of the server's."""
        with self.assertRaises(RpcError, msg=f'{call} {kwargs}') as caught:
            self.call(*call, **kwargs)
        self.assertIn(caught.exception.name, {'AccessError', 'UserError', 'ValidationError', 'MissingError'}, str(call))
        return str(caught.exception)

    # -- claims ------------------------------------------------------------------------------------------------------

    def test_no_other_id_can_be_claimed(self):
        """R060: owned, archived, another company's, supplier, user, contact, unknown, 0, negative: the same words."""
        archived = self.make_customer('channel')
        archived.active = False
        foreign = self.make_customer('channel', company_id=self.other_company.id)
        own_company = self.env['res.company'].sudo().create({'name': "Own, not Switched On"})
        self.sales1.company_ids += own_company
        switched_off = self.make_customer('channel', company_id=own_company.id)
        contact = self.make_contact(self.pooled)
        supplier = self.env['res.partner'].create({'name': "Supplier", 'supplier_rank': 1})
        ids = [
            self.mine.id, self.theirs.id, archived.id, foreign.id, contact.id, supplier.id, self.sales2.partner_id.id,
            switched_off.id, 2**31 - 1, 0, -1, False,
        ]  # fmt: skip
        before = self.env[MODEL].search_count([])
        words = set()
        for claimed in [[claimed] for claimed in ids] + [[], [self.pooled.id, self.theirs.id], [self.pooled.id, 0]]:
            for context in CONTEXTS:
                with self.assertRaises(RpcError, msg=claimed) as caught:
                    context = {**context, 'allowed_company_ids': self.env.company.ids}
                    self.call('k20.pool.customer', 'action_claim', claimed, "Please", context=context)
                self.assertEqual(caught.exception.name, 'UserError', claimed)
                words.add(caught.exception.message)
        self.assertEqual(len(words), 1, words)
        self.assertEqual(self.env[MODEL].search_count([]), before)
        self.assertTrue(self.call('k20.pool.customer', 'action_claim', self.pooled.ids, "Please"))

    # -- forged values -----------------------------------------------------------------------------------------------

    def test_a_request_takes_from_its_asker_only_what_may_be_asked(self):
        """R157: who had it, when it was done, by which rule, for which company: refused, or worked out all the same."""
        self.sales1.company_ids += self.other_company
        other = self.make_customer('channel', owner=self.sales1)
        forged = {
            'from_user_id': self.sales2.id,
            'date_done': '2026-01-01 00:00:00',
            'restart_clock': True,
            'rule_id': self.rule.id,
            'company_id': self.other_company.id,
            'k20_approval_state': 'approved',
            'k20_requester_id': self.sales2.id,
            'k20_decisions': 3,
            'k20_approval_round': 3,
            'k20_submitted_on': '2026-01-01 00:00:00',
        }
        values = {'kind': 'transfer', 'partner_id': self.mine.id, 'to_user_id': self.sales2.id, 'reason': "x"}
        for name, value in forged.items():
            for context in CONTEXTS:
                with self.subTest(name=name):
                    self.assertNothingDone(MODEL, 'create', [{**values, name: value}], context=context)
                    self.assertNothingDone(MODEL, 'web_save', [], {**values, name: value}, {}, context=context)
        columns = ['kind', 'partner_id/.id', 'to_user_id/.id', 'reason', 'k20_approval_state']
        row = ['Transfer', str(self.mine.id), str(self.sales2.id), "x", 'Approved']
        self.assertFalse(self.call(MODEL, 'load', columns, [row])['ids'])
        for name, value in forged.items():
            self.call('ir.default', 'set', MODEL, name, value, True)
        ids = self.call(MODEL, 'create', [values], context={f'default_{name}': value for name, value in forged.items()})
        request = self.env[MODEL].browse(ids)
        found = {name: request._fields[name].convert_to_write(request[name], request) for name in forged}
        worked_out = {
            **dict.fromkeys(forged, False),
            'from_user_id': self.sales1.id,
            'company_id': self.mine.company_id.id,
            'k20_approval_state': 'draft',
            'k20_decisions': 0,
            'k20_approval_round': 0,
        }
        self.assertEqual(found, worked_out)
        for kind in ('assign', 'import', False, 'nonsense'):
            self.assertNothingDone(MODEL, 'create', [{**values, 'partner_id': other.id, 'kind': kind}])
        self.assertNothingDone(MODEL, 'create', [{**values, 'partner_id': self.theirs.id}])
        self.assertNothingDone(MODEL, 'create', [{**values, 'partner_id': self.pooled.id, 'kind': 'claim'}])
        self.assertNothingDone(MODEL, 'copy', self.rows(self.mine).ids, {'kind': 'assign'})

    def test_no_claim_for_somebody_else(self):
        """R060: the claimer is who asks, whatever a client sends along."""
        context = {'default_to_user_id': self.sales2.id, 'default_kind': 'transfer'}
        self.call('k20.pool.customer', 'action_claim', self.pooled.ids, context=context)
        claim = self.rows(self.pooled).filtered(lambda row: row.kind == 'claim')
        self.assertEqual((claim.to_user_id, claim.k20_requester_id), (self.sales1, self.sales1))
        both = self.make_user('k20_both', 'salesperson', 'finance')  # may name what lies in the pool
        self.login(both)
        values = {'kind': 'claim', 'partner_id': self.make_customer().id, 'to_user_id': self.sales2.id}
        self.assertEqual(self.env[MODEL].browse(self.call(MODEL, 'create', [values])).to_user_id, both)

    def test_private_methods_and_the_pool_itself_are_closed(self):
        """R157, R180, R061: nothing that begins with an underscore, and no write into the pool."""
        for model, method, args in (
            (MODEL, '_k20_record', ['assign', self.pooled.ids, {}]),
            (MODEL, '_k20_request', ['claim', self.pooled.ids]),
            (MODEL, '_k20_carry_out', [self.rows(self.mine).ids]),
            ('k20.pool.customer', 'write', [self.pooled.ids, {'name': "x"}]),
            ('k20.pool.customer', 'create', [{'name': "x"}]),
            ('k20.pool.customer', 'unlink', [self.pooled.ids]),
            ('k20.pool.followup', 'create', [{'pool_id': self.pooled.id}]),
        ):
            with self.subTest(method=method):
                self.assertCallRefused(model, method, *args)

    # -- locks -------------------------------------------------------------------------------------------------------

    def forgeries(self, request):
        """Yield call and its keywords for each way to change `request`, and one field after the other."""
        ids = request.ids
        values = {
            'reason': "Changed",
            'kind': 'transfer',
            'partner_id': self.mine.id,
            'to_user_id': self.sales2.id,
            'from_user_id': self.sales2.id,
            'extend_days': 99,
            'restart_clock': True,
            'rule_id': self.rule.id,
            'date_done': '2026-01-01 00:00:00',
            'k20_approval_state': 'approved',
            'k20_requester_id': self.sales2.id,
            'k20_submitted_on': '2026-01-01 00:00:00',
            'k20_approval_round': 7,
            'k20_decisions': 0,
            'message_follower_ids': [[5]],
            'activity_ids': [[5]],
        }
        for context in CONTEXTS:
            for name, value in values.items():
                yield (MODEL, 'write', ids, {name: value}), {'context': context}
            yield (MODEL, 'web_save', ids, {'reason': "Changed"}, {}), {'context': context}
            yield (MODEL, 'unlink', ids), {'context': context}
            yield (MODEL, 'web_save_multi', ids, [{'reason': "Changed"}], {}), {'context': context}
            yield (MODEL, 'message_update', ids, {'body': "x"}, {'reason': "Changed"}), {'context': context}
            yield (MODEL, 'message_post', ids), {'body': "x", 'context': context}
            yield (
                ('res.partner', 'write', self.mine.ids, {'k20_assignment_ids': [[1, ids[0], {'reason': "Changed"}]]}),
                {'context': context},
            )
            yield (
                ('res.partner', 'write', self.mine.ids, {'k20_assignment_ids': [[2, ids[0]]]}),
                {'context': context},
            )

    def frozen(self, request):
        """Return what must not change, of a request and its tasks."""
        self.env.invalidate_all()
        tasks = request._k20_tasks()
        return request.copy_data(), request.k20_approval_state, tasks.read(['state', 'user_id', 'comment'], load='')

    def test_nothing_changes_a_request_after_its_submission(self):
        """R193, R157: by write, delete, commands for lines, contexts, import, archive, the chatter; no role may."""
        open_request = self.ask('release', self.mine)
        done = self.ask('release', self.make_customer('channel', owner=self.sales1))
        done.with_user(self.admin).action_k20_approve("Fine")
        for user in (self.sales1, self.manager, self.finance, self.admin):
            self.login(user)
            for request in (open_request, done):
                before = self.frozen(request)
                for call, kwargs in self.forgeries(request):
                    with self.subTest(user=user.login, call=call[:2], kwargs=kwargs):
                        if user == self.admin and call[1] in ('message_post',):
                            continue
                        self.assertNothingDone(*call, **kwargs)
                loaded = self.call(MODEL, 'load', ['.id', 'reason'], [[str(request.id), "Changed"]])
                self.assertFalse(loaded['ids'])
                self.assertEqual(self.frozen(request), before, user.login)

    def test_nobody_writes_a_task(self):
        """R159: neither an open nor a decided one, by any call, not the administrator either."""
        request = self.ask('release', self.mine)
        done = self.ask('release', self.make_customer('channel', owner=self.sales1))
        done.with_user(self.admin).action_k20_approve("Fine")
        tasks = request._k20_tasks() + done._k20_tasks()
        self.env.invalidate_all()  # as the database has them, who wrote them included
        before = tasks.read()
        for user in (self.sales1, self.manager, self.admin):
            self.login(user)
            for task in tasks:
                for context in CONTEXTS:
                    for name, value in (
                        ('state', 'approved'),
                        ('user_id', user.id),
                        ('approver_ids', [[6, 0, [user.id]]]),
                        ('barred_ids', [[5]]),
                        ('self_approval', True),
                        ('group_id', self.env.ref('base.group_user').id),
                        ('comment', "Never said"),
                        ('date_done', '2026-01-01 00:00:00'),
                        ('requester_id', self.sales2.id),
                    ):
                        self.assertNothingDone('k20.approval.task', 'write', task.ids, {name: value}, context=context)
                    self.assertNothingDone('k20.approval.task', 'unlink', task.ids, context=context)
                    self.assertNothingDone('k20.approval.task', 'copy', task.ids, context=context)
                    self.assertNothingDone(
                        'k20.approval.task', 'create', [{'res_model': MODEL, 'res_id': request.id}], context=context
                    )
        self.env.invalidate_all()
        self.assertEqual(tasks.read(), before)

    # -- who decides -------------------------------------------------------------------------------------------------

    def test_a_delegation_is_given_and_never_taken(self):
        """R159: one names a delegate for oneself; nobody makes oneself the delegate of an approver."""
        request = self.ask('release', self.mine)
        own = self.call('k20.approval.delegate', 'create', [{'delegate_id': self.sales2.id}])
        self.assertNothingDone(
            'k20.approval.delegate', 'create', [{'user_id': self.admin.id, 'delegate_id': self.sales1.id}]
        )
        for vals in ({'user_id': self.admin.id, 'delegate_id': self.sales1.id}, {'user_id': self.admin.id}):
            self.assertNothingDone('k20.approval.delegate', 'write', own, vals)
            self.assertNothingDone('k20.approval.delegate', 'web_save', own, vals, {})
        self.assertNothingDone(
            'k20.approval.delegate', 'create', [{'delegate_id': self.sales1.id}],
            context={'default_user_id': self.admin.id},
        )  # fmt: skip
        delegations = [[0, 0, {'delegate_id': self.sales1.id}]]
        self.assertNothingDone('res.users', 'write', self.admin.ids, {'k20_delegate_ids': delegations})
        self.login(self.sales2)
        self.assertNothingDone(MODEL, 'action_k20_approve', request.ids)
        self.assertNothingDone('k20.approval.task', 'action_k20_approve', request._k20_tasks().ids)

    def test_nobody_decides_who_is_not_asked(self):
        """R157, R066: by the request, its task, the refusal dialog, or the button that restarts the clock."""
        request = self.ask('transfer', self.mine, to_user_id=self.sales2.id)
        for user in (self.sales1, self.sales2, self.sales3, self.manager, self.finance, self.buyer, self.outsider):
            self.login(user)
            for context in CONTEXTS:
                for method, args in (
                    ('action_k20_approve', []),
                    ('action_k20_restart_clock', []),
                    ('action_k20_reject', ["No"]),
                    ('action_k20_reset', []),
                ):
                    self.assertNothingDone(MODEL, method, request.ids, *args, context=context)
                task_ids = request._k20_tasks().ids
                self.assertNothingDone('k20.approval.task', 'action_k20_approve', task_ids, context=context)
                self.assertNothingDone('k20.approval.task', 'action_k20_reject', task_ids, "No", context=context)
        self.env.invalidate_all()
        self.assertEqual((request.k20_approval_state, self.mine.user_id), ('submitted', self.sales1))

    # -- the customer itself -----------------------------------------------------------------------------------------

    def engine_values(self):
        """Return {field of a customer that the engine owns: a value that it does not have}."""
        return {
            'k20_in_pool': True,
            'k20_pool_since': '2026-01-01 00:00:00',
            'k20_pool_reason': "Forged",
            'k20_owner_id': self.sales2.id,
            'k20_is_customer': False,
            'k20_owned_since': '2026-01-01 00:00:00',
            'k20_loss_refused_on': '2099-01-01',
            'k20_protected_until': '2099-01-01',
            'k20_locked_until': '2099-01-01',
            'k20_loss_date': '2099-01-01',
            'k20_loss_warn_date': '2099-01-01',
            'k20_loss_warned_for': '2099-01-01',
            'k20_loss_rule_id': self.rule.id,
            'k20_first_deal_date': '2026-01-01',
            'k20_last_deal_date': '2026-01-01',
            'k20_deal_count': 7,
            'k20_deal_amount': 7.0,
            'k20_assignment_ids': [[5]],
        }

    def test_what_the_engine_owns_of_a_customer_is_nobodys(self):
        """R157: the loss clock, locks, deals and the pool, by write, create, copy, import and lines; no role may."""
        forged = self.engine_values()
        standing = self.mine.read(list(forged), load='')
        partner = {'name': "Forged", 'k20_kind': 'channel'}
        for user in (self.sales1, self.manager, self.admin):
            user.group_ids += self.env.ref('k20_base.group_k20_import')
            self.login(user)
            for name, value in forged.items():
                with self.subTest(user=user.login, name=name):
                    for context in CONTEXTS:
                        self.assertNothingDone('res.partner', 'write', self.mine.ids, {name: value}, context=context)
                        self.assertNothingDone('res.partner', 'create', [{**partner, name: value}], context=context)
                    self.assertNothingDone('res.partner', 'web_save', self.mine.ids, {name: value}, {})
                    self.assertNothingDone('res.partner', 'copy', self.mine.ids, {name: value})
                    line = [[0, 0, {'name': "x", name: value}]]
                    self.assertNothingDone('res.partner', 'write', self.mine.ids, {'child_ids': line})
            for name in ('k20_locked_until', 'k20_protected_until', 'k20_loss_date', 'k20_deal_count'):
                value = str(forged[name])
                self.assertFalse(self.call('res.partner', 'load', ['.id', name], [[str(self.mine.id), value]])['ids'])
                loaded = self.call('res.partner', 'load', ['name', 'k20_kind', name], [["Forged", 'Channel', value]])
                self.assertFalse(loaded['ids'])
        self.mine.invalidate_recordset()
        self.assertEqual(self.mine.read(list(forged), load=''), standing)

    def test_no_default_fills_what_the_engine_owns(self):
        """R157: neither of the context nor a personal one; an onchange saves nothing."""
        forged = {name: value for name, value in self.engine_values().items() if name != 'k20_assignment_ids'}
        for name, value in forged.items():
            self.call('ir.default', 'set', 'res.partner', name, value, True)
        context = {f'default_{name}': value for name, value in forged.items()}
        ids = self.call('res.partner', 'create', [{'name': "By default", 'k20_kind': 'channel'}], context=context)
        customer, fresh = self.env['res.partner'].browse(ids), self.make_customer('channel', owner=self.sales1)
        for name in sorted(forged):
            if name not in ('k20_owned_since', 'k20_loss_date', 'k20_loss_warn_date'):
                self.assertEqual(customer[name], fresh[name], name)
        self.assertGreater(customer.k20_owned_since.date(), date(2026, 1, 1))
        self.assertLess(customer.k20_loss_date or date.min, date(2099, 1, 1))

    def test_merging_is_the_administrators(self):
        """R157: a salesperson's merge of own customers is refused, and nothing moves."""
        second = self.make_customer('channel', owner=self.sales1)
        values = {'partner_ids': [Command.set([self.mine.id, second.id])], 'dst_partner_id': self.mine.id}
        with self.assertRaises(RpcError):
            wizard = self.call('base.partner.merge.automatic.wizard', 'create', [values])
            self.call('base.partner.merge.automatic.wizard', 'action_merge', wizard)
        self.assertTrue(second.exists())
