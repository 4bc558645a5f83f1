"""A page of HTML into a PDF, by the machine's own Chromium. Nothing here knows the database.

The page is a file that holds all it shows: it may load nothing, neither from a network nor from the disk.
"""

import logging
import os
import resource
import shutil
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

_logger = logging.getLogger(__name__)

# Those that Odoo's tests and the launcher look for as well, in this order.
BROWSERS = ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')

OPTIONS = (
    '--headless',
    '--disable-gpu',
    '--disable-dev-shm-usage',  # a container's /dev/shm is too small for a long document
    '--disable-extensions',
    '--disable-sync',
    '--disable-component-update',
    '--disable-background-networking',
    '--no-first-run',
    '--no-default-browser-check',
    '--no-pdf-header-footer',  # Chromium's own: date and path of the file
    # The page's policy forbids every request; these two see to it that none could arrive.
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--proxy-server=127.0.0.1:9',
    '--proxy-bypass-list=<-loopback>',
)


class PrintingError(Exception):
    """Chromium made no PDF; says why, for the log."""


class TookTooLongError(PrintingError):
    """The document was not ready in time."""


def find(path=None):
    """Return the path of the browser that prints, or None.

    :param str path: folders to look in, as in the variable PATH, which is the default
    """
    return next(filter(None, (shutil.which(name, path=path) for name in BROWSERS)), None)


def print_html(browser, html, seconds):
    """Print a page.

    :param str browser: path of the browser
    :param str html: the whole page, with its styles and pictures in it
    :param float seconds: how long it may take
    :return bytes: the PDF
    :raise TookTooLongError: where it is not ready in that time
    :raise PrintingError: where Chromium fails otherwise
    """
    with TemporaryDirectory(prefix='k20_print_', ignore_cleanup_errors=True) as folder:
        page, pdf = Path(folder, 'page.html'), Path(folder, 'page.pdf')
        page.write_text(html, encoding='utf-8', errors='replace')
        command = [browser, *OPTIONS, f'--user-data-dir={folder}/profile', f'--print-to-pdf={pdf}', page.as_uri()]
        said = _run(command + _sandbox(), folder, seconds)
        if not pdf.is_file() and 'sandbox' in said and '--no-sandbox' not in command + _sandbox():
            said = _run([*command, '--no-sandbox'], folder, seconds)  # a container that allows no sandbox
        if not pdf.is_file():
            raise PrintingError(said[-1000:])
        return pdf.read_bytes()


def _sandbox():
    """Return the option without which Chromium refuses to run as root.

    The sandbox guards against what a foreign page's scripts might do; this page is made by K20, its policy allows no
    script, frame or request, and it is gone when it is printed.
    """
    return ['--no-sandbox'] if os.geteuid() == 0 else []


def _run(command, folder, seconds):
    """Run a command without shell in a group of its own, so that all its processes end with it; return what it said."""
    environment = {**os.environ, 'HOME': folder, 'XDG_CONFIG_HOME': folder, 'XDG_CACHE_HOME': folder, 'TMPDIR': folder}
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_lift_memory_limit,
    ) as process:
        try:
            return process.communicate(timeout=seconds)[1].decode(errors='replace')
        except subprocess.TimeoutExpired:
            raise TookTooLongError(f"not ready after {seconds} seconds") from None
        finally:
            _end_group(process.pid)


def _lift_memory_limit():
    """Odoo limits its address space (limit_memory_hard); Chromium reserves more than that at once and would die."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _end_group(group):
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        _logger.debug("Chromium %s has ended by itself", group)
