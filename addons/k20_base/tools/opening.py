"""What the server itself is doing for the length of one block, and which of K20's locks that passes.

Context variables: no client can set one, and no context that Odoo replaces on the way loses it. `env.su` proves
nothing, since portal, wizards and half of mail run a user's values in sudo.
"""

import contextvars
from contextlib import contextmanager

_MOVING = contextvars.ContextVar('k20_moving', default=False)
_IMPORTING = contextvars.ContextVar('k20_importing', default=False)
_OPEN = contextvars.ContextVar('k20_open', default=frozenset())  # (model, id), id None for new ones


@contextmanager
def _set(variable, value):
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


def moving():
    """Let the server change owners, and what K20 works out about a customer, inside the block."""
    return _set(_MOVING, True)


def is_moving():
    """Tell whether the server is changing owners itself."""
    return _MOVING.get()


def importing():
    """Mark what is created inside the block as coming from a file, through whatever door."""
    return _set(_IMPORTING, True)


def is_importing():
    """Tell whether the records made now come out of a file."""
    return _IMPORTING.get()


def opened(documents):
    """Let the server write locked `documents` and their lines inside the block, and nothing else."""
    return _set(_OPEN, _OPEN.get() | {(documents._name, document_id) for document_id in documents.ids})


def is_open(document):
    """Tell whether the server may write this document now, see `opened`."""
    return (document._name, document.id) in _OPEN.get()


def creating(model):
    """Let the server create documents of `model` that are decided already, such as traces, inside the block."""
    return _set(_OPEN, _OPEN.get() | {(model._name, None)})


def is_creating(model):
    """Tell whether the server may create decided documents of `model` now, see `creating`."""
    return (model._name, None) in _OPEN.get()
