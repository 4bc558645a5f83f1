"""The small commands: look into a database, stop what runs, drop what is no longer wanted."""

import contextlib
import subprocess
import sys

from launcher import fetch, postgres, serve
from launcher.odoo import Odoo
from launcher.steps import Trouble, say


def shell(home, options):
    """Open Odoo's Python shell on a database."""
    with _database(home, options.db) as odoo:
        arguments = ('shell', *odoo.options(options.db), '--no-http', '--log-level=warn')
        return subprocess.call(odoo.command('start.py', arguments), env=odoo.environ())


def psql(home, options):
    """Open a SQL shell on a database."""
    with _database(home, options.db) as odoo:
        return subprocess.call((odoo.server.tools / 'psql', '-d', options.db), env=odoo.environ())


def stop(home, options):
    """Stop the servers of this checkout."""
    for lock in sorted(home.state.glob('serve-*.lock')):
        database = lock.stem.removeprefix('serve-')
        if serve.stop(lock):
            say(f"Stopped the server of database {database}.")
    if not postgres.stop(home):
        raise Trouble("The database server goes on: another ./k20 uses it.")
    say("Nothing of this checkout runs any more.")
    return 0


def reset(home, options):
    """Drop a database and its files; at a terminal only after a yes."""
    with _database(home, options.db) as odoo, serve.claimed(home, options.db):
        question = f"Drop database {options.db} with all that is in it? [y/N] "
        if sys.stdin.isatty() and input(question).strip().lower() not in ('y', 'yes'):
            return 1
        odoo.drop(options.db)
        say(f"Database {options.db} is gone: './k20 run' makes a new one.")
    return 0


@contextlib.contextmanager
def _database(home, name):
    """Give an Odoo whose server has the database `name`."""
    fetch.platform(home)
    with postgres.serving(home) as server:
        if not server.exists(name):
            raise Trouble(f"There is no database {name}: './k20 run --db {name}' makes it.")
        yield Odoo(home, server)
