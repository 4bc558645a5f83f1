"""./k20 test: gates, the addons' own tests inside Odoo, and the tests of the whole against a served K20.

Suites run side by side. Each database is a clone of the template, so Odoo's own modules are installed only once. The
addons' tests, the longest of them, run in several lanes: Odoo processes with a database each, which take the next class
of tests that no other lane has taken.
"""

import concurrent.futures
import contextlib
import json
import os
import shutil
import time

from launcher import fetch, outcome, postgres, serve
from launcher.odoo import Odoo
from launcher.steps import Trouble, clock, locked, say, step

# Odoo's own lint that holds for addons outside Odoo, by class.
LINT = (
    'TestLintOverrideSignatures',
    'TestNaming',
    'TestIndex',
    'TestTestHoles',
    'ManifestLinter',
    'PotLinter',
    'TestOnchangeDomains',
)
LINT_MODULE = 'test_lint'
FAILURE_LINES = 60  # of each failure's text, the last ones
LANES = max(2, min(4, os.cpu_count() or 1))  # a test waits for a browser or the database half of its time
THOROUGH = 'k20_thorough'  # tag of tests in a browser, or that go through many doors, rows or random cases
QUICK = '-c synchronous_commit=off'  # for databases that nobody misses after a power cut


def run(home, options):
    """Run the tests that `options` ask for; the exit status is 0 where all of them passed."""
    started = time.monotonic()
    total = outcome.Outcome()
    with locked(home.state / 'test.lock', "Another ./k20 test is at work in this checkout: waiting for it"):
        fetch.platform(home, tools=True)
        if not options.fast:
            fetch.browser(required=True)
        with postgres.serving(home) as server:
            server.environ['PGOPTIONS'] = QUICK
            tests = Tests(Odoo(home, server), options)
            for result in tests.run():
                total.add(result)
    for test, text in sorted(total.failed.items()):
        say(f"\nFAILED {test}\n" + '\n'.join(text.strip().splitlines()[-FAILURE_LINES:]))
    for test, reason in sorted(total.skipped.items()):
        say(f"skipped {test}: {reason}")
    say(f"\nThe tests took {clock(time.monotonic() - started)}; logs are in {home.logs}.")
    say(total.line)
    return 1 if total.failed or not total.passed else 0


