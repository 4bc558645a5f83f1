"""Start Odoo's command line on the web socket that the launcher opened, recording test outcomes where it asks to.

Runs in Odoo's Python, with Odoo's own arguments. Odoo starts its websocket process from the same file.
"""

import os
import sys

import lifeline

FIRST_PASSED = 3  # the number under which Odoo expects a socket handed to it


def take_socket():
    """Let Odoo find the open web socket as if the system's service manager had passed it."""
    passed = os.environ.pop('K20_SOCKET', None)
    if passed:
        os.dup2(int(passed), FIRST_PASSED)
        os.close(int(passed))
        os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))


def main():
    lifeline.tie()
    take_socket()
    import websockets

    import odoo.cli  # first of all: it makes the websocket process what it is

    websockets.install()
    if os.environ.get('K20_RESULTS'):
        import record

        record.install()
    odoo.cli.main()


if __name__ == '__main__':
    sys.exit(main())
