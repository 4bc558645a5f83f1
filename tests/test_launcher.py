"""./k20 itself: what is half-made is made again, checkouts keep apart, and each trouble is one clear sentence."""

import contextlib
import dataclasses
import io
import os
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from unittest import mock

from launcher import cli, debian, home, pins, serve, steps, wheels
from launcher.home import Home
from launcher.odoo import Odoo
from tests.launcher_case import LauncherCase

NOWHERE = 'http://127.0.0.1:9'  # nothing listens there


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

    def test_a_machine_without_a_mirror_of_debian(self):
        """On Ubuntu one is to be named; what is named is asked."""
        ubuntu = {'ID': 'ubuntu', 'VERSION_CODENAME': 'noble'}
        named = dataclasses.replace(self.home, mirror=f'{NOWHERE}/debian')
        with mock.patch('platform.freedesktop_os_release', return_value=ubuntu):
            with self.assertTrouble("this machine has none: put the address of one into K20_MIRROR"):
                debian.unpack_odoo(self.home)
            with (
                mock.patch.object(pins, 'DOWNLOAD_TRIES', 0),
                self.assertTrouble("^Debian's packages cannot be downloaded: check the network"),
            ):
                debian.unpack_odoo(named)
        self.assertEqual(Home.of(environ={'K20_MIRROR': 'http://m.test/debian'}).mirror, 'http://m.test/debian')

    def test_a_package_that_apt_does_not_have(self):
        with (
            mock.patch('launcher.debian.is_root', return_value=True),
            mock.patch('launcher.debian._update_lists') as update,
            self.assertTrouble("^The tests need k20-nothing, which apt does not have here: install it by other"),
        ):
            debian.install(('k20-nothing',), "The tests")
        update.assert_called_once()

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
