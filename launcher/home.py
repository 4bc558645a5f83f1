"""Where everything is: each path, port and name of this checkout, from its place and the environment (K20_…)."""

import hashlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB_PORT = 8069
WEBSOCKET_OFFSET = 3  # 8069 and 8072, as everybody knows them from Odoo
LONGEST_SOCKET_FOLDER = 80  # the system allows 107 bytes for a socket's whole path


@dataclass(frozen=True)
class Home:
    """The state of one checkout: `path` holds all of it but what has to lie elsewhere (see `postgres_place`)."""

    root: Path
    path: Path
    cache: Path
    odoo_checkout: Path | None = None
    mirror: str | None = None  # of Debian, where the machine's own is not to be used

    @classmethod
    def of(cls, root=ROOT, environ=os.environ):
        """Return the home of the checkout at `root`, where its settings in the environment have the last word."""
        path = _absolute(environ.get('K20_HOME')) or root / '.k20'
        return cls(
            root=root,
            path=path,
            cache=_absolute(environ.get('K20_CACHE')) or path / 'cache',
            odoo_checkout=_absolute(environ.get('K20_ODOO')),
            mirror=environ.get('K20_MIRROR') or None,
        )

    @property
    def digest(self):
        """Return eight letters that no other home on this machine has: they keep the checkouts apart."""
        return hashlib.sha256(str(self.path).encode()).hexdigest()[:8]

    @property
    def addons(self):
        return self.root / 'addons'

    @property
    def odoo_package(self):
        """The unpacked package of Odoo, with the fonts and scripts that it links to."""
        return self.path / 'odoo'

    @property
    def venv(self):
        """What K20 runs on."""
        return self.path / 'venv'

    @property
    def tools(self):
        """What only its tests use, on top of `venv`."""
        return self.path / 'tools'

    @property
    def data(self):
        """Odoo's data_dir: the filestores and sessions."""
        return self.path / 'data'

    @property
    def logs(self):
        return self.path / 'log'

    @property
    def state(self):
        """Locks and notes about what runs."""
        return self.path / 'state'

    def filestore(self, database):
        return self.data / 'filestore' / database

    def postgres_place(self):
        """Return the folder of the database server: in the home, unless another user must reach what only root can.

        PostgreSQL refuses to run as root; the user it runs as then may be unable to enter the home's folders.
        """
        if os.geteuid() != 0 or anyone_can_enter(self.path):
            return self.path / 'postgres'
        return Path('/var/lib/k20') / self.digest

    def postgres_sockets(self):
        """Return the folder of the server's socket, whose path the system wants short."""
        inside = self.postgres_place() / 'socket'
        return inside if len(str(inside)) <= LONGEST_SOCKET_FOLDER else Path('/tmp') / f'k20-{self.digest}'


def _absolute(text):
    return Path(text).expanduser().absolute() if text else None


def anyone_can_enter(folder):
    """Tell whether every user of the machine may go through `folder` and all folders above it."""
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents) if place.exists())


def is_free(port):
    """Tell whether a server may listen on `port` of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(('127.0.0.1', port))
        except OSError:
            return False
    return True


def next_free(port):
    """Return the first free port from `port` on."""
    return next(candidate for candidate in range(port, 65536) if is_free(candidate))
