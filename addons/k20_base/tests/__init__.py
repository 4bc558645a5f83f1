from . import test_base_data
from . import test_company
from . import test_customers
from . import test_export
from . import test_query_counts
from . import test_visibility
