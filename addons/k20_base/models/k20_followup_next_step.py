from collections import defaultdict

from odoo import api, models
from odoo.tools import frozendict
from odoo.tools.misc import clean_context


class K20Followup(models.Model):
    """The next step of a customer is an activity of its owner, as the latest follow-up says. (R003, R176)

    It is done when the next follow-up of that customer is recorded and comes back when that one is deleted. One that
    somebody marked done by hand stays done until its follow-up is changed.
    """

    _inherit = 'k20.followup'

    @api.model_create_multi
    def create(self, vals_list):
        followups = super().create(vals_list)
        latest = self._latest_by_customer(followups.partner_id, planning=True)
        self._sync_next_steps(
            {customer_id: followup for customer_id, followup in latest.items() if followup in followups}
        )
        return followups

    def write(self, vals):
        if not ({'partner_id', 'date', 'next_date', 'next_plan'} & vals.keys()):
            return super().write(vals)
        customers = self.partner_id
        result = super().write(vals)
        self._sync_next_steps(self._latest_by_customer(customers | self.partner_id, planning=True))
        return result

    def unlink(self):
        self.check_access('unlink')
        customers = self.partner_id
        latest = self._latest_by_customer(customers, planning=True)
        reopened = customers.filtered(lambda customer: latest[customer.id] in self)
        self._next_step_activities([('k20_followup_id', 'in', self.ids)]).unlink()
        result = super().unlink()
        self._sync_next_steps(self._latest_by_customer(reopened, planning=True))
        return result

    @api.model
    def _next_step_activities(self, domain):
        """Return the activities of next steps that match `domain`, done ones included, to be changed by the server."""
        # sudo: they are the owner's, whoever records the follow-up. Nobody is mailed: the owner finds it in the list.
        Activity = self.env(context=clean_context(self.env.context))['mail.activity'].sudo()
        return Activity.with_context(active_test=False, mail_activity_quick_update=True).search(
            [('k20_followup_id', '!=', False), *domain]
        )

    @api.model
    def _sync_next_steps(self, latest):
        """Leave each customer the next step of its latest follow-up as the only open one.

        :param latest: {customer id: follow-up}, see `_latest_by_customer`
        """
        current = {followup.id: followup.sudo() for followup in latest.values() if followup.next_date}
        activities = self._next_step_activities(
            [
                *(('res_model', '=', 'res.partner'), ('res_id', 'in', list(latest))),
                *('|', ('active', '=', True), ('k20_followup_id', 'in', list(current))),
            ]
        )
        activities.filtered(lambda step: step.active and step.k20_followup_id.id not in current).active = False
        changes = defaultdict(activities.browse)
        for activity in activities.filtered(lambda step: step.k20_followup_id.id in current):
            values = current.pop(activity.k20_followup_id.id)._prepare_next_step()
            changes[frozendict(activity._k20_differing(values))] |= activity
        for values, changed in changes.items():
            changed.write(dict(values))
        activities.create(self._prepare_new_next_steps(current.values()))

    def _prepare_next_step(self):
        """Return what an activity takes from this follow-up; without an owner it waits for one."""
        self.ensure_one()
        return {
            'active': True,
            'res_id': self.partner_id.id,
            'date_deadline': self.next_date,
            'summary': self.next_plan,
            'user_id': self.owner_id.id,
        }

    @api.model
    def _prepare_new_next_steps(self, followups):
        """Return the values of the activities that `followups` ask for."""
        common = {
            'res_model_id': self.env['ir.model']._get_id('res.partner'),
            'activity_type_id': self.env.ref('k20_base.mail_activity_type_followup').id,
            'automated': True,
        }
        return [{**common, **followup._prepare_next_step(), 'k20_followup_id': followup.id} for followup in followups]
