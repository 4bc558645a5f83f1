"""What a run of tests says of itself, and that nothing counts as passed that did not."""

import json

from launcher import outcome
from tests.launcher_case import LauncherCase


class TestOutcome(LauncherCase):
    def read(self, *events, status=0):
        results = self.folder / 'results'
        lines = [dict(zip(('event', 'test', 'text'), (*event, ''), strict=False)) for event in events]
        results.write_text(''.join(json.dumps(line) + '\n' for line in lines))
        return outcome.read(results, 'suite', status)

    def test_each_test_counts_once(self):
        result = self.read(
            *(('start', 'good'), ('stop', 'good')),
            *(('start', 'bad'), ('fail', 'bad', 'first'), ('fail', 'bad', 'second'), ('stop', 'bad')),
            *(('start', 'left'), ('skip', 'left', 'not here'), ('stop', 'left')),
            status=1,
        )
        self.assertEqual(result.line, '1 passed, 1 failed, 1 skipped')
        self.assertEqual(result.failed, {'bad': 'first'})

    def test_a_failing_class_fails(self):
        """Odoo counts one error and forgets the tests of a class whose setUpClass raised."""
        result = self.read(('fail', 'setUpClass (tests.TestBroken)', 'ValueError'), status=1)
        self.assertEqual(result.line, '0 passed, 1 failed, 0 skipped')

    def test_a_second_try_that_passes_passes(self):
        result = self.read(
            ('start', 'shaky'), ('retry', 'shaky'), ('stop', 'shaky'), ('start', 'shaky'), ('stop', 'shaky')
        )
        self.assertEqual(result.line, '1 passed, 0 failed, 0 skipped')

    def test_what_never_ended_fails(self):
        self.assertIn('hung', self.read(('start', 'hung'), status=-9).failed)

    def test_no_test_is_a_failure(self):
        self.assertEqual(self.read().failed, {'suite': "No test ran."})

    def test_a_bad_exit_is_a_failure(self):
        self.assertIn('suite', self.read(('start', 'good'), ('stop', 'good'), status=255).failed)

    def test_a_skip_for_want_of_a_browser_is_a_failure(self):
        result = self.read(('start', 'tour'), ('skip', 'tour', 'Chrome executable not found'), ('stop', 'tour'))
        self.assertEqual(result.line, '0 passed, 1 failed, 0 skipped')
