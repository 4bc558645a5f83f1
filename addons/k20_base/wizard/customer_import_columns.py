"""What stands in the columns of a customer file: from texts to values, with a sentence for each that does not fit."""

import re

from odoo import tools

from ..models.res_partner_import import ImportRow

MAX_LENGTH = 200  # signs of a text; addresses and notes may be longer
LONG = {'street': 500, 'comment': 5000}

# What people also write over the columns, beside the headers of the template in any language.
ALIASES = {
    'name': ('名称', '公司名称', '公司', '单位名称', '企业名称', '客户', '渠道名称', '业主名称', 'company'),
    'k20_code': ('编码', '客户编号', '编号', 'code'),
    'k20_type_id': ('类型', 'type'),
    'k20_nature_id': ('性质', 'nature'),
    'k20_source_id': ('来源', 'source'),
    'vat': ('统一社会信用代码', '社会信用代码', '纳税人识别号', '税务登记号', 'vat'),
    'phone': ('联系电话', '公司电话', '电话号码', 'tel'),
    'email': ('电子邮件', '邮件', '电子邮箱', 'e-mail'),
    'website': ('网站', '网址'),
    'state_id': ('省', '省市', 'state'),
    'city_id': ('城市', '市', '区县', '城市区县', 'district'),
    'street': ('详细地址', '公司地址', '街道', 'street'),
    'user_id': ('业务员', '销售员', '跟单人', '所属业务员', 'salesperson'),
    'comment': ('说明', '备注信息', 'remark'),
    'contact_name': ('姓名', '联系人姓名', '主要联系人', 'contact'),
    'contact_function': ('职务', '职位', '联系人职务', '联系人职位', 'job position'),
    'contact_phone': ('手机', '手机号', '联系人手机', 'mobile'),
    'contact_email': ('联系人邮件',),
}


def header_key(text):
    """Return what of a header counts: neither case, spaces, brackets nor the star of a compulsory column.

    >>> header_key(" 客户名称 *"), header_key("Customer Name（必填）")
    ('客户名称', 'customername')
    """
    return re.sub(r'[（(].*?[）)]|[\s*＊:：]', '', text).casefold()


