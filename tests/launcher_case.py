"""A home of the launcher in a folder of its own, for tests of ./k20 itself."""

import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path
from unittest import mock

from launcher.home import ROOT, Home
from launcher.steps import Trouble


def make_home(folder):
    """Return the home of this checkout in `folder`, empty."""
    made = Home.of(environ={'K20_HOME': str(folder / 'home')})
    made.path.mkdir()
    return made


class LauncherCase(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix='k20-'))  # only its owner may enter it
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.home = make_home(self.folder)
        self.enterContext(mock.patch('launcher.steps.say'))

    def assertTrouble(self, pattern):
        return self.assertRaisesRegex(Trouble, pattern)

    def run_python(self, code):
        """Start a Python that can import the launcher."""
        return subprocess.Popen(
            (sys.executable, '-c', textwrap.dedent(code)), cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
