"""The private PostgreSQL of a checkout: closed to others, stopped by its last user, back after a kill."""

import os
import shutil
import signal
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from launcher import home, postgres
from launcher.home import Home
from tests.launcher_case import make_home


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
