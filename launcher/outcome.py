"""What became of the tests: the records of all suites added up."""

import json
import re
from dataclasses import dataclass, field

# A browser test that has no browser says nothing about the program: such a skip is a failure.
NO_BROWSER = re.compile(r'Chrome executable not found|websocket-client')


@dataclass
class Outcome:
    """The tests of one suite by what became of them; `failed` and `skipped` map each to its reason."""

    passed: set = field(default_factory=set)
    failed: dict = field(default_factory=dict)
    skipped: dict = field(default_factory=dict)

    @property
    def line(self):
        """Return the closing line."""
        return f'{len(self.passed)} passed, {len(self.failed)} failed, {len(self.skipped)} skipped'

    def add(self, other):
        self.passed |= other.passed
        self.failed |= other.failed
        self.skipped |= other.skipped


def read(results, suite, status):
    """Return the Outcome recorded in the file `results`.

    :param suite: name of the suite, as its failures are called where no test can be named
    :param status: exit status of the process that wrote the file; a suite that ran no test has failed
    """
    lines = results.read_text('utf-8').splitlines() if results.exists() else []
    events = [json.loads(line) for line in lines]
    outcome = Outcome()
    started = _tests(events, 'start')
    stopped = _tests(events, 'stop')
    outcome.failed = _tests(events, 'fail')
    for test in started.keys() - stopped.keys() - outcome.failed.keys():
        outcome.failed[test] = "It began and never ended."
    for test, reason in _tests(events, 'skip').items():
        (outcome.failed if NO_BROWSER.search(reason) else outcome.skipped)[test] = reason
    for test in outcome.failed:
        outcome.skipped.pop(test, None)
    outcome.passed = started.keys() - outcome.failed.keys() - outcome.skipped.keys()
    if not events:
        outcome.failed[suite] = "No test ran."
    if status and not outcome.failed:
        outcome.failed[suite] = f"Its process ended with status {status} though no test failed."
    return outcome


def _tests(events, kind):
    """Return {test: text} of the events of one kind; the first text of a test counts."""
    found = {}
    for event in events:
        if event['event'] == kind:
            found.setdefault(event['test'], event['text'])
    return found
