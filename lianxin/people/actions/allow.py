"""A brake on repetition."""

from __future__ import annotations

from django.core.cache import cache


def allow(key: str, limit: int, seconds: int) -> bool:
    """Count one more try under `key` and tell whether it is still within `limit` tries per window of `seconds`.

    The window is fixed: it begins with the first try. With the memory cache each process counts for itself, so the
    real limit is `limit` times the number of processes; what must hold exactly (tries at a code) is counted in rows.
    """
    name = f"allow:{key}"
    if cache.add(name, 1, seconds):
        return limit >= 1
    try:
        return cache.incr(name) <= limit
    except ValueError:  # the window ended between the two lines
        return allow(key, limit, seconds)
