from . import export
from . import json_view
from . import pivot
from . import vcard
