"""What the platform is made of: every package and version. The wheels and their hashes are in launcher/wheels/."""

from pathlib import Path

# Odoo: Debian's package, from the suite that has it. A later series would need K20 to be ported first.
ODOO_PACKAGE = 'odoo-19'
ODOO_SERIES = '19.0'
ODOO_SUITE = 'sid'
# What the package links to: without these the login page answers 500.
ODOO_COMPANIONS = (
    'fonts-glyphicons-halflings',
    'fonts-inconsolata',
    'fonts-montserrat',
    'fonts-ocr-b',
    'fonts-roboto-unhinted',
    'libjs-jquery',
    'libjs-jquery-form',
    'libjs-jquery-ui',
    'libjs-underscore',
)
# Odoo uses the file names of Font Awesome 4.7; later suites have version 7.
FONT_AWESOME = 'fonts-font-awesome'
FONT_AWESOME_SUITE = 'bookworm'
# The package leaves this script out, and every page that asks for it fails: an empty one stands in.
LEFT_OUT = 'mail/static/lib/selfie_segmentation/selfie_segmentation.js'

KEYRING_PACKAGE = 'debian-archive-keyring'
DEBIAN_KEYRING = Path(f'/usr/share/keyrings/{KEYRING_PACKAGE}.gpg')

# Pages in PDF and the browser tests; Chinese glyphs for both.
BROWSER_PACKAGE = 'chromium'
FONTS_PACKAGE = 'fonts-noto-cjk'

PYTHONS = ((3, 11), (3, 12), (3, 13))
WHEELS = tuple(Path(__file__).parent / 'wheels' / name for name in ('odoo.txt', 'k20.txt'))
TOOL_WHEELS = (Path(__file__).parent / 'wheels' / 'tools.txt',)

DOWNLOAD_TRIES = 3  # beyond the first, for a line that drops now and then

# Disk that a new platform and one database take, in GB.
ROOM_TO_BEGIN = 3.0
ROOM_TO_WORK = 0.5