class CustomerColumns:
    """The columns that a file of customers of `kind` may have, and the words that may stand in them.

    Every word is looked up once for the whole file, not once a row.
    """

    def __init__(self, env, kind):
        self.env = env
        self.kind = kind
        self.is_admin = env['res.partner']._k20_moves_freely()
        self.labels = self.headers(env)
        self.prefectures = set()
        self.lists = {
            'k20_type_id': self._words('k20.customer.type', [('kind', 'in', ('both', kind))]),
            'k20_nature_id': self._words('k20.customer.nature'),
            'k20_source_id': self._words('k20.customer.source'),
        }
        self.states, self.cities = self._regions()
        self.owners = self._owners()
        self.parsers = {
            **{name: self._listed for name in self.lists},
            'state_id': self._province,
            'city_id': self._city,
            'user_id': self._owner,
            'comment': self._note,
        }

    @staticmethod
    def headers(env):
        """Return {column: header} in the language of `env`, in the order of the template."""
        return {
            'name': env._("Customer Name"),
            'k20_code': env._("Customer Code"),
            'k20_type_id': env._("Customer Type"),
            'k20_nature_id': env._("Customer Nature"),
            'k20_source_id': env._("Customer Source"),
            'vat': env._("Tax Number"),
            'phone': env._("Phone"),
            'email': env._("Email"),
            'website': env._("Website"),
            'state_id': env._("Province"),
            'city_id': env._("City or District"),
            'street': env._("Address"),
            'user_id': env._("Owner"),
            'comment': env._("Notes"),
            'contact_name': env._("Contact Person"),
            'contact_function': env._("Position of the Contact"),
            'contact_phone': env._("Phone of the Contact"),
            'contact_email': env._("Email of the Contact"),
        }

    def find_columns(self, cells):
        """Return {index: column} of the known headers in `cells`, none twice, in the order of the template."""
        known = {header_key(alias): name for name, aliases in ALIASES.items() for alias in aliases}
        for code, _label in self.env['res.lang'].get_installed():
            headers = self.headers(self.env(context=dict(self.env.context, lang=code)))
            known.update({header_key(header): name for name, header in headers.items()})
        found = {}
        for index, text in enumerate(cells):
            name = known.get(header_key(text))
            if name and name not in found.values():
                found[index] = name
        order = list(self.labels)
        return dict(sorted(found.items(), key=lambda item: order.index(item[1])))

    def read_row(self, row, columns):
        """Return the ImportRow of a sheet's `row`, or the list of sentences that say what is wrong with it.

        :param columns: see `find_columns`
        """
        values, contact, reasons = {'k20_kind': self.kind}, {}, []
        for index, name in columns.items():
            text = row.cells[index] if index < len(row.cells) else ''
            try:
                self._check_cell(name, text, row.problems.get(index))
                if text and name.startswith('contact_'):
                    contact[name.removeprefix('contact_')] = text
                elif text:
                    values[name] = self.parsers.get(name, self._plain)(name, text, values)
            except ValueError as error:
                reasons.append(str(error))
        if contact and not contact.get('name'):
            reasons.append(self.env._("The contact has no name: type one, or empty its other columns."))
        return reasons or ImportRow(row.number, values, contact or None)

    def _check_cell(self, name, text, problem):
        if problem:
            raise ValueError(self._problem_sentence(problem))
        limit = LONG.get(name, MAX_LENGTH)
        if len(text) > limit:
            raise ValueError(
                self.env._(
                    "%(column)s is too long (%(length)s signs, at most %(limit)s): shorten it.",
                    column=self.labels[name],
                    length=len(text),
                    limit=limit,
                )
            )

    def _problem_sentence(self, problem):
        if problem.kind == 'formula':
            return self.env._(
                "Cell %s holds a formula without its result: open the file in Excel or WPS, save it and try again.",
                problem.place,
            )
        if problem.kind == 'digits':
            return self.env._(
                "Cell %s holds a number so long that its end is lost: format the cell as text and type it again.",
                problem.place,
            )
        return self.env._(
            "Cell %(place)s shows the error %(error)s: correct or empty it.", place=problem.place, error=problem.text
        )

    # One cell: take (column, text, values so far), return the value, raise ValueError with a sentence

    def _plain(self, name, text, values):
        return text

    def _note(self, name, text, values):
        return tools.plaintext2html(text)

    def _listed(self, name, text, values):
        entry_id = self.lists[name].get(text.casefold())
        if entry_id:
            return entry_id
        raise ValueError(
            self.env._(
                "%(column)s has no entry %(text)s: choose one of the list of allowed values.",
                column=self.labels[name],
                text=text,
            )
        )

    def _province(self, name, text, values):
        state_id = self.states.get(_province_key(text))
        if state_id:
            return state_id
        raise ValueError(self.env._("There is no province %s: choose one of the list of allowed values.", text))

    def _city(self, name, text, values):
        found = self.cities.get(text, set())
        if not found:
            raise ValueError(self._unknown_city(text))
        state_id = values.get('state_id')
        matching = [city_id for city_id, city_state_id in found if state_id in (None, city_state_id)]
        if len(matching) == 1:
            return matching[0]
        if matching:
            raise ValueError(
                self.env._("Several districts are called %s: put the city in front, as in 苏州市吴中区.", text)
            )
        raise ValueError(
            self.env._(
                "%(city)s does not lie in %(province)s: correct one of the two.",
                city=text,
                province=self.env['res.country.state'].browse(state_id).name,
            )
        )

    def _unknown_city(self, text):
        if text in self.prefectures:
            return self.env._("%s has several districts: add the one, as in 苏州市吴中区, or leave it empty.", text)
        return self.env._("There is no city or district %s: choose one of the list of allowed values.", text)

    def _owner(self, name, text, values):
        users = self.owners.get(text.casefold(), self.env['res.users'])
        if not users:
            raise ValueError(self.env._("Nobody has the login or name %s: correct the owner, or leave it empty.", text))
        if len(users) > 1:
            raise ValueError(self.env._("Several people are called %s: give the login of the one.", text))
        if not self.is_admin and users != self.env.user:
            raise ValueError(self.env._("What you import is yours: leave the owner empty."))
        if not users.has_group('k20_base.group_k20_salesperson'):
            raise ValueError(
                self.env._("%s does not sell: choose an owner with the salesperson role, or leave it empty.", text)
            )
        return users.id

    # What may stand in the cells

    def _words(self, model, domain=()):
        """Return {entry's name in each language, case folded: id}."""
        words = {}
        for code, _label in self.env['res.lang'].get_installed():
            for entry in self.env[model].with_context(lang=code).search(list(domain)):
                words[entry.name.strip().casefold()] = entry.id
        return words

    def _regions(self):
        country = self.env.company.country_id or self.env.ref('base.cn')
        states = self.env['res.country.state'].search([('country_id', '=', country.id)])
        cities = {}
        for city in self.env['res.city'].search([('state_id', 'in', states.ids)]):
            for name in {city.name, city.name.removeprefix(city.k20_prefecture or '')} - {''}:
                cities.setdefault(name, set()).add((city.id, city.state_id.id))
            if city.k20_prefecture:
                self.prefectures.add(city.k20_prefecture)
        return {_province_key(state.name): state.id for state in states}, cities

    def _owners(self):
        """Return {login or name, case folded: users}; a login beats somebody else's name."""
        owners = {}
        users = self.env['res.users'].search([('share', '=', False)])
        for user in users:
            owners[user.name.casefold()] = owners.get(user.name.casefold(), users.browse()) | user
        owners.update({user.login.casefold(): user for user in users})
        return owners


def _province_key(name):
    """Return a province's name without what people leave out.

    >>> _province_key("江苏省"), _province_key("广西"), _province_key("内蒙古自治区"), _province_key("上海市")
    ('江苏', '广西', '内蒙古', '上海')
    """
    return re.sub(r'(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$', '', name.strip())
