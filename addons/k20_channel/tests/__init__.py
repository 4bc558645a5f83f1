from . import test_employees
from . import test_expenses
