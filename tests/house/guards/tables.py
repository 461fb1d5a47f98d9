"""Tables of states and powers hold together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

Edges = Mapping[str, Collection[str]]


def table_faults(edges: Edges, *, start: str, final: Collection[str]) -> list[str]:
    """This function will list states nothing leads to, states that lead to no end, and unknown names."""
    states = set(edges)
    found = [f"{s} leads to {t}, which is no state" for s in sorted(states) for t in sorted(set(edges[s]) - states)]
    reached = _closure({start}, edges)
    found += [f"nothing leads to {s}" for s in sorted(states - reached)]
    back: dict[str, set[str]] = {s: {t for t in states if s in edges[t]} for s in states}
    ending = _closure(set(final), back)
    found += [f"from {s} there is no way to an end" for s in sorted(states - ending)]
    found += [f"{s} is no end and leads nowhere else" for s in sorted(states - set(final)) if not set(edges[s]) - {s}]
    return found


def _closure(start: Iterable[str], edges: Edges) -> set[str]:
    seen, waiting = set[str](), list(start)
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting += edges.get(state, ())
    return seen


def unheld_powers(
    needed: Mapping[str, str], roles: Mapping[str, Collection[str]], held: Collection[str] | None = None
) -> list[str]:
    """This function will list deeds whose power no role gives, or only roles that nobody in `held` has.

    `needed` is the power of each deed, `roles` the powers of each role, `held` the roles that somebody has (None: all).
    """
    found = []
    for deed, power in sorted(needed.items()):
        giving = {role for role, powers in roles.items() if power in powers}
        if not giving:
            found.append(f"{deed} needs {power}, which no role gives")
        elif held is not None and not giving & set(held):
            found.append(f"{deed} needs {power}, but nobody is {' or '.join(sorted(giving))}")
    return found
