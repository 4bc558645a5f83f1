"""Run the tests in the folder `tests` and write down what became of each, as record.py does for Odoo's.

    python unittests.py CHECKOUT alone|served

Classes that need a served K20 say so by `served = True` (tests/client.py); the others run alone.
"""

import json
import os
import sys
import unittest

import lifeline


class Recorder(unittest.TextTestResult):
    """Writes the events of launcher/outcome.py into the file that K20_RESULTS names."""

    def write(self, event, test, text=''):
        test = getattr(test, 'test_case', None) or test  # a subtest counts for its test
        with open(os.environ['K20_RESULTS'], 'a', encoding='utf-8') as file:
            file.write(json.dumps({'event': event, 'test': test.id(), 'text': text}, ensure_ascii=False) + '\n')

    def startTest(self, test):
        self.write('start', test)
        super().startTest(test)

    def stopTest(self, test):
        self.write('stop', test)
        super().stopTest(test)

    def addError(self, test, err):
        self.write('fail', test, self._exc_info_to_string(err, test))
        super().addError(test, err)

    def addFailure(self, test, err):
        self.write('fail', test, self._exc_info_to_string(err, test))
        super().addFailure(test, err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.write('fail', test, self._exc_info_to_string(err, test))
        super().addSubTest(test, subtest, err)

    def addUnexpectedSuccess(self, test):
        self.write('fail', test, "It was expected to fail and passed.")
        super().addUnexpectedSuccess(test)

    def addSkip(self, test, reason):
        self.write('skip', test, reason)
        super().addSkip(test, reason)


def cases(suite):
    """Yield the single tests of a suite."""
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from cases(item)
        else:
            yield item


def main():
    lifeline.tie()
    root, group = sys.argv[1:]
    sys.path.insert(0, root)
    found = unittest.defaultTestLoader.discover(os.path.join(root, 'tests'), top_level_dir=root)
    chosen = [case for case in cases(found) if getattr(case, 'served', False) == (group == 'served')]
    runner = unittest.TextTestRunner(verbosity=2, resultclass=Recorder)
    return 0 if runner.run(unittest.TestSuite(chosen)).wasSuccessful() else 1


if __name__ == '__main__':
    sys.exit(main())
