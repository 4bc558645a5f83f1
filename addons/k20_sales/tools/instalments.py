"""Plain arithmetic of instalments, without ORM. (DESIGN §6)"""


def fill(amounts, paid):
    """Return what of `paid` falls to each of `amounts`, the first one first; what is above their sum to none.

    >>> fill([30, 50, 20], 60)
    [30, 30, 0]
    >>> fill([30, 50, 20], 120)
    [30, 50, 20]
    >>> fill([30, 50], -5)
    [0, 0]
    """
    shares = []
    for amount in amounts:
        share = min(amount, max(paid, 0))
        shares.append(share)
        paid -= share
    return shares


def split(total, weights, rounded):
    """Return `total` in parts that are to each other as `weights`; the last one takes what rounding leaves.

    :param rounded: function that rounds an amount

    >>> split(100, [1, 1, 1], lambda amount: round(amount, 2))
    [33.33, 33.33, 33.34]
    >>> split(999.99, [30, 60, 10], lambda amount: round(amount, 2))
    [300.0, 599.99, 100.0]
    """
    parts = [rounded(total * weight / sum(weights)) for weight in weights[:-1]]
    return [*parts, rounded(total - sum(parts))]
