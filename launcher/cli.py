"""The commands of ./k20 as one table, and what becomes of Trouble."""

import argparse
import signal
import sys

from launcher import bench, control, serve, suite
from launcher.home import Home
from launcher.steps import Trouble

DATABASE = ('--db', {'default': 'k20', 'metavar': 'NAME', 'help': "the database (%(default)s)"})

# command: (what it does, its options, the function that does it)
COMMANDS = {
    'run': (
        "serve K20 with a year of demo business, in Chinese; the first time takes some minutes",
        (
            ('--port', {'type': int, 'help': "the web port (8069, or the next one that is free)"}),
            DATABASE,
            ('--workers', {'type': int, 'metavar': 'N', 'help': "web processes (one a core, two at least)"}),
            ('--no-demo', {'action': 'store_true', 'help': "an empty company instead of the demo business"}),
        ),
        serve.run,
    ),
    'test': (
        "run the whole test suite, or the tests of some addons",
        (
            ('addons', {'nargs': '*', 'metavar': 'ADDON', 'help': "only the tests of these addons"}),
            ('--tags', {'metavar': 'T', 'help': "Odoo's test tags: /k20_base:TestCustomer.test_code"}),
            ('--fast', {'action': 'store_true', 'help': "no browser, no served K20, none of the thorough tests"}),
        ),
        suite.run,
    ),
    'bench': (
        "measure K20 beside plain Odoo and print the ratios",
        (
            (
                '--scale',
                {'type': float, 'default': 1.0, 'metavar': 'S', 'help': "how much data, 1 being the agreed size"},
            ),
            (
                '--only',
                {'nargs': '+', 'metavar': 'NAME', 'choices': bench.NAMES, 'help': f"of {', '.join(bench.NAMES)}"},
            ),
            ('--json', {'metavar': 'FILE', 'help': "write the figures to this file, too"}),
        ),
        bench.run,
    ),
    'shell': ("a Python shell inside Odoo", (DATABASE,), control.shell),
    'psql': ("a SQL shell", (DATABASE,), control.psql),
    'stop': ("stop the servers that ./k20 started", (), control.stop),
    'reset': ("drop a database", (DATABASE,), control.reset),
}


def main(arguments=None):
    """Carry out one command line and return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors='replace')
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ./k20 stop is Ctrl-C from elsewhere
    try:
        return options.work(Home.of(), options)
    except Trouble as trouble:
        print(f'k20: {trouble}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print('k20: stopped.', file=sys.stderr)
        return 130


def parser():
    """Return the reader of the command line, made from the table."""
    whole = argparse.ArgumentParser(prog='k20', description="K20: channel and sales management on Odoo 19.")
    commands = whole.add_subparsers(title="commands", metavar='COMMAND', required=True)
    for name, (summary, options, work) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        command.set_defaults(work=work)
        for option, settings in options:
            command.add_argument(option, **settings)
    return whole
