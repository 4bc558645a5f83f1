"""Odoo and what it links to, as Debian packages: downloaded through apt, whose signatures vouch for them.

Nothing is installed and nobody needs to be root: apt keeps its lists in the home, and the packages are unpacked there.
The mirror is the one that this machine uses, or that K20_MIRROR names where it uses none: on Ubuntu.
"""

import os
import platform
import re
import shutil
import subprocess

from launcher import pins
from launcher.steps import Trouble, building, call, is_root, is_stamped, locked, stamp, step

OFFLINE = "Debian's packages cannot be downloaded: check the network and the sources of apt, then run again."
RELEASES = re.compile(r"^'(\S+)/dists/([^/']+)/InRelease'", re.MULTILINE)
PACKAGES = 'packages'  # the file that names what was unpacked
MACHINE = (
    "K20 brings its platform from a mirror of Debian and this machine has none: "
    "put the address of one into K20_MIRROR, a checkout of Odoo 19 into K20_ODOO, or use Docker."
)


def unpack_odoo(home):
    """Make `home.odoo_package` from the cached packages, downloading what is missing."""
    recipe = ' '.join((pins.ODOO_PACKAGE, *pins.ODOO_COMPANIONS, pins.FONT_AWESOME, pins.LEFT_OUT))
    if is_stamped(home.odoo_package, recipe):
        return
    with locked(home.cache / 'debian.lock', "Another ./k20 is downloading Debian's packages: waiting for it"):
        packages = _downloaded(home)
    with step("Unpacking Odoo"), building(home.odoo_package) as part:
        for package in packages:
            call(('dpkg-deb', '-x', package, part), f"{package.name} cannot be unpacked: delete it and run again.")
        _complete(part / 'usr/lib/python3/dist-packages/odoo/addons')
        (part / PACKAGES).write_text(' '.join(package.name for package in packages), 'utf-8')
        stamp(part, recipe)


def _complete(addons):
    """Put an empty script where the package left one out."""
    script = addons / pins.LEFT_OUT
    script.parent.mkdir(parents=True, exist_ok=True)
    script.touch()


def _downloaded(home):
    """Return the package files in the cache, all of them, downloaded if any is missing."""
    folder = home.cache / 'debian'
    if not folder.is_dir():
        if not shutil.which('apt-get'):
            raise Trouble(MACHINE)
        with step("Downloading Odoo 19 and its fonts (130 MB)"), building(folder) as part:
            _download(home.path / 'apt', home.mirror or _mirror(), part)
    packages = sorted(folder.glob('*.deb'))
    _check_version(next((package for package in packages if package.name.startswith('odoo-')), None), folder)
    return packages


def _check_version(package, folder):
    """Refuse any Odoo but 19.0."""
    version = (
        package and call(('dpkg-deb', '-f', package, 'Version'), f"{package} is damaged: delete {folder}.").strip()
    )
    if not version or not version.startswith(f'{pins.ODOO_SERIES}.'):
        raise Trouble(
            f"Debian's mirror has Odoo {version or 'no more'} and K20 needs {pins.ODOO_SERIES}: "
            f"name a checkout of Odoo {pins.ODOO_SERIES} in K20_ODOO, or use Docker; then delete {folder}."
        )


def _download(state, mirror, folder):
    """Let apt download and verify the packages into `folder`, with lists of its own in `state`."""
    if not pins.DEBIAN_KEYRING.is_file():
        install((pins.KEYRING_PACKAGE,), "Debian's signatures")
    apt = _apt(state, mirror)
    call((*apt, 'update', '--error-on=any'), OFFLINE)
    wanted = [f'{name}/{pins.ODOO_SUITE}' for name in (pins.ODOO_PACKAGE, *pins.ODOO_COMPANIONS)]
    wanted.append(f'{pins.FONT_AWESOME}/{pins.FONT_AWESOME_SUITE}')
    call((*apt, 'download', *wanted), OFFLINE, cwd=folder)
    shutil.rmtree(state)


def _apt(state, mirror):
    """Return the beginning of an apt-get command line that leaves the machine's own lists alone."""
    sources = state / 'sources.list'
    (state / 'lists' / 'partial').mkdir(parents=True, exist_ok=True)
    (state / 'cache' / 'archives' / 'partial').mkdir(parents=True, exist_ok=True)
    suites = (pins.ODOO_SUITE, pins.FONT_AWESOME_SUITE)
    lines = [f'deb [signed-by={pins.DEBIAN_KEYRING}] {mirror} {suite} main\n' for suite in suites]
    sources.write_text(''.join(lines), 'utf-8')
    settings = {
        'Dir::Etc::sourcelist': sources,
        'Dir::Etc::sourceparts': '-',
        'Dir::State::Lists': state / 'lists',
        'Dir::Cache': state / 'cache',
        'Acquire::Languages': 'none',
        'Acquire::Retries': pins.DOWNLOAD_TRIES,
        'Acquire::http::Timeout': 30,
        'Acquire::https::Timeout': 30,
    }
    return ('apt-get', '-q', *(f'-o{name}={value}' for name, value in settings.items()))


def _mirror():
    """Return the address of Debian's packages in this machine's own configuration."""
    release = platform.freedesktop_os_release()
    suites = (release.get('VERSION_CODENAME'), 'stable', 'oldstable')
    # Unlike `apt-get indextargets` this tells the addresses even where apt's lists were never downloaded.
    for address, suite in RELEASES.findall(call(('apt-get', 'update', '--print-uris'), MACHINE)):
        if release.get('ID') == 'debian' and suite in suites:
            return address
    raise Trouble(MACHINE)


def install(packages, purpose):
    """Install system packages, if any: only root can, everybody else is told how.

    :param purpose: what needs them, as the subject of the sentence: "The tests"
    """
    if not packages:
        return
    names = ' '.join(packages)
    if not is_root() or not shutil.which('apt-get'):
        raise Trouble(f"{purpose} need {names}: let an administrator run 'apt-get install {names}', then run again.")
    with step(f"Installing {names}"):
        if not all(map(_is_known, packages)):
            _update_lists()
        known = [name for name in packages if _is_known(name)]
        if known:
            _install(known)
    unknown = ' '.join(name for name in packages if name not in known)
    if unknown:  # Chromium on Ubuntu, where it is no package
        raise Trouble(f"{purpose} need {unknown}, which apt does not have here: install it by other means.")


def _install(packages):
    command = ('apt-get', '-q', '-y', 'install', '--no-install-recommends', *packages)
    quiet = {**os.environ, 'DEBIAN_FRONTEND': 'noninteractive'}
    try:
        call(command, OFFLINE, env=quiet)
    except Trouble:  # the lists may be older than what the mirror still has
        _update_lists()
        call(command, OFFLINE, env=quiet)


def _update_lists():
    call(('apt-get', '-q', 'update'), OFFLINE)


def _is_known(package):
    """Tell whether apt's lists have `package`, and not its name alone."""
    found = subprocess.run(('apt-cache', 'show', package), capture_output=True, check=False)
    return bool(found.stdout.strip())


def has_package(package):
    """Tell whether dpkg knows `package` as installed."""
    command = ('dpkg-query', '--show', '--showformat=${db:Status-Abbrev}', package)
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.startswith('ii')
