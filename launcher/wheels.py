"""The two Python environments: what K20 runs on, and on top of it what its tests use. Pinned, with hashes."""

import hashlib
import os
import shutil
import subprocess
import sys

from launcher import debian, pins
from launcher.steps import Trouble, call, is_stamped, locked, stamp, step

OFFLINE = "Python's packages cannot be downloaded: check the network and pip's configuration, then run again."


def make_venv(home):
    """Make the environment that Odoo and K20 run on."""
    _make(home, home.venv, pins.WHEELS, "Installing Odoo's Python packages (90 MB)")


def make_tools(home):
    """Make the environment of the tests: what `home.venv` has, and the linters and the browser's driver."""
    _make(home, home.tools, pins.TOOL_WHEELS, "Installing the test tools (80 MB)")
    beneath = home.tools.glob('lib/python3*/site-packages')
    for place in beneath:
        (place / 'k20.pth').write_text(f'{site_packages(home.venv)}\n', 'utf-8')


def python(environment):
    return environment / 'bin' / 'python'


def site_packages(environment):
    return next(environment.glob('lib/python3*/site-packages'))


def _make(home, target, lists, title):
    """Build `target` in its place, since an environment cannot be moved, and stamp it last."""
    _check_python()
    pinned = b''.join(path.read_bytes() for path in lists)
    key = hashlib.sha256(pinned + f'{sys.version} {target}'.encode()).hexdigest()
    if is_stamped(target, key):
        return
    with step(title):
        shutil.rmtree(target, ignore_errors=True)
        call((sys.executable, '-m', 'venv', target), "Python cannot make an environment: install python3-venv.")
        options = ('--no-deps', '--require-hashes', *(f'--requirement={path}' for path in lists))
        wheels = _downloaded(home, target, pinned, options)
        offline = ('--no-index', '--no-compile', f'--find-links={wheels}')
        call((*_pip(target), 'install', *offline, *options), f"The wheels in {wheels} cannot be installed: delete it.")
        stamp(target, key)


def _downloaded(home, environment, pinned, options):
    """Return the folder of the cache that has all wheels of the lists; pip checks their hashes again later."""
    folder = home.cache / 'wheels'
    version = f'{sys.version_info.major}.{sys.version_info.minor}'
    done = folder / f'complete-{version}-{hashlib.sha256(pinned).hexdigest()[:12]}'
    with locked(home.cache / 'wheels.lock', "Another ./k20 is downloading wheels: waiting for it"):
        if not done.exists():
            call((*_pip(environment), 'download', '--dest', folder, *options), OFFLINE)
            done.touch()
    return folder


def _pip(environment):
    return (python(environment), '-m', 'pip', '-q', '--disable-pip-version-check', '--no-input')


def _check_python():
    """Make sure that this Python is one that the wheels are for and that it can make environments."""
    if sys.version_info[:2] not in pins.PYTHONS:
        wanted = ', '.join(f'{major}.{minor}' for major, minor in pins.PYTHONS)
        raise Trouble(
            f"K20 runs on Python {wanted} and this is {sys.version.split()[0]}: start ./k20 with one of them."
        )
    if subprocess.run((sys.executable, '-c', 'import ensurepip, venv'), capture_output=True, check=False).returncode:
        debian.install(('python3-venv',), "Python's environments")


def clean_environ():
    """Return the environment for programs of the platform: nothing of the caller's own Python or Odoo leaks in."""
    return {name: value for name, value in os.environ.items() if not name.startswith(('PYTHON', 'ODOO_'))}
