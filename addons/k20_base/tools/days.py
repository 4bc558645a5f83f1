"""Numbers of days as people type them."""

from datetime import date, timedelta

LONGEST = (date.max - date.min).days


def whole_days(value):
    """Return `value` as a number of days, or None where it is no whole number from 0.

    >>> whole_days(0), whole_days(' 15 '), whole_days('１５'), whole_days('9' * 5000) == LONGEST
    (0, 15, 15, True)
    >>> whole_days(-1), whole_days('-1'), whole_days('soon'), whole_days('1.5'), whole_days(2.5), whole_days(True)
    (None, None, None, None, None, None)
    """
    if isinstance(value, str):
        text = value.strip()
        if not text.isdecimal():
            return None
        return min(int(text), LONGEST) if len(text) < len(str(LONGEST)) else LONGEST
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    return min(value, LONGEST)


def shift(day, days):
    """Return `day` moved by `days`, stopping at the first and the last day there is.

    >>> [shift(date(2026, 11, 24), days).isoformat() for days in (-24, 10**9, -(10**9))]
    ['2026-10-31', '9999-12-31', '0001-01-01']
    """
    days = max((date.min - day).days, min((date.max - day).days, days))
    return day + timedelta(days=days)
