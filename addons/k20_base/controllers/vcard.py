from odoo.http import request, route

from odoo.addons.web.controllers.vcard import Partner


class K20Partner(Partner):
    @route()
    def download_vcard(self, partner_ids=None, partner=None, **kwargs):
        Log = request.env['k20.export.log']
        Log._check_may_export()
        response = super().download_vcard(partner_ids=partner_ids, partner=partner, **kwargs)
        if response.status_code == 200:
            ids = [int(text) for text in (partner_ids or str(partner.id)).split(',') if text.isdigit()]
            Log._record('res.partner', len(ids), 'vcard', domain=[('id', 'in', ids)])
        return response
