"""./k20 itself: what is half-made is made again, checkouts keep apart, and each trouble is one clear sentence."""

import ast
import contextlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
from pathlib import Path
from unittest import mock

import yaml

from launcher import cli, debian, fetch, home, outcome, pins, postgres, serve, steps, wheels
from launcher.home import ROOT, Home
from launcher.odoo import Odoo
from launcher.steps import Trouble

OF_THE_IMAGE = {'xlsxwriter', 'openpyxl', 'xlrd', 'requests', 'lxml', 'psycopg2'}  # Odoo's own needs, which it brings
NOWHERE = 'http://127.0.0.1:9'  # nothing listens there


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


class TestHalfMade(LauncherCase):
    def test_what_a_killed_run_was_building_is_built_again(self):
        target = self.folder / 'thing'
        with self.run_python(f"""
            import pathlib, time
            from launcher.steps import building
            with building(pathlib.Path({str(target)!r})) as part:
                (part / 'half').touch()
                print('begun', flush=True)
                time.sleep(60)
        """) as process:
            process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        self.assertFalse(target.exists())
        self.assertTrue(target.with_name('thing.part').exists())
        with steps.building(target) as part:
            self.assertEqual(list(part.iterdir()), [])
            (part / 'whole').touch()
        self.assertEqual([path.name for path in target.iterdir()], ['whole'])
        self.assertFalse(part.exists())

    def test_what_failed_is_not_there(self):
        target = self.folder / 'thing'
        with contextlib.suppress(ValueError), steps.building(target):
            raise ValueError
        self.assertFalse(target.exists())

    def test_an_environment_without_its_stamp_is_made_anew(self):
        """A virtual environment is built in its place: only the stamp, set last, says that it is whole."""
        self.home.venv.mkdir()
        (self.home.venv / 'half').touch()
        with (
            mock.patch('launcher.wheels.call') as call,
            mock.patch('launcher.wheels.stamp') as stamp,
            mock.patch('launcher.wheels._downloaded'),
        ):
            wheels.make_venv(self.home)
        self.assertFalse((self.home.venv / 'half').exists())
        self.assertEqual(call.call_args_list[0].args[0][1:3], ('-m', 'venv'))
        stamp.assert_called_once()

    def test_two_set_ups_at_once_take_turns(self):
        lock = self.folder / 'lock'
        with self.run_python(f"""
            import pathlib, time
            from launcher.steps import locked
            with locked(pathlib.Path({str(lock)!r})):
                print('held', flush=True)
                time.sleep(1)
        """) as process:
            process.stdout.readline()
            started = time.monotonic()
            with steps.locked(lock):
                self.assertGreater(time.monotonic() - started, 0.5)

    def test_programs_of_a_killed_run_are_waited_for(self):
        """What they still write would spoil the next run's work."""
        lock = self.folder / 'lock'
        with self.run_python(f"""
            import pathlib
            from launcher.steps import call, locked
            with locked(pathlib.Path({str(lock)!r})):
                print('held', flush=True)
                call(('sleep', '2'), '')
        """) as process:
            process.stdout.readline()
            time.sleep(0.5)
            started = time.monotonic()
            process.send_signal(signal.SIGKILL)
            with steps.locked(lock):
                self.assertGreater(time.monotonic() - started, 0.5)


class TestApart(LauncherCase):
    def test_two_checkouts_share_nothing_but_the_cache(self):
        one, two = (Home.of(Path(f'/srv/{name}'), {'K20_CACHE': '/srv/cache'}) for name in ('one', 'two'))
        self.assertEqual(one.cache, two.cache)
        for place in ('path', 'odoo_package', 'venv', 'tools', 'data', 'logs', 'state', 'digest'):
            self.assertNotEqual(getattr(one, place), getattr(two, place))
        self.assertNotEqual(one.postgres_place(), two.postgres_place())
        self.assertNotEqual(one.postgres_sockets(), two.postgres_sockets())

    def test_a_long_path_gets_a_short_socket(self):
        deep = Home.of(environ={'K20_HOME': str(self.folder / ('deep' * 30))})
        self.assertLess(len(str(deep.postgres_sockets())), home.LONGEST_SOCKET_FOLDER + 1)
        self.assertIn(deep.digest, str(deep.postgres_sockets()))

    def test_the_second_takes_the_next_port(self):
        with serve.open_web_socket(0) as web:
            port = web.getsockname()[1]
            self.assertFalse(home.is_free(port))
            self.assertGreater(home.next_free(port), port)

    def test_a_taken_websocket_port_is_passed_over(self):
        with serve.open_web_socket(0) as taken:
            port = taken.getsockname()[1]
            self.assertNotEqual(serve.websocket_port(port - home.WEBSOCKET_OFFSET), port)

    def test_one_database_is_served_once(self):
        with (
            serve.claimed(self.home, 'k20'),
            self.assertTrouble("serves database k20 already: stop it with"),
            serve.claimed(self.home, 'k20'),
        ):
            pass


