"""./k20 run: a served K20. Its database is made the first time, and updated when the addons have changed."""

import contextlib
import fcntl
import hashlib
import os
import signal
import socket
import time
import urllib.request

from launcher import fetch, postgres
from launcher import home as homes
from launcher.odoo import Odoo, terminate, wait_until
from launcher.steps import Trouble, say, step

QUEUE = 1024  # Odoo's own queue of 16 breaks connections when fifty people click at once
SECONDS_TO_ANSWER = 120
SECONDS_TO_STOP = 30
LOGINS = 'admin, manager, sales1, sales2, sales3, sales4, finance, buyer, store'
UNSERVED = {'tests', 'static', '__pycache__'}  # folders of an addon that need no update of the database


def run(home, options):
    """Serve K20 until Ctrl-C or ./k20 stop.

    :param options: port, db, workers, no_demo as the command line gives them
    """
    with (
        claimed(home, options.db) as lock,
        open_web_socket(options.port or homes.next_free(homes.WEB_PORT)) as web,
    ):
        port = web.getsockname()[1]
        fetch.platform(home)
        fetch.browser(required=False)
        with postgres.serving(home) as server:
            odoo = Odoo(home, server)
            prepare(odoo, options.db, demo=not options.no_demo)
            with served(odoo, options.db, web, workers(options.workers), lock) as process:
                _sign(lock, process.pid)
                _announce(home, options, port)
                _wait(process)
    return 0


def workers(wanted=None):
    """Return how many web workers to start: one a core, two at least, so that one long job blocks nobody."""
    return wanted if wanted is not None else max(2, min(os.cpu_count() or 2, 8))


def prepare(odoo, database, demo):
    """Make `database` with all addons of K20, or update the addons that changed since it was last here."""
    contents = {addon: addon_content(odoo.home, addon) for addon in odoo.modules()}
    note = ' '.join(f'{addon}={content}' for addon, content in contents.items())
    if not odoo.server.exists(database):
        _make_database(odoo, database, demo, note)
        return
    known = odoo.server.note(database).split()
    changed = [addon for addon, content in contents.items() if f'{addon}={content}' not in known]
    if changed:
        with step(f"{', '.join(changed)} changed: updating database {database}"):
            odoo.install('site', database, odoo.modules(), '-u', ','.join(changed))
            odoo.server.set_note(database, note)


def _make_database(odoo, database, demo, note):
    """Make `database` under another name and rename it last, so that a killed run leaves nothing half-made."""
    template = odoo.template()
    part = f'{database}_part'
    with step(f"Installing K20 in database {database}"):
        odoo.clone(template, part)
        if demo:  # K20's demo data, not that of Odoo's modules, beside which it would look lost
            odoo.server.query("UPDATE ir_module_module SET demo = true WHERE state = 'installed'", part)
        odoo.install('site', part, odoo.modules(), *(('--with-demo',) if demo else ()))
        odoo.server.set_note(part, note)
        odoo.rename(part, database)


def addon_content(home, addon):
    """Return a digest of all that a database keeps of `addon`."""
    digest = hashlib.sha256()
    folder = home.addons / addon
    for path in sorted(folder.rglob('*')):
        if path.is_file() and not UNSERVED.intersection(path.relative_to(folder).parts):
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def open_web_socket(port):
    """Open the socket that Odoo will serve on, before Odoo starts; port 0 takes any that is free."""
    web = socket.socket()
    web.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        web.bind(('127.0.0.1', port))
    except OSError:
        web.close()
        raise Trouble(
            f"Port {port} is taken by another program: stop that one, or choose another with --port."
        ) from None
    web.listen(QUEUE)
    web.setblocking(False)  # of several workers that see one client come, only one gets it
    return web


def websocket_port(port):
    """Return a free port for Odoo's websocket process; where it is taken, Odoo would fail over and over, silently."""
    return homes.next_free(port + homes.WEBSOCKET_OFFSET)


@contextlib.contextmanager
def served(odoo, database, web, count, *locks):
    """Give the running server process; it answers requests in the block and is stopped after it.

    :param web: the open socket, which is the server's from here on
    :param count: how many web workers
    :param locks: files whose locks the server is to hold as long as it lives
    """
    port = web.getsockname()[1]
    log = odoo.log(f'serve-{database}')
    arguments = (
        'server',
        *odoo.options(database),
        f'--db-filter=^{database}$',
        f'--http-port={port}',
        f'--gevent-port={websocket_port(port)}',
        f'--workers={count}',
    )
    process = odoo.start('start.py', arguments, log, web=web, locks=locks)
    try:
        if not wait_until(lambda: answers(port), SECONDS_TO_ANSWER, process):
            raise Trouble(f"K20 does not answer on port {port}: see {log}.")
        yield process
    finally:
        terminate(process)


def answers(port):
    """Tell whether Odoo serves its database on `port`."""
    try:
        with urllib.request.urlopen(f'http://127.0.0.1:{port}/web/login', timeout=20) as page:
            return page.status == 200
    except OSError:
        return False


@contextlib.contextmanager
def claimed(home, database):
    """Hold the lock of the served database, which names the process to end; Odoo's processes hold it, too."""
    home.state.mkdir(parents=True, exist_ok=True)
    with open(home.state / f'serve-{database}.lock', 'a', encoding='utf-8') as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(
                f"K20 serves database {database} already: stop it with './k20 stop', or name another with --db."
            ) from None
        _sign(lock, os.getpid())
        yield lock


def _sign(lock, pid):
    lock.truncate(0)
    lock.write(str(pid))
    lock.flush()


def stop(path):
    """End the server whose lock is at `path`; tell whether one ran."""
    with open(path, encoding='utf-8') as lock:
        deadline = time.monotonic() + SECONDS_TO_STOP
        asked = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return asked
            except BlockingIOError:
                pid = int(path.read_text('utf-8') or 0)
            with contextlib.suppress(ProcessLookupError):
                if pid and not asked:
                    os.kill(pid, signal.SIGTERM)
                elif pid and time.monotonic() > deadline:
                    os.killpg(pid, signal.SIGKILL)
            asked = True
            time.sleep(0.2)


def _announce(home, options, port):
    say('')
    say(f"K20 is at http://127.0.0.1:{port}")
    if not options.no_demo:
        say(f"Log in as one of: {LOGINS}. The password is the login.")
    say(f"Ctrl-C stops it. Its log: {home.logs / f'serve-{options.db}.log'}")


def _wait(process):
    """Wait until the server ends or somebody stops it: Ctrl-C and ./k20 stop are the same."""
    try:
        status = process.wait()
    except KeyboardInterrupt:
        status = 0
    if status:
        raise Trouble("K20 has ended by itself: see its log.")
    say("Stopping K20 …")
