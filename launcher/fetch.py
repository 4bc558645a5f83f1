"""The platform, brought once and checked at each start: Odoo, its Python packages, the browser."""

import shutil

from launcher import debian, pins, wheels
from launcher.steps import Trouble, locked, need_room, say, together

BROWSERS = ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')  # those that Odoo looks for


def platform(home, tools=False):
    """Bring what Odoo needs into the home; quick when it is there.

    :param tools: also what only tests use
    """
    home.path.mkdir(parents=True, exist_ok=True)
    with locked(home.state / 'platform.lock', "Another ./k20 is setting this checkout up: waiting for it"):
        new = not home.odoo_package.is_dir() and not home.odoo_checkout
        need_room(home.path, pins.ROOM_TO_BEGIN if new else pins.ROOM_TO_WORK)
        tasks = [lambda: _environments(home, tools)]
        if not home.odoo_checkout:
            tasks.append(lambda: debian.unpack_odoo(home))
        together(*tasks)


def _environments(home, tools):
    wheels.make_venv(home)
    if tools:
        wheels.make_tools(home)


def browser(required):
    """Make sure that Chromium and Chinese fonts are there: for pages in PDF, and for the browser tests.

    :param required: whether to stop without one, as tests must; otherwise it is only said what will be missing
    """
    missing = [] if any(map(shutil.which, BROWSERS)) else [pins.BROWSER_PACKAGE]
    missing += [] if debian.has_package(pins.FONTS_PACKAGE) else [pins.FONTS_PACKAGE]
    try:
        debian.install(missing, "PDF documents and browser tests")
    except Trouble as trouble:
        if required:
            raise
        say(f"  Note: {trouble}")
