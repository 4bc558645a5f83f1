from . import export
from . import import_template
from . import json_view
from . import pivot
from . import vcard
