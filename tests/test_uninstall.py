"""Each addon leaves by itself, from a database with a year of business, and takes along what it brought. (DESIGN §2)"""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

UNINSTALL = Path(__file__).parent / 'inside' / 'uninstall.py'


class TestUninstall(unittest.TestCase):
    served = True

    def test_each_addon_leaves_and_the_others_stay(self):
        """DESIGN §2: the highest addon first, each leaves no record, and with the last no table and no column."""
        options = json.loads(os.environ['K20_SPARE_OPTIONS'])
        command = [sys.executable, str(UNINSTALL), *options, '--no-http']
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, 'K20_DB': ''})
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([line['addon'] for line in found], ['k20_stock', 'k20_channel', 'k20_sales', 'k20_base'])
        for line in found:
            self.assertEqual((line['state'], line['records']), ('uninstalled', 0), line)
        self.assertTrue(found[0]['k20'])
        self.assertEqual(found[-1]['k20'], [])