class TestTrouble(LauncherCase):
    def command(self, *arguments, **environ):
        """Run one command line in this process; return its exit status and what it said of trouble."""
        errors = io.StringIO()
        streams = (mock.patch.object(sys, name, errors) for name in ('stderr',))
        with contextlib.ExitStack() as stack:
            errors.reconfigure = lambda **settings: None
            for stream in streams:
                stack.enter_context(stream)
            stack.enter_context(mock.patch.object(sys.stdout, 'reconfigure', create=True))
            stack.enter_context(mock.patch.dict(os.environ, {'K20_HOME': str(self.home.path), **environ}))
            return cli.main(arguments), errors.getvalue()

    def test_a_busy_port(self):
        with socket.socket() as other:
            other.bind(('127.0.0.1', 0))
            other.listen()
            port = other.getsockname()[1]
            status, said = self.command('run', '--port', str(port))
        self.assertEqual(status, 1)
        self.assertEqual(
            said,
            f"k20: Port {port} is taken by another program: stop that one, or choose another with --port.\n",
        )
        self.assertFalse(self.home.venv.exists(), "it must be said before anything is downloaded")

    def test_too_little_disk(self):
        usage = shutil.disk_usage(self.folder)._replace(free=200_000_000)
        with mock.patch('shutil.disk_usage', return_value=usage):
            status, said = self.command('run', '--port', str(home.next_free(8300)))
        self.assertEqual(status, 1)
        self.assertRegex(said, r"^k20: .* has 0\.2 GB of disk left and K20 needs 3\.0 GB: free some, or .*\n$")

    def test_no_network_for_debians_packages(self):
        sources = self.folder / 'sources.list'
        release = debian.platform.freedesktop_os_release().get('VERSION_CODENAME', 'stable')
        sources.write_text(f'deb {NOWHERE}/debian {release} main\n')
        settings = self.folder / 'apt.conf'
        settings.write_text(
            f'Dir::Etc::sourcelist "{sources}"; Dir::Etc::sourceparts "-"; Acquire::http::Proxy "DIRECT";\n'
        )
        with (
            mock.patch.dict(os.environ, {'APT_CONFIG': str(settings)}),
            mock.patch.object(pins, 'DOWNLOAD_TRIES', 0),
            self.assertTrouble("^Debian's packages cannot be downloaded: check the network"),
        ):
            debian.unpack_odoo(self.home)
        self.assertFalse((self.home.cache / 'debian').exists())

    def test_no_network_for_pythons_packages(self):
        with (
            mock.patch.dict(os.environ, {'PIP_CONFIG_FILE': os.devnull, 'PIP_INDEX_URL': NOWHERE, 'PIP_RETRIES': '0'}),
            self.assertTrouble("^Python's packages cannot be downloaded: check the network"),
        ):
            wheels.make_tools(self.home)
        self.assertFalse((self.home.tools / '.k20-stamp').exists())

    def test_a_missing_program(self):
        with self.assertTrouble("^The program no-such-thing is missing: install it and run again.$"):
            steps.call(('no-such-thing',), "never said")

    def test_another_odoo_in_the_package(self):
        package = self.folder / 'package'
        (package / 'DEBIAN').mkdir(parents=True)
        (package / 'DEBIAN' / 'control').write_text(
            'Package: odoo-19\nVersion: 20.0.0\nArchitecture: all\nMaintainer: K20 <k20@k20.test>\nDescription: -\n'
        )
        (self.home.cache / 'debian').mkdir(parents=True)
        steps.call(('dpkg-deb', '-b', package, self.home.cache / 'debian' / 'odoo-19_20.0.0_all.deb'), '')
        with self.assertTrouble("^Debian's mirror has Odoo 20.0.0 and K20 needs 19.0: "):
            debian.unpack_odoo(self.home)
        self.assertFalse(self.home.odoo_package.exists())

    def test_another_odoo_in_the_checkout(self):
        checkout = self.folder / 'odoo'
        named = Home.of(environ={'K20_HOME': str(self.home.path), 'K20_ODOO': str(checkout)})
        with self.assertTrouble("holds no Odoo: name a checkout of Odoo 19.0 in K20_ODOO"):
            Odoo(named, None)
        (checkout / 'odoo').mkdir(parents=True)
        release = checkout / 'odoo' / 'release.py'
        release.write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
        with self.assertTrouble("is Odoo 18.0.0 and K20 needs 19.0"):
            Odoo(named, None)
        release.write_text("version_info = (19, 0, 0, FINAL, 0, '')\n")
        self.assertEqual(Odoo(named, None).version, '19.0.0')

    def test_another_python(self):
        with mock.patch.object(sys, 'version_info', (3, 14, 0)), self.assertTrouble("^K20 runs on Python 3.11, 3.12"):
            wheels.make_venv(self.home)

    def test_an_unknown_database(self):
        with (
            mock.patch('launcher.fetch.platform'),
            mock.patch('launcher.postgres.serving', return_value=contextlib.nullcontext(mock.Mock(exists=lambda _: 0))),
        ):
            status, said = self.command('psql', '--db', 'nothing')
        self.assertEqual(status, 1)
        self.assertIn("There is no database nothing: './k20 run --db nothing' makes it.", said)


