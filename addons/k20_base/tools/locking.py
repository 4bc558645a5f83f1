def locked_fields(record, vals, free):
    """Return those names of `vals` that would change what is stored of `record`, but for the `free` ones.

    Unknown and unstored names are no matter; a computed field with an inverse writes elsewhere, and counts.
    """
    fields = record._fields
    return [
        name for name in vals if name in fields and (fields[name].store or fields[name].inverse) and name not in free
    ]
