def locked_fields(record, vals):
    """Return those names of `vals` that would change what is stored of `record`, but for the free ones.

    Unknown and unstored names are no matter; a computed field with an inverse writes elsewhere, and counts.
    """
    fields, free = record._fields, free_fields(record)
    return [
        name for name in vals if name in fields and (fields[name].store or fields[name].inverse) and name not in free
    ]


def free_fields(record):
    """Return what every class that makes up the model of `record` leaves open in its `_k20_free_fields`."""
    return frozenset().union(*(vars(part).get('_k20_free_fields', ()) for part in type(record).__mro__))
