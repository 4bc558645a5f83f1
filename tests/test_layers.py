"""The addons' direction: a lower one knows nothing of those above it."""

import ast
import re
import unittest
from pathlib import Path

ADDONS = Path(__file__).resolve().parent.parent / 'addons'
READ = {'.py', '.xml', '.csv', '.js', '.scss', '.md'}


def depends(addon):
    """Return all addons of K20 that `addon` stands on, however far down."""
    below = set()
    for name in ast.literal_eval((addon / '__manifest__.py').read_text('utf-8'))['depends']:
        if (ADDONS / name).is_dir():
            below |= {name} | depends(ADDONS / name)
    return below


class TestLayers(unittest.TestCase):
    def test_no_addon_names_one_that_it_does_not_stand_on(self):
        """DESIGN §2: a lower addon offers hooks and never mentions a higher one, nor one beside it."""
        addons = sorted(path.parent for path in ADDONS.glob('*/__manifest__.py'))
        self.assertTrue(addons)
        for addon in addons:
            strangers = {other.name for other in addons} - {addon.name} - depends(addon)
            if not strangers:
                continue
            pattern = re.compile(rf'\b({"|".join(sorted(strangers))})\b')
            for path in sorted(addon.rglob('*')):
                if path.suffix in READ and path.is_file():
                    for number, line in enumerate(path.read_text('utf-8').splitlines(), 1):
                        with self.subTest(file=str(path.relative_to(ADDONS)), line=number):
                            self.assertNotRegex(line, pattern)