class TestPostgres(unittest.TestCase):
    """On a server of its own, with the programs of the home that runs the tests."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix='k20-'))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.home = make_home(cls.folder)
        cls.home.venv.symlink_to(Home.of().venv)
        cls.addClassCleanup(shutil.rmtree, cls.home.postgres_place(), ignore_errors=True)
        cls.addClassCleanup(postgres.stop, cls.home)

    def setUp(self):
        self.enterContext(mock.patch('launcher.steps.say'))
        self.enterContext(mock.patch.dict(os.environ))
        os.environ.pop('PGHOST', None)

    def test_it_runs_where_only_its_owner_may_enter(self):
        """Root's own folders are closed to the user that PostgreSQL runs as: its files lie elsewhere then."""
        self.assertFalse(home.anyone_can_enter(self.home.path))
        with postgres.serving(self.home) as server:
            self.assertEqual(server.query('SELECT 1'), ['1'])
            self.assertEqual(self.home.postgres_sockets().stat().st_mode & 0o777, 0o700)
            owner = (self.home.postgres_place() / 'data').stat().st_uid
            self.assertNotEqual(owner, 0)
        self.assertFalse(server.answers(), "the last user stops it")

    def test_it_is_stopped_by_its_last_user(self):
        with postgres.serving(self.home) as server:
            with postgres.serving(self.home):
                pass
            self.assertTrue(server.answers())
            self.assertFalse(postgres.stop(self.home))
        self.assertTrue(postgres.stop(self.home))

    def test_a_killed_server_comes_back(self):
        with postgres.serving(self.home) as server:
            server.query('CREATE DATABASE kept')
            pid = (self.home.postgres_place() / 'data' / 'postmaster.pid').read_text().split()[0]
            os.kill(int(pid), signal.SIGKILL)
            with postgres.serving(self.home) as again:
                self.assertTrue(again.exists('kept'))

    def test_a_new_home_of_an_old_name_starts_empty(self):
        """What a deleted home left outside of itself is no part of the next one."""
        with postgres.serving(self.home) as server:
            server.query('CREATE DATABASE old')
        outside = not self.home.postgres_place().is_relative_to(self.home.path)
        (self.home.state / 'identity').unlink(missing_ok=True)
        with postgres.serving(self.home) as server:
            self.assertEqual(server.exists('old'), not outside)

    def test_a_named_server_is_used_where_it_answers(self):
        with postgres.serving(self.home) as own:
            other = Home.of(environ={'K20_HOME': str(self.folder / 'other')})
            other.path.mkdir()
            other.venv.symlink_to(self.home.venv)
            with (
                mock.patch.dict(os.environ, {'PGHOST': own.environ['PGHOST'], 'PGUSER': postgres.ACCOUNT}),
                postgres.serving(other) as named,
            ):
                self.assertEqual(named.query('SELECT 1'), ['1'])
            self.assertFalse(other.postgres_place().exists())

    def test_a_named_server_that_is_silent_is_passed_over(self):
        with (
            mock.patch.dict(os.environ, {'PGHOST': '127.0.0.1', 'PGPORT': '9'}),
            mock.patch('launcher.postgres.say') as said,
            postgres.serving(self.home) as own,
        ):
            self.assertEqual(own.query('SELECT 1'), ['1'])
        self.assertIn("that PGHOST names does not answer", said.call_args_list[0].args[0])


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


