"""An amount spread over parts without a cent lost."""


def spread(amount, weights, digits=2):
    """Return the share of `amount` for each of `weights`, in proportion; the shares add up to it exactly.

    Each share is what is due so far less what is booked so far, so that no rounding is left over.

    >>> spread(100, [1, 1, 1])
    [33.33, 33.34, 33.33]
    >>> spread(10, [3, -1])
    [15.0, -5.0]
    >>> spread(1, [0, 0])
    [0.5, 0.5]
    >>> spread(5, [])
    []
    """
    total = sum(weights)
    if not total:
        weights, total = [1] * len(weights), len(weights)
    shares, weighed, booked = [], 0, 0.0
    for weight in weights:
        weighed += weight
        due = round(amount * weighed / total, digits)
        shares.append(round(due - booked, digits))
        booked = due
    return shares
