"""Many people add the same customer, or check for it, at the same moment."""

import uuid

from tests.client import Refused, Rpc, ServedCase, race

LOGINS = ['sales1', 'sales2', 'sales3', 'sales4'] * 3


class TestDuplicateRaces(ServedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.login('admin')
        cls.people = [cls.login(login) for login in LOGINS]

    def setUp(self):
        self.word = uuid.uuid4().hex[:12]

    def found(self, **values):
        [(name, value)] = values.items()
        return self.admin.call('res.partner', 'search_read', [(name, '=', value)], ['name', 'user_id'])

    def assert_one_made(self, answers, **values):
        """One answer is an id and that customer exists; each other is the sentence that names who to ask."""
        made = [answer for answer in answers if not isinstance(answer, Exception)]
        self.assertEqual(len(made), 1, answers)
        customers = self.found(**values)
        self.assertEqual([[customer['id']] for customer in customers], made)
        owner = customers[0]['user_id'][1]
        for refusal in answers:
            if refusal not in made:
                self.assertIsInstance(refusal, Refused)
                self.assertEqual(refusal.kind, 'ValidationError')
                self.assertRegex(str(refusal), f'{owner}|of yours|您名下')

    def test_one_name_at_once_makes_one_customer(self):
        """R074, R162: in however many spellings; the others learn who was first."""
        endings = ['有限公司', '股份有限公司', '（集团）', ' Co., Ltd.']

        def add(number):
            name = f'竞速{self.word}{endings[number % 4]}'
            kind = 'channel' if number % 2 else 'end'
            return self.people[number].call('res.partner', 'create', [{'name': name, 'k20_kind': kind}])

        answers = race(add, range(len(LOGINS)))
        self.assert_one_made(answers, k20_name_key=f'竞速{self.word}')

    def test_one_phone_at_once_makes_one_customer(self):
        """R074, R162: under as many names as there are people."""
        phone = f'139{int(self.word, 16) % 10**8:08}'

        def add(number):
            name = f'{self.word} {number}'
            values = {'name': name, 'k20_kind': 'end', 'phone': phone}
            return self.people[number].call('res.partner', 'create', [values])

        answers = race(add, range(len(LOGINS)))
        self.assert_one_made(answers, k20_phone_key=f'+86{phone}')

    def test_one_tax_number_at_once_belongs_to_one(self):
        """R162: typed into customers that exist already."""
        vat = f'91320500{self.word[:10]}'.upper()
        customers = [
            session.call('res.partner', 'create', [{'name': f'{self.word} {number}', 'k20_kind': 'end'}])
            for number, session in enumerate(self.people)
        ]

        def number_it(number):
            self.people[number].call('res.partner', 'write', customers[number], {'vat': vat})
            return customers[number]

        self.assert_one_made(race(number_it, range(len(LOGINS))), k20_vat_key=vat)

    def test_many_checks_at_once_stay_within_the_limit(self):
        """R074: no two checks of a person have the same number of the day."""
        [company] = self.admin.call('res.users', 'read', [self.admin.uid], ['company_id'])
        company = company['company_id'][0]
        [before] = self.admin.call('res.company', 'read', [company], ['k20_duplicate_checks_per_day'])
        self.set_limit(company, 0)
        program = Rpc('sales4')
        program.call('k20.duplicate.check', 'check', self.word)
        made = self.last_number('sales4')
        self.set_limit(company, made + 3)
        try:
            answers = race(
                lambda number: program.call('k20.duplicate.check', 'check', f'{self.word}{number}'), range(12)
            )
            for number in range(4):  # what the race left over, one after the other
                answers += race(
                    lambda name: program.call('k20.duplicate.check', 'check', name), [f'{self.word}{number}']
                )
        finally:
            self.set_limit(company, before['k20_duplicate_checks_per_day'])
        answered = [answer for answer in answers if not isinstance(answer, Exception)]
        self.assertEqual(len(answered), 3)
        self.assertEqual(self.last_number('sales4'), made + 3)
        for refusal in answers:
            if refusal not in answered:
                self.assertRegex(str(refusal), 'try again|go on tomorrow')

    def set_limit(self, company, limit):
        self.admin.call('res.company', 'write', [company], {'k20_duplicate_checks_per_day': limit})

    def last_number(self, login):
        """Return the number of the day of the latest check of `login`."""
        [row] = self.admin.call(
            'k20.duplicate.check.log', 'search_read', [('user_id.login', '=', login)], ['number'], limit=1
        )
        return row['number']
