import itertools
import re

from odoo import Command, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged

from ..tools.opening import opened
from .common import K20Case

DOCUMENT, LINE = 'k20.test.document', 'k20.test.document.line'


def make_document():
    """Return the model of a document, new each time."""

    class Document(models.Model):
        _module = None  # or they would come with every database of this process
        _name = DOCUMENT
        _inherit = ['k20.approval.mixin']
        _description = "Document of a Test"
        _k20_free_fields = {'note'}

        name = fields.Char(required=True)
        note = fields.Char()
        amount = fields.Float()
        total = fields.Float(compute='_compute_total', store=True)
        company_id = fields.Many2one('res.company')
        place = fields.Char(related='company_id.city', readonly=False)
        line_ids = fields.One2many(LINE, 'document_id', copy=True)
        active = fields.Boolean(default=True)

        def _compute_total(self):
            for document in self:
                document.total = sum(document.line_ids.mapped('price'))

        def _k20_approval_amount(self):
            return self.amount

        def _k20_approval_granted(self):
            super()._k20_approval_granted()
            self.name = f'{self.name} (granted)'
            self.line_ids.price = 99

    return Document


def make_extension():
    """Return what another addon adds to the document, with a free field of its own."""

    class Extension(models.Model):
        _module = None
        _name = DOCUMENT
        _inherit = DOCUMENT
        _k20_free_fields = {'remark'}

        remark = fields.Char()

    return Extension


def make_line():
    """Return the model of its lines."""

    class Line(models.Model):
        _module = None
        _name = LINE
        _inherit = ['k20.approval.line.mixin']
        _description = "Line of a Document of a Test"
        _k20_document_field = 'document_id'
        _k20_free_fields = {'delivered'}

        document_id = fields.Many2one(DOCUMENT, required=True, ondelete='cascade')
        price = fields.Float()
        delivered = fields.Float()

    return Line


