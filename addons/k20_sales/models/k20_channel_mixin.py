from odoo import api, fields, models

from odoo.addons.k20_base.models.base import ids_in


class K20ChannelMixin(models.AbstractModel):
    """A document that says which channel brought it: taken from its project or customer, or chosen. (DESIGN §3)

    Who chooses one must be able to read it. But an end customer may have been brought by a colleague's channel: then
    the document takes it over all the same, also where the screen sends back what it was given.
    """

    _name = 'k20.channel.mixin'
    _description = "Document Brought by a Channel"

    k20_channel_id = fields.Many2one(
        'res.partner',
        "Channel",
        compute='_compute_k20_channel_id',
        store=True,
        readonly=False,
        precompute=True,
        domain=[('k20_kind', '=', 'channel')],
        ondelete='restrict',
        index='btree_not_null',
        help="The channel that brought this business.",
    )

    def _compute_k20_channel_id(self):
        for document in self:
            document.k20_channel_id = document._k20_origin_channel()

    def _k20_origin_channel(self):
        """Hook: return the channel of what this document comes from."""
        self.ensure_one()
        return self.partner_id.commercial_partner_id.k20_channel_id

    @api.constrains('k20_channel_id', 'partner_id')
    def _check_k20_channel(self):
        for document in self.sudo().filtered('k20_channel_id'):
            document.k20_channel_id._k20_check_is_channel()

    def _k20_collect_references(self, vals, named, deep):
        if vals.get('k20_channel_id'):
            given = set(ids_in(vals['k20_channel_id']))
            if given <= self._k20_origin_channels(vals):
                vals = {name: value for name, value in vals.items() if name != 'k20_channel_id'}
        return super()._k20_collect_references(vals, named, deep)

    def _k20_origin_channels(self, vals):
        """Return the ids of the channels that come with what `vals` name, or else with what these documents have.

        Naming the origin takes the right to read it, so it tells nothing new.
        """
        channels = set()
        for name in self._k20_origin_fields():
            origin = self.env[self._fields[name].comodel_name].browse(ids_in(vals.get(name))) or self[name]
            channels.update(self._k20_channels_of(origin.sudo()).ids)
        return channels

    @api.model
    def _k20_origin_fields(self):
        """Hook: return the names of the fields that a channel is taken from."""
        return ['partner_id']

    @api.model
    def _k20_channels_of(self, origin):
        if origin._name == 'res.partner':
            origin = origin.commercial_partner_id
        return origin.k20_channel_id
