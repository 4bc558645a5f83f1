from odoo.http import request, route

from odoo.addons.web.controllers.json import WebJsonController

from ..models.k20_export_log import writes


class K20WebJsonController(WebJsonController):
    @route(readonly=writes)
    def web_json_1(self, subpath, **kwargs):
        request.env['k20.export.log']._check_may_export()
        response = super().web_json_1(subpath, **kwargs)
        if response.status_code == 200:  # otherwise a redirect to the address with all parameters
            self._k20_log(subpath, kwargs, response.get_json())
        return response

    def _k20_log(self, subpath, kwargs, result):
        action = self._get_action(subpath)[0]
        rows = result.get('records', result.get('groups', [result]))
        request.env['k20.export.log']._record(
            action.res_model, len(rows), 'json', domain=kwargs.get('domain'), fields=list(rows[0]) if rows else []
        )
