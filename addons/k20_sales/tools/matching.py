"""Whether money and invoices are being matched by somebody else already: K20's own matching then waits its turn.

A context variable, for the reasons given in k20_base/tools/opening.py.
"""

import contextvars
from contextlib import contextmanager

_MATCHING = contextvars.ContextVar('k20_matching', default=False)


@contextmanager
def matching():
    """Leave matching to what runs inside the block."""
    token = _MATCHING.set(True)
    try:
        yield
    finally:
        _MATCHING.reset(token)


def is_matching():
    """Tell whether matching is under way."""
    return _MATCHING.get()
