"""./k20 bench: K20 beside plain Odoo, or beside plain SQL, on the same machine in the same run.

Each module in tests/bench has a function `run(context)` that returns rows: Row, or tuples of what a Row is made of. It
measures with the Context, which compares medians of runs that alternate, so that whatever else the machine does hits
both alike.
"""

import contextlib
import importlib
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from launcher import fetch, postgres, serve, wheels
from launcher.odoo import Odoo
from launcher.steps import Trouble, say, step

REPEAT = 7
NAMES = ('opening', 'importing', 'duplicates', 'deciding', 'judging', 'selling', 'memory')  # in the order they are run
COLUMNS = '{:54} {:>10} {:>10} {:4} {:>6} {:>6} {:>6}'


@dataclass
class Row:
    """One comparison: `bound` is the ratio that must hold, `goal` the one aimed for; seconds unless `unit` says so."""

    name: str
    k20: float
    reference: float
    bound: float
    goal: float | None = None
    unit: str = 's'

    @property
    def ratio(self):
        return self.k20 / self.reference if self.reference else float('inf')

    @property
    def holds(self):
        return self.ratio <= self.bound

    def __str__(self):
        figures = (f'{figure:.4g}' for figure in (self.k20, self.reference))
        ratios = ('' if ratio is None else f'{ratio:.2f}' for ratio in (self.ratio, self.bound, self.goal))
        return COLUMNS.format(self.name, *figures, self.unit, *ratios) + ('' if self.holds else '  TOO MUCH')


class Site:
    """A database, with K20 or plain, and the server on it; both are made when they are first asked for."""

    def __init__(self, odoo, name, modules, stack):
        self.odoo = odoo
        self.database = f'k20_bench_{name}'
        self.modules = modules
        self._stack = stack
        self._process = None
        self._url = None
        with step(f"Making the database {self.database}"):
            odoo.clone(odoo.template(), self.database)
            stack.callback(odoo.drop, self.database)
            if modules:
                odoo.install('site', self.database, modules)

    @property
    def url(self):
        """The address that the site is served at, from the first time on that it is asked for."""
        if not self._url:
            web = serve.open_web_socket(0)
            self._url = f'http://127.0.0.1:{web.getsockname()[1]}'
            self._process = self._stack.enter_context(serve.served(self.odoo, self.database, web, serve.workers()))
        return self._url

    def login(self, login, password=None):
        """Return a tests.client.Session of `login`."""
        from tests.client import Session

        return Session(login, password, url=self.url, database=self.database)

    def sql(self, query):
        """Run `query` and return its rows as lines of text."""
        return self.odoo.server.query(query, self.database)

    def shell(self, code):
        """Run Python code in Odoo's shell, where `env` is there; it must commit what is to stay. Return its output."""
        command = self.odoo.command('start.py', ('shell', *self.odoo.options(self.database), '--no-http'))
        log = self.odoo.log(f'bench-{self.database}')
        with open(log, 'w', encoding='utf-8') as output:
            done = subprocess.run(
                command,
                input=code,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                env=self.odoo.environ(),
                check=False,
            )
        if done.returncode or 'Traceback' in log.read_text('utf-8'):
            raise Trouble(f"A benchmark's code failed in the shell of {self.database}: see {log}.")
        return done.stdout

    def memory(self):
        """Return {pid: megabytes} of the server's processes, shared pages counted in proportion (PSS)."""
        assert self.url
        main = self._process.pid
        return {pid: _pss(pid) for pid in (main, *_children(main))}


class Context:
    """What a benchmark works with: two sites with the same modules of Odoo, and a clock."""

    def __init__(self, odoo, options, stack):
        self.odoo = odoo
        self.scale = options.scale
        self._only = options.only
        self._stack = stack

    def wants(self, name):
        """Tell whether the benchmark of this name is asked for; all are where none is named."""
        return not self._only or name in self._only

    def __getattr__(self, name):
        modules = {'k20': self.odoo.modules(), 'plain': ()}
        if name not in modules:
            raise AttributeError(name)
        site = Site(self.odoo, name, modules[name], self._stack)
        setattr(self, name, site)
        return site

    def compare(self, name, k20, reference, bound, goal=None, repeat=REPEAT):
        """Return the Row of two functions called in turns, each once before anything is measured."""
        k20(), reference()
        times = [(_seconds(k20), _seconds(reference)) for _ in range(repeat)]
        return Row(name, *(statistics.median(column) for column in zip(*times, strict=True)), bound, goal)


def run(home, options):
    """Run the benchmarks, print the table, and return 0 where all bounds hold."""
    fetch.platform(home, tools=True)
    if Path(sys.prefix) != home.tools:  # what the benchmarks import is there
        python = str(wheels.python(home.tools))
        os.execve(python, [python, str(home.root / 'k20'), *sys.argv[1:]], {**wheels.clean_environ()})
    rows = []
    with postgres.serving(home) as server, contextlib.ExitStack() as stack:
        context = Context(Odoo(home, server), options, stack)
        for path in sorted((home.root / 'tests' / 'bench').glob('*.py')):
            if path.stem != '__init__':
                with step(f"Benchmark {path.stem}"):
                    measured = importlib.import_module(f'tests.bench.{path.stem}').run(context)
                    rows += [row if isinstance(row, Row) else Row(*row) for row in measured]
    say('\n' + COLUMNS.format('', "K20", "reference", '', "ratio", "bound", "goal"))
    for row in rows:
        say(str(row))
    if options.json:
        figures = [{**asdict(row), 'ratio': row.ratio, 'holds': row.holds} for row in rows]
        Path(options.json).write_text(json.dumps({'scale': options.scale, 'rows': figures}, indent=1), 'utf-8')
    return 0 if rows and all(row.holds for row in rows) else 1


def _seconds(function):
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def _children(pid):
    """Return the processes below `pid`."""
    below = []
    for path in Path('/proc').glob('[0-9]*/stat'):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(')')[2].split()[1]) == pid:
                child = int(path.parent.name)
                below += [child, *_children(child)]
    return below


def _pss(pid):
    lines = Path(f'/proc/{pid}/smaps_rollup').read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith('Pss:')) / 1024
