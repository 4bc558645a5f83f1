"""End this process when the launcher that started it is gone, even by SIGKILL: nobody else would ever stop it."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1


def tie():
    """Ask the system for SIGTERM at the launcher's end; without a launcher (Docker) there is nothing to tie to."""
    launcher = os.environ.pop('K20_LAUNCHER', None)
    if launcher:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(launcher):  # it ended before we could ask
            os.kill(os.getpid(), signal.SIGTERM)
