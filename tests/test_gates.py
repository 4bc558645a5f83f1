"""The rules of the house that programs can check: linters, and what must not stand anywhere in the tree."""

import os
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(os.environ.get('K20_TOOLS', ROOT / '.k20' / 'tools' / 'bin'))
ADDONS = sorted(path.parent for path in ROOT.glob('addons/*/__manifest__.py'))
STATE = {'.k20', '.ruff_cache', '.hypothesis', '__pycache__'}
LEFT_OPEN = re.compile(rf'\b({"|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X"))})\b')
THIS_MACHINE = re.compile(r'(?<![\w.:/~*-])/(home|root|work|farm|Users)/\w')
ADDRESS = re.compile(r'https?://(?!127\.0\.0\.1|localhost|[{%<])[\w.-]+')
DATA = {'.po', '.pot', '.png', '.xlsx', '.svg', '.ico', '.jpg', '.woff2'}
# Rules of the linters that K20 does not follow. pylint-odoo obeys them on the command line only.
PYLINT_EXEMPT = 'missing-return,missing-readme,consider-merging-classes-inherited'
OCA_EXEMPT = 'xml-header-wrong,prefer-readme-rst,xml-field-numeric-without-eval'
PO_EXEMPT = 'po-pretty-format'  # it wants terms that stay as they are, such as XLSX, left without a translation


def tree():
    """Yield all text files of the checkout that people wrote, with their lines numbered."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - STATE - {'.git'})
        for name in sorted(names):
            path = Path(folder) / name
            if path.suffix not in DATA and name != '.git' and path.is_file():
                yield path.relative_to(ROOT), enumerate(path.read_text('utf-8', 'replace').splitlines(), 1)


class TestLinters(unittest.TestCase):
    def check(self, tool, *arguments):
        """Run a linter; whatever it says is the failure."""
        done = subprocess.run(
            (TOOLS / tool, *arguments),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, f'\n{done.stdout}')

    def test_ruff_finds_nothing(self):
        self.check('ruff', 'check', '--no-cache', '--extend-exclude=.k20', '--output-format=concise', '.')

    def test_the_code_is_formatted(self):
        self.check('ruff', 'format', '--no-cache', '--extend-exclude=.k20', '--check', '.')

    def test_pylint_odoo_finds_nothing(self):
        self.check('pylint', '--score=n', f'--disable={PYLINT_EXEMPT}', *ADDONS)

    def test_oca_finds_nothing_in_the_addons(self):
        self.check('oca-checks-odoo-module', f'--disable={OCA_EXEMPT}', *ADDONS)

    def test_oca_finds_nothing_in_the_translations(self):
        self.check('oca-checks-po', f'--disable={PO_EXEMPT}', *sorted(ROOT.glob('addons/*/i18n/*.po*')))


class TestTree(unittest.TestCase):
    def assertNowhere(self, pattern, but=()):
        found = [
            f'{path}:{number}: {line.strip()[:120]}'
            for path, lines in tree()
            if path.parts[0] not in but
            for number, line in lines
            if pattern.search(line)
        ]
        self.assertFalse(found, '\n' + '\n'.join(found))

    def test_nothing_is_left_open(self):
        self.assertNowhere(LEFT_OPEN)

    def test_no_file_knows_the_machine_it_was_written_on(self):
        self.assertNowhere(THIS_MACHINE)

    def test_the_launcher_names_no_address(self):
        """Mirrors and registries are those that the machine is configured for."""
        self.assertNowhere(ADDRESS, but={path.name for path in ROOT.iterdir()} - {'k20', 'launcher', '.ci', 'docker'})


class TestTests(unittest.TestCase):
    def test_a_phone_class_runs_the_tests_that_it_inherits(self):
        """A subclass inherits neither tests nor tags in Odoo: without both of these it silently runs nothing."""
        for path in sorted(ROOT.glob('addons/*/tests/*.py')):
            text = path.read_text('utf-8')
            for match in re.finditer(r'((?:^@.*\n)*)^class \w+\(Test\w+.*\):\n((?: .*\n|\n)*)', text, re.MULTILINE):
                with self.subTest(file=path.name, text=match.group(0).splitlines()[0]):
                    self.assertIn('allow_inherited_tests_method = True', match.group(2))
                    self.assertIn('@tagged(', match.group(1))
