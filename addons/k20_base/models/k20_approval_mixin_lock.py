from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..tools.locking import locked_fields
from ..tools.opening import is_creating, is_open

LOCKED = {'submitted', 'approved'}
# Written by the engine alone, for administrators and in sudo too.
ENGINE_FIELDS = {'k20_approval_state', 'k20_requester_id', 'k20_submitted_on', 'k20_approval_round', 'k20_decisions'}


class K20ApprovalMixin(models.AbstractModel):
    """What is submitted or approved is closed to everybody but the administrator, over every call. (R193)

    What Odoo itself must go on writing is `_k20_free_fields`; what the server does stands in `opened(...)`.
    """

    _inherit = 'k20.approval.mixin'

    @api.model_create_multi
    def create(self, vals_list):
        if is_creating(self):
            return super().create(vals_list)
        defaults = {name: self._fields[name].default for name in ENGINE_FIELDS}
        for vals in vals_list:
            self._k20_refuse_engine_fields({name for name in ENGINE_FIELDS & vals.keys() if vals[name]})
            # Said outright, so that no default_… of the context fills them.
            vals.update({name: default(self) if default else False for name, default in defaults.items()})
        return super().create(vals_list)

    def write(self, vals):
        closed = self.filtered(lambda document: not is_open(document))
        if not closed:
            return super().write(vals)
        closed._k20_refuse_engine_fields(ENGINE_FIELDS & vals.keys())
        closed._k20_check_unlocked(vals)
        result = super().write(vals)
        closed._k20_follow_changed_flow()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self.filtered(lambda document: not is_open(document))._k20_check_unlocked()
        self._k20_tasks().filtered(lambda task: task.state in ('waiting', 'open')).state = 'closed'

    def _k20_refuse_engine_fields(self, names):
        if names:
            raise AccessError(
                self.env._("The approval of a document is changed by submitting and deciding only: use its buttons.")
            )

    def _k20_check_unlocked(self, vals=None):
        """UserError where `vals` (None: a deletion) would change what is submitted or approved. (R193)"""
        if self._k20_is_administrator():
            return
        locked = self.filtered(lambda document: document.k20_approval_state in LOCKED)
        if locked and (vals is None or locked._k20_locked_fields(vals)):
            raise UserError(
                self.env._(
                    "%s is submitted or approved: only the administrator changes or deletes it; withdraw it first, if"
                    " nobody has decided yet.",
                    locked[0].display_name,
                )
            )

    def _k20_locked_fields(self, vals):
        """Return those names of `vals` that may not change any more; chatter and activities stay open."""
        names = locked_fields(self, vals)
        return [name for name in names if not name.startswith(('message_', 'activity_'))]

    @api.model
    def _k20_is_administrator(self):
        return self.env.uid == api.SUPERUSER_ID or self.env.user.has_group('k20_base.group_k20_admin')
