"""Odoo's processes: which version is there, its command lines, installing modules, cloned databases."""

import ast
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from launcher import debian, pins, wheels
from launcher.steps import Progress, Trouble, step

INSIDE = Path(__file__).parent / 'inside'
LOADING = re.compile(r'Loading module \w+ \((\d+)/(\d+)\)')
SECONDS_TO_STOP = 30
RECIPE = 2  # raise it when the template, or what K20 sets up in a fresh database, is made in another way


class Odoo:
    """Odoo 19 as the launcher runs it, on one database server."""

    def __init__(self, home, server):
        self.home = home
        self.server = server
        self.source = home.odoo_checkout or home.odoo_package / 'usr/lib/python3/dist-packages'
        self.version = self._check_version()
        self._running = []

    def _check_version(self):
        """Return the release of Odoo; refuse all but the one that K20 is for."""
        release = self.source / 'odoo' / 'release.py'
        if not release.is_file():
            raise Trouble(f"{self.source} holds no Odoo: name a checkout of Odoo {pins.ODOO_SERIES} in K20_ODOO.")
        found = re.search(r"^version_info = \((\d+), (\d+), (\d+)", release.read_text('utf-8'), re.MULTILINE)
        version = '.'.join(found.groups()) if found else 'unknown'
        if not version.startswith(f'{pins.ODOO_SERIES}.'):
            raise Trouble(
                f"{self.source} is Odoo {version} and K20 needs {pins.ODOO_SERIES}: name another in K20_ODOO."
            )
        packages = self.home.odoo_package / debian.PACKAGES
        return version if self.home.odoo_checkout else f'{version} of {packages.read_text("utf-8")}'

    def options(self, database):
        """Return the options that every Odoo process of this home gets."""
        folders = [self.home.addons]
        if not (self.source / 'odoo' / 'addons' / 'web').is_dir():  # a checkout, unlike the package, has two folders
            folders.append(self.source / 'addons')
        return (
            *('-c', self.home.root / 'odoo.conf'),
            *('-d', database),
            f'--addons-path={",".join(map(str, folders))}',
            f'--data-dir={self.home.data}',
            f'--pg_path={self.server.tools}',
            '--http-interface=127.0.0.1',
            *self.server.odoo_options,
        )

    def environ(self, **more):
        """Return the environment of Odoo's processes; compiled Python goes to the home, not into the checkout."""
        environ = dict(self.server.environ)
        environ.update(
            PYTHONPATH=str(self.source),
            K20_LAUNCHER=str(os.getpid()),
            PYTHONWARNINGS='ignore',
            PYTHONPYCACHEPREFIX=str(self.home.path / 'pycache'),
            PATH=f'{self.home.venv / "bin"}{os.pathsep}{self.server.tools}{os.pathsep}{environ.get("PATH", "")}',
            **more,
        )
        return environ

    def command(self, script, arguments, environment=None):
        python = wheels.python(environment or self.home.venv)
        return [str(part) for part in (python, INSIDE / script, *arguments)]

    def log(self, name):
        """Return the path of the log called `name`; what an earlier run wrote there is gone."""
        self.home.logs.mkdir(parents=True, exist_ok=True)
        path = self.home.logs / f'{name}.log'
        path.unlink(missing_ok=True)
        return path

    def start(self, script, arguments, log, environment=None, web=None, locks=(), **environ):
        """Start an Odoo process that writes to `log`.

        :param environment: the Python environment it runs in, the home's `venv` if none is named
        :param web: the open socket that it is to serve on, which it takes over
        :param locks: files whose locks it is to hold as long as it lives
        """
        # Numbers from 20 on are out of the way of what Python, and Odoo's socket number 3, use by themselves.
        passed = [fcntl.fcntl(lock, fcntl.F_DUPFD, 20) for lock in locks]
        if web:
            passed.append(fcntl.fcntl(web, fcntl.F_DUPFD, 20))
            web.close()
            environ['K20_SOCKET'] = str(passed[-1])
        with open(log, 'w', encoding='utf-8') as output:
            process = subprocess.Popen(
                self.command(script, arguments, environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=passed,
                env=self.environ(**environ),
                start_new_session=True,  # Ctrl-C reaches the launcher alone, which ends Odoo once
            )
        for number in passed:
            os.close(number)
        self._running.append(process)
        return process

    def end(self):
        """End all processes that still run."""
        for process in self._running:
            terminate(process)

    def run(self, script, arguments, log, **options):
        """Run an Odoo process to its end and return its exit status; `options` are those of `start`."""
        process = self.start(script, arguments, log, **options)
        try:
            return _watch(process, log)
        finally:
            terminate(process)

    def install(self, task, database, modules, *options):
        """Install `modules` in `database` by a task of inside/task.py."""
        log = self.log(f'install-{database}')
        arguments = (task, *self.options(database), '--no-http', '-i', ','.join(modules), *options)
        if self.run('task.py', arguments, log):
            raise Trouble(f"Odoo cannot install {', '.join(modules)}: see {log}. ({_last_error(log)})")

    # Databases

    def modules(self):
        """Return K20's addons, each after those that it depends on."""
        depends = {path.parent.name: _depends(path) for path in sorted(self.home.addons.glob('*/__manifest__.py'))}
        ordered = []
        while len(ordered) < len(depends):
            ready = [
                name for name in depends if name not in ordered and not (depends[name] & set(depends) - set(ordered))
            ]
            if not ready:
                raise Trouble(
                    f"The addons {', '.join(sorted(set(depends) - set(ordered)))} depend on each other in a circle."
                )
            ordered += ready
        return ordered

    def needed_modules(self):
        """Return the modules of Odoo that K20's addons name in `depends`."""
        manifests = list(self.home.addons.glob('*/__manifest__.py'))
        return sorted(set().union(*map(_depends, manifests)) - {path.parent.name for path in manifests}) or ['base']

    @property
    def kept(self):
        """The name of the database with K20's addons that is kept for runs of some tests."""
        return f'k20_kept_{self._platform()}'

    def _platform(self):
        """Return ten letters that stand for this Odoo and the modules of it that K20 needs."""
        content = json.dumps([self.version, self.needed_modules(), RECIPE])
        return hashlib.sha256(content.encode()).hexdigest()[:10]

    def template(self):
        """Return the database with Odoo's modules that K20 needs installed, made if there is none for this Odoo yet."""
        name = f'k20_template_{self._platform()}'
        if not self.server.exists(name):
            self._make_template(name)
        return name

    def _make_template(self, name):
        """Build under another name and rename last; what was made of another Odoo goes."""
        for database in self.server.databases():
            if database.startswith(('k20_template_', 'k20_kept_')):
                self.drop(database)
        part = f'{name}_part'
        with step("Installing the modules of Odoo that K20 builds on (some minutes)"):
            self.drop(part)
            self.install('template', part, self.needed_modules())
            self.rename(part, name)

    def clone(self, template, database):
        """Make `database` a copy of `template`, files included; what was there under the name is gone."""
        self.drop(database)
        source = self.home.filestore(template)
        if source.is_dir():  # its files never change once written, so the copy may share them
            shutil.copytree(source, self.home.filestore(database), copy_function=os.link)
        self.server.create(database, template)

    def rename(self, database, name):
        """Give `database` and its files another name; the name comes last, as the sign that all is done."""
        shutil.rmtree(self.home.filestore(name), ignore_errors=True)
        self.home.filestore(database).rename(self.home.filestore(name))
        self.server.rename(database, name)

    def drop(self, database):
        self.server.drop(database)
        shutil.rmtree(self.home.filestore(database), ignore_errors=True)


def _depends(manifest):
    return set(ast.literal_eval(manifest.read_text('utf-8')).get('depends', ()))


def _watch(process, log):
    """Wait for the end of `process` and tell meanwhile how many modules it has loaded."""
    progress = Progress()
    with open(log, encoding='utf-8', errors='replace') as lines:
        while True:
            try:
                return process.wait(0.5)
            except subprocess.TimeoutExpired:
                loaded = LOADING.findall(lines.read())
                if loaded:
                    progress.tell(f'{loaded[-1][0]} of {loaded[-1][1]} modules')


def _last_error(log):
    """Return the last thing that looks like a reason in `log`."""
    lines = [line.strip() for line in log.read_text('utf-8', 'replace').splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r'[\w.]*(Error|Exception|Failed)\b', line)]
    return (errors or lines or ["it said nothing"])[-1][-300:]


def terminate(process):
    """End an Odoo and its workers, kindly first."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(condition, seconds, process):
    """Wait until `condition()` holds; return False when time is up or `process` ended before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if condition():
            return True
        time.sleep(0.2)
    return False