@tagged('post_install', '-at_install')
class TestApprovalLines(K20Case):
    """A document with lines, an amount and fields that stay free, made for this test: its locks. (R158, R193)

    No document of k20_base has lines; the orders of higher addons are built on what is shown here.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_models()
        cls.make_rights()
        step = {'name': "Yes", 'approver_kind': 'users', 'user_ids': [Command.set(cls.admin.ids)]}
        cls.flow = cls.env['k20.approval.flow'].create({
            'name': "Documents",
            'model_id': cls.env['ir.model']._get_id(DOCUMENT),
            'step_ids': [Command.create(step)],
        })  # fmt: skip

    @classmethod
    def make_models(cls):
        """Add two models to the registry and the database, for as long as this class runs."""

        cls.addClassCleanup(cls.forget_models)
        for model in (make_document(), make_extension(), make_line()):
            add_to_registry(cls.registry, model)
        cls.registry._setup_models__(cls.env.cr, [])
        cls.registry.init_models(cls.env.cr, [DOCUMENT, LINE], {'module': 'k20_base'})

    @classmethod
    def forget_models(cls):
        for name in (DOCUMENT, LINE):
            cls.registry.models.pop(name, None)
            for model in cls.registry.models.values():
                model._inherit_children.discard(name)

    @classmethod
    def make_rights(cls):
        everything = {f'perm_{right}': True for right in ('read', 'write', 'create', 'unlink')}
        cls.env['ir.model.access'].create([
            {
                'name': model,
                'model_id': cls.env['ir.model']._get_id(model),
                'group_id': cls.env.ref('base.group_user').id,
                **everything,
            }
            for model in (DOCUMENT, LINE)
        ])  # fmt: skip

    def make_document(self, user=None, **values):
        Document = self.env[DOCUMENT].with_user(user or self.sales1)
        values = {'name': "Doc", 'line_ids': [Command.create({'price': price}) for price in (1, 2)], **values}
        return Document.create(values)

    def submitted(self, **values):
        document = self.make_document(**values)
        document.action_k20_submit()
        return document

    def state(self, document):
        """Return what must not change of a document and its lines."""
        self.env.invalidate_all()
        document = document.sudo().with_context(active_test=False)
        return (
            document.read(['name', 'amount', 'company_id', 'active', 'k20_approval_state'], load=''),
            document.line_ids.read(['price', 'document_id'], load=''),
        )

    # -- lines -------------------------------------------------------------------------------------------------------

    def changes(self, line, draft):
        """Return what nobody may do to the locked document of `line`: calls on it, as somebody has it.

        :param draft: an open document, from and to which lines could be moved
        """
        foreign = draft.line_ids[0]
        return (
            lambda document: document.write({'name': "Changed"}),
            lambda document: document.write({'amount': 5, 'note': "x"}),
            lambda document: document.write({'place': "Written elsewhere"}),
            lambda document: document.write({'active': False}),
            lambda document: document.action_archive(),
            lambda document: document.unlink(),
            lambda document: document.write({'line_ids': [Command.create({'price': 3})]}),
            lambda document: document.write({'line_ids': [Command.update(line.id, {'price': 3})]}),
            lambda document: document.write({'line_ids': [Command.delete(line.id)]}),
            lambda document: document.write({'line_ids': [Command.clear()]}),
            lambda document: document.write({'line_ids': [Command.link(foreign.id)]}),
            lambda document: line.with_env(document.env).write({'price': 3}),
            lambda document: line.with_env(document.env).write({'delivered': 1, 'price': 3}),
            lambda document: line.with_env(document.env).write({'document_id': draft.id}),
            lambda document: line.with_env(document.env).unlink(),
            lambda document: line.with_env(document.env).copy(),
            lambda document: foreign.with_env(document.env).write({'document_id': document.id}),
            lambda document: document.env[LINE].create({'document_id': document.id, 'price': 3}),
            lambda document: document.env[LINE].with_context(default_document_id=document.id).create({'price': 3}),
            lambda document: draft.with_env(document.env).write({'line_ids': [Command.link(line.id)]}),
        )

    def test_a_submitted_document_and_its_lines_are_locked(self):
        """R193: write, delete, commands, moving lines in and out, archive, import, in sudo and with any context."""
        draft = self.make_document()
        context = dict.fromkeys(
            ['skip_validation_check', 'tracking_disable', 'install_mode', 'import_file', 'k20_open', 'k20_moving'], True
        )
        for state in ('submitted', 'approved'):
            locked = self.submitted()
            if state == 'approved':
                locked.with_user(self.admin).action_k20_approve()
            before = self.state(locked)
            doors = (locked, locked.with_context(**context), locked.with_user(self.finance), locked.sudo())
            for change, document in itertools.product(self.changes(locked.line_ids[0], draft), doors):
                with self.assertRefused("submitted or approved"):
                    change(document)
                self.assertEqual(self.state(locked), before)
            for column, value in (('name', "Changed"), ('amount', '2')):
                self.assertFalse(locked.load(['.id', column], [[str(locked.id), value]])['ids'])
            self.assertEqual(self.state(locked), before)

    def test_what_stays_free_can_be_written(self):
        """R193: the fields that a document and its lines name, and the chatter's own."""
        document = self.submitted()
        document.note = "Called"
        document.remark = "Twice"
        document.line_ids[0].delivered = 1
        document.message_post(body="Called them")
        document.message_subscribe(self.sales2.partner_id.ids)
        self.assertEqual(
            (document.note, document.remark, document.line_ids[0].delivered), ("Called", "Twice", 1), "of all addons"
        )

    def test_who_may_not_change_a_document_neither_submits_nor_resets_it(self):
        """R159, R193: both lead to another state of it."""
        values = {'name': "Own documents", 'model_id': self.env['ir.model']._get_id(DOCUMENT), 'perm_read': False}
        self.env['ir.rule'].create({**values, 'domain_force': "[('create_uid', '=', user.id)]"})
        document = self.make_document()
        with self.assertRaises(AccessError):
            document.with_user(self.sales2).action_k20_submit()
        document.action_k20_submit()
        document.with_user(self.admin).action_k20_reject("No")
        with self.assertRaises(AccessError):
            document.with_user(self.sales2).action_k20_reset()
        self.assertEqual(document.k20_approval_state, 'rejected')

    def test_drafts_and_refused_documents_are_their_makers(self):
        """R193: until it is submitted, and again after a reset; a copy of a locked one is a draft of its own."""
        document = self.make_document()
        document.write({'name': "Changed", 'line_ids': [Command.create({'price': 3})]})
        document.action_k20_submit()
        document.action_k20_withdraw()
        document.line_ids[0].price = 7
        document.action_k20_submit()
        document.with_user(self.admin).action_k20_reject("Too dear")
        document.amount = 5
        document.action_k20_reset()
        document.line_ids[0].unlink()
        document.action_k20_submit()
        copy = document.copy()
        self.assertEqual(
            (copy.k20_approval_state, copy.k20_requester_id, copy.k20_decisions), ('draft', self.env['res.users'], 0)
        )
        copy.unlink()
        self.assertTrue(document.exists())

    def test_no_document_begins_approved(self):
        """R193: neither by what is sent nor by a default, for the administrator either."""
        for user in (self.sales1, self.admin):
            for name, value in (('k20_approval_state', 'approved'), ('k20_requester_id', self.sales2.id)):
                with self.assertRaises(AccessError):
                    self.make_document(user, **{name: value})
                forged = self.env[DOCUMENT].with_user(user).with_context(**{f'default_{name}': value})
                self.assertNotEqual(forged.create({'name': "Doc"}).read([name], load=None)[0][name], value)

    def test_the_administrator_changes_and_deletes(self):
        """R193: document and lines; what the engine owns stays its own for the administrator, too."""
        document = self.submitted().with_user(self.admin)
        document.write({'name': "Corrected", 'line_ids': [Command.create({'price': 3})]})
        document.line_ids[0].price = 5
        with self.assertRaises(AccessError):
            document.k20_approval_state = 'approved'
        tasks = document._k20_tasks()
        document.unlink()
        self.assertEqual(tasks.mapped('state'), ['closed'])

    def test_an_opening_is_for_the_named_document_and_its_lines_alone(self):
        """R157: what the server opens, it opens for one block and one document."""
        document, other = self.submitted(), self.submitted()
        with opened(document):
            document.name = "Changed by the server"
            document.line_ids.price = 8
            for records, name in ((other, 'name'), (other.line_ids, 'price'), (document.line_ids, 'document_id')):
                with self.assertRaises(UserError):
                    records.write({name: other.id if name == 'document_id' else 9})
        with self.assertRefused("submitted or approved"):
            document.name = "Changed again"

    def test_granting_may_change_the_document(self):
        """R158: the hook writes the document and its lines, in the name of the approver."""
        document = self.submitted()
        document.with_user(self.admin).action_k20_approve()
        self.assertEqual(document.name, "Doc (granted)")
        self.assertEqual(set(document.line_ids.mapped('price')), {99})

    # -- thresholds --------------------------------------------------------------------------------------------------

    def make_large_flow(self, **values):
        self.flow.sequence = 20
        return self.flow.copy({'name': "Large ones", 'sequence': 10, 'amount_min': 1000, **values})

    def test_a_threshold_at_below_and_above(self):
        """R158: a flow takes documents of at least its minimum."""
        large = self.make_large_flow()
        for amount, flow in ((999.99, self.flow), (1000, large), (1000.01, large), (0, self.flow), (-5000, self.flow)):
            with self.subTest(amount=amount):
                self.assertEqual(self.submitted(amount=amount)._k20_tasks().flow_id, flow)

    def test_a_change_over_a_threshold_starts_again(self):
        """R158: the administrator's change that brings a submitted document under another flow."""
        large = self.make_large_flow()
        document = self.submitted(amount=999)
        self.flow.step_ids.name = "Renamed meanwhile"
        document.with_user(self.admin).amount = 999.5
        self.assertEqual(document._k20_tasks().mapped('state'), ['open'])
        document.with_user(self.admin).amount = 1000
        tasks = document._k20_tasks().sorted('id')
        self.assertEqual(tasks.mapped('state'), ['closed', 'open'])
        self.assertEqual((tasks[-1].flow_id, tasks[-1].round, tasks[-1].requester_id), (large, 2, self.sales1))
        self.assertEqual(document.k20_requester_id, self.sales1)
        self.flow.active = False
        document.with_user(self.admin).amount = 1
        self.assertEqual(document._k20_open_tasks(), tasks[-1], "where none fits any more, it keeps its flow")

    def test_flow_and_company_are_the_documents(self):
        """R158, R159: not those of the company that the requester or the approver works in at the moment."""
        people = self.sales1 + self.admin
        people.company_ids += self.other_company
        theirs = self.flow.copy({'name': "Second's", 'sequence': 1, 'company_id': self.other_company.id})
        first = self.env.company
        for company, flow in ((first, self.flow), (self.other_company, theirs)):
            for current in (first + self.other_company, self.other_company + first):
                document = self.make_document(company_id=company.id)
                document = document.with_context(allowed_company_ids=current.ids)
                document.action_k20_submit()
                task = document._k20_tasks()
                self.assertEqual((task.flow_id, task.company_id), (flow, company))
                decided = document.with_user(self.admin).with_context(allowed_company_ids=current.ids)
                self.assertTrue(decided.k20_can_decide)
                decided.action_k20_approve()
                self.assertEqual(document.k20_approval_state, 'approved')
        self.admin.company_ids -= self.other_company
        for records in (task, theirs):
            seen = records.with_user(self.admin).with_context(allowed_company_ids=first.ids)
            self.assertFalse(seen.has_access('read'))
        with self.assertRefused("nobody who could decide"):
            self.make_document(company_id=self.other_company.id).action_k20_submit()

    # -- decisions twice ---------------------------------------------------------------------------------------------

    def test_a_task_decides_its_own_step_only(self):
        """R159: a second click on a decided task says nothing to a step that opened meanwhile, nor to a new round."""
        self.flow.step_ids.copy({'flow_id': self.flow.id, 'name': "Second look", 'sequence': 20})
        document = self.submitted()
        first = document._k20_open_tasks().with_user(self.admin)
        first.action_k20_approve()
        for again in (first.action_k20_approve, lambda: first.action_k20_reject("No")):
            with self.assertRefused(re.escape(self.admin.name)):
                again()
        second = document._k20_open_tasks().with_user(self.admin)
        self.assertEqual(second.step_name, "Second look")
        second.action_k20_approve()
        self.assertEqual(document.k20_approval_state, 'approved')
