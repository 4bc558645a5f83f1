"""Write down what became of each Odoo test, one JSON object a line, into the file that K20_RESULTS names.

Odoo's own closing line cannot be turned into passed, failed and skipped: a failing `setUpClass` counts as one error,
its tests not at all, and skips are not told. launcher/outcome.py adds the lines up.
"""

import functools
import itertools
import json
import os
from pathlib import Path

import odoo.service.server as server
from odoo.tools import config

EVENTS = {'startTest': 'start', 'stopTest': 'stop', 'addError': 'fail', 'addFailure': 'fail', 'addSkip': 'skip'}


def write(event, test, text=''):
    """Add one line: what happened to which test, and why."""
    test = getattr(test, 'test_case', None) or test  # a subtest counts for its test
    line = {'event': event, 'test': test.id() if hasattr(test, 'id') else str(test), 'text': text}
    with open(os.environ['K20_RESULTS'], 'a', encoding='utf-8') as file:
        file.write(json.dumps(line, ensure_ascii=False) + '\n')


def install():
    """Make Odoo record its tests, from the moment its command line is read."""
    # Odoo's tests ask their web server for its port, which it does not learn from a socket handed to it.
    server.ThreadedWSGIServerReloadable.server_port = property(lambda self: self.socket.getsockname()[1])
    preload = server.preload_registries

    def preload_recorded(names):
        if config['test_enable']:
            _patch_results()
            _keep_to(os.environ.get('K20_MOMENT'))
            if os.environ.get('K20_FAST'):
                _spare_bundles()
            if os.environ.get('K20_CLAIMS'):
                _share(Path(os.environ['K20_CLAIMS']))
            if os.environ.get('K20_GATES'):
                _judge_first(os.environ['K20_GATES'].split())
        return preload(names)

    server.preload_registries = preload_recorded


def _patch_results():
    from odoo.tests.result import OdooTestResult  # only to be imported once the command line is read

    for name, event in EVENTS.items():
        setattr(OdooTestResult, name, _recorded(getattr(OdooTestResult, name), event))


def _recorded(method, event):
    @functools.wraps(method)
    def record(result, test, *details):
        retried = event == 'fail' and result._soft_fail  # the first try of a test that may be flaky
        text = ''
        if event == 'skip':
            text = str(details[0])
        elif event == 'fail':
            text = result._exc_info_to_string(details[0], test)
        write('retry' if retried else event, test, text)
        return method(result, test, *details)

    return record


def _keep_to(moment):
    """Run only the tests of one moment, at_install or post_install; None stands for both."""
    from odoo.tests import loader

    make_suite = loader.make_suite

    def make_suite_of_moment(module_names, position='at_install'):
        return make_suite(module_names if moment in (None, position) else (), position)

    loader.make_suite = make_suite_of_moment


def _spare_bundles():
    """Leave out the bundles of scripts and styles, which Odoo makes first where any test may ask for a page."""
    from odoo.tests.suite import OdooSuite

    OdooSuite.has_http_case = lambda suite: False


def _share(claims):
    """Leave out each class of tests that another process has claimed: the folder `claims` has a file for each."""
    from odoo.tests import loader

    run_suite = loader.run_suite

    def run_unclaimed(suite, *args, **kwargs):
        suite._tests = _unclaimed(list(suite), claims)
        return run_suite(suite, *args, **kwargs)

    loader.run_suite = run_unclaimed


def _judge_first(addons):
    """Hold `addons` against the gates before any test: the other lanes begin with the tests meanwhile."""
    from odoo.tests import loader

    run_suite = loader.run_suite

    def run_after_gates(*args, **kwargs):
        import gates  # needs the addons, which are there only now

        gates.run(config['db_name'][0], addons)
        return run_suite(*args, **kwargs)

    loader.run_suite = run_after_gates


def _unclaimed(tests, claims):
    """Yield those of `tests` whose class this process claims, each class when its turn comes."""
    for test_class, group in itertools.groupby(tests, type):
        try:
            (claims / f'{test_class.__module__}.{test_class.__qualname__}').touch(exist_ok=False)
        except FileExistsError:
            continue
        yield from group
