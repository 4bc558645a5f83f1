from werkzeug.exceptions import NotFound

from odoo.http import Controller, content_disposition, request, route


class ImportTemplate(Controller):
    @route('/k20/import/template/<string:kind>', type='http', auth='user', readonly=True)
    def template(self, kind):
        """Download the template for customers of `kind` (channel, end) in the user's language. (R179)"""
        request.env['res.partner']._k20_check_may_import()
        names = {
            'channel': request.env._("Template for channel customers"),
            'end': request.env._("Template for end customers"),
        }
        if kind not in names:
            raise NotFound
        from ..wizard.customer_workbook import TemplateWorkbook

        return request.make_response(
            TemplateWorkbook(request.env, kind).content(),
            headers=[
                ('Content-Type', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
                ('Content-Disposition', content_disposition(f'{names[kind]}.xlsx')),
            ],
        )