class TestFiles(unittest.TestCase):
    def test_browsers_that_print_are_those_looked_for(self):
        """The launcher looks for the browsers that K20 prints through, no others."""
        text = (ROOT / 'addons/k20_base/tools/chromium.py').read_text()
        named = next(
            node.value
            for node in ast.parse(text).body
            if getattr(node, 'targets', [None])[0] is not None and node.targets[0].id == 'BROWSERS'
        )
        self.assertEqual(ast.literal_eval(named), fetch.BROWSERS)

    def test_compose_publishes_the_web_port_and_nothing_else(self):
        compose = yaml.safe_load((ROOT / 'docker-compose.yml').read_text('utf-8'))
        # The common subset of docker-compose 1.29, which refuses a top-level name, and of Docker's own compose.
        self.assertLessEqual(set(compose), {'services', 'volumes', 'secrets'})
        services = compose['services']
        published = {name: service['ports'] for name, service in services.items() if 'ports' in service}
        self.assertEqual(published, {'odoo': ['${K20_PORT:-8069}:8069']})
        self.assertEqual(services['db']['image'], 'postgres:17')
        self.assertIn('FROM odoo:19.0\n', (ROOT / 'docker' / 'Dockerfile').read_text('utf-8'))
        for name, service in services.items():
            with self.subTest(service=name):
                self.assertIn('healthcheck', service)
                for volume in service['volumes']:
                    self.assertIn(volume.partition(':')[0], compose['volumes'])
                self.assertNotRegex(json.dumps(service.get('environment', {})), r'PASSWORD"')

    def test_compose_is_valid_for_the_program_that_is_here(self):
        programs = (('docker-compose',), ('docker', 'compose'))
        for program in programs:
            if not shutil.which(program[0]) or subprocess.run((*program, 'version'), capture_output=True).returncode:
                continue
            done = subprocess.run((*program, 'config', '-q'), cwd=ROOT, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_docker_gets_the_wheels_that_k20_adds(self):
        """Odoo's image has what Odoo needs; what K20's manifests name beyond it is in k20.txt."""
        self.assertIn('COPY launcher/wheels/k20.txt', (ROOT / 'docker' / 'Dockerfile').read_text('utf-8'))
        listed = (ROOT / 'launcher' / 'wheels' / 'k20.txt').read_text('utf-8')
        manifests = [ast.literal_eval(path.read_text('utf-8')) for path in ROOT.glob('addons/*/__manifest__.py')]
        needed = {
            name for manifest in manifests for name in manifest.get('external_dependencies', {}).get('python', ())
        }
        for name in sorted(needed - OF_THE_IMAGE):
            with self.subTest(package=name):
                self.assertRegex(listed, rf'(?m)^{name}==')

    def test_odoo_conf_closes_the_database_manager(self):
        conf = (ROOT / 'odoo.conf').read_text('utf-8')
        self.assertRegex(conf, r'(?m)^list_db = False$')
        self.assertRegex(conf, r'(?m)^admin_passwd =\s*$')
        self.assertRegex(conf, r'(?m)^max_cron_threads = 1$')

    def test_every_wheel_is_pinned_with_its_hashes(self):
        for path in (*pins.WHEELS, *pins.TOOL_WHEELS):
            lines = [line for line in path.read_text('utf-8').splitlines() if not line.startswith('#')]
            for line, following in zip(lines, [*lines[1:], ''], strict=True):
                if not line.startswith(' '):
                    with self.subTest(line=line):
                        self.assertRegex(line, r'^[a-z0-9-]+==\S+ \\$')
                        self.assertRegex(following, r'^    --hash=sha256:[0-9a-f]{64}')