class Tests:
    """One test run: which suites, and what each of them does."""

    def __init__(self, odoo, options):
        self.odoo = odoo
        self.home = odoo.home
        self.options = options
        self.part = bool(options.addons or options.tags)
        self.addons = self._chosen_addons()

    def _chosen_addons(self):
        known = self.odoo.modules()
        for name in self.options.addons:
            if name not in known:
                raise Trouble(f"There is no addon {name}: K20 has {', '.join(known)}.")
        return [name for name in known if name in self.options.addons] or known

    def run(self):
        """Run the suites side by side and return their outcomes."""
        with concurrent.futures.ThreadPoolExecutor() as pool:
            try:
                suites = [] if self.part else [pool.submit(self.suite, 'gates', self.gates)]
                self.odoo.template()
                suites.append(pool.submit(self.suite, 'addons', self.inside_odoo))
                if not self.part and not self.options.fast:
                    suites.append(pool.submit(self.suite, 'whole', self.served))
                return [suite.result() for suite in suites]
            except BaseException:  # Ctrl-C above all: without this the suites would go on to their end
                self.odoo.end()
                raise

    def suite(self, name, work):
        """Let `work(results)` run one suite and return its Outcome; only what it records counts."""
        results = self.home.state / f'results-{name}'
        results.unlink(missing_ok=True)
        with step(f"Suite {name}"):
            try:
                status = work(results)
            except Trouble as trouble:
                return outcome.Outcome(failed={name: str(trouble)})
        result = outcome.read(results, name, status)
        if name == 'addons' and not self.options.tags:
            self._demand_all_addons(result)
        say(f"  Suite {name}: {result.line}")
        return result

    def _demand_all_addons(self, result):
        """Fail for each addon that has tests of which none ran: a suite that shrinks unseen proves nothing."""
        ran = ' '.join((*result.passed, *result.failed, *result.skipped))
        for addon in self.addons:
            if (self.home.addons / addon / 'tests').is_dir() and f'odoo.addons.{addon}.' not in ran:
                result.failed[addon] = f"No test of {addon} ran: see the log of the suite."

    def gates(self, results):
        """What needs no database: the linters, the layers, the launcher."""
        return self._unittests('alone', results)

    def inside_odoo(self, results):
        """The addons' own tests and Odoo's lint, in Odoo's process, in a database without demo data."""
        if self.part:
            return self._inside_kept(results)
        tags = [*(f'/{addon}' for addon in self.addons), *(f'/{LINT_MODULE}:{name}' for name in LINT)]
        with self.clone('addons') as database:
            # K20 takes noisy modules out at its first installation, which makes Odoo load all anew and forget what it
            # has installed: the tests for after the installation need processes of their own, or none would run.
            modules = ','.join((*self.addons, LINT_MODULE))
            status = self._inside('at_install', database, tags, results, '-i', modules, K20_MOMENT='at_install')
            return self._in_lanes(database, tags, results) or status

    def _inside_kept(self, results):
        """Some of the addons' tests, in copies of a database kept for them: only what changed since is updated."""
        serve.prepare(self.odoo, self.odoo.kept, demo=False)
        tags = [self.options.tags] if self.options.tags else [f'/{addon}' for addon in self.addons]
        if self.options.fast and not self.options.tags:
            tags.append(f'-{THOROUGH}')
        return self._in_lanes(self.odoo.kept, tags, results)

    def _in_lanes(self, source, tags, results):
        """Run the tests for after the installation, each lane in a copy of the database `source`."""
        claims = self.home.state / 'claims'
        shutil.rmtree(claims, ignore_errors=True)
        claims.mkdir()

        def run_lane(number):
            name = f'lane_{number}'
            own = results.with_name(f'{results.name}_{name}')
            own.unlink(missing_ok=True)
            environ = {'K20_CLAIMS': str(claims), 'K20_MOMENT': 'post_install'}
            if self.options.fast:
                environ['K20_FAST'] = '1'
            if not number and not self.options.tags:
                environ['K20_GATES'] = ' '.join(self.addons)
            with self.clone(name, source) as database:
                return own, self._inside(name, database, tags, own, **environ)

        count = 1 if self.options.tags else LANES  # a few classes start sooner than a second Odoo
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            lanes = list(pool.map(run_lane, range(count)))
        with results.open('a', encoding='utf-8') as file:
            for own, _status in lanes:
                file.write(own.read_text('utf-8') if own.exists() else '')
        return max(status for _own, status in lanes)

    def _inside(self, name, database, tags, results, *options, **environ):
        """Run the tests of the moment K20_MOMENT, at_install or post_install, in an Odoo process."""
        web = serve.open_web_socket(0)
        tests = ('--test-tags', ','.join(tags), '--stop-after-init', '--workers=0', '--max-cron-threads=0')
        port = f'--http-port={web.getsockname()[1]}'
        arguments = ('server', *self.odoo.options(database), port, *options, *tests)
        environ.update(K20_RESULTS=str(results), PGOPTIONS=QUICK)
        log = self.odoo.log(f'test-{name}')
        return self.odoo.run('start.py', arguments, log, environment=self.home.tools, web=web, **environ)

    def served(self, results):
        """What crosses addons, over HTTP against a K20 with demo data and several workers."""
        with self.clone('whole') as database:
            self.odoo.server.query("UPDATE ir_module_module SET demo = true WHERE state = 'installed'", database)
            with step("Installing K20 with its demo business"):
                self.odoo.install('site', database, self.odoo.modules(), '--with-demo')
            web = serve.open_web_socket(0)
            url = f'http://127.0.0.1:{web.getsockname()[1]}'
            with (
                self.clone('spare', database) as spare,  # the same, for tests whose processes get killed
                serve.served(self.odoo, database, web, serve.workers()),
            ):
                options = json.dumps([str(option) for option in self.odoo.options(spare)])
                return self._unittests('served', results, K20_URL=url, K20_DB=database, K20_SPARE_OPTIONS=options)

    def _unittests(self, group, results, **environ):
        """Run one group of the tests in the folder `tests`."""
        environ.update(K20_RESULTS=str(results), K20_TOOLS=str(self.home.tools / 'bin'))
        arguments = (self.home.root, group)
        log = self.odoo.log(f'test-{group}')
        return self.odoo.run('unittests.py', arguments, log, environment=self.home.tools, **environ)

    @contextlib.contextmanager
    def clone(self, suite, source=None):
        """Give a fresh copy of `source`, by default the template, dropped after use.

        Odoo would make up an empty one where it is missing.
        """
        database = f'k20_test_{suite}'
        self.odoo.clone(source or self.odoo.template(), database)
        if not self.odoo.server.exists(database):
            raise Trouble(f"The test database {database} could not be cloned.")
        try:
            yield database
        finally:
            self.odoo.drop(database)
