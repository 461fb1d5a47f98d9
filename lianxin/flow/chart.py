"""A process as a picture for everybody: done, now and to come are told by marks and lines, never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from html import escape

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.flow.rules import OWN, WAITING, Days, Definition, Join, Kind, Node
from lianxin.flow.rules.layout import FONT, LINE, SMALL, SMALL_LINE, START, Box, Edge, lay_out
from lianxin.kit.clock import Unit

DONE, NOW, AHEAD, PLAIN = "done", "now", "ahead", ""
_MARKS = {DONE: "✓", NOW: "▶", AHEAD: "", PLAIN: ""}
_UNITS: dict[Unit, str | Promise] = {
    Unit.WORKDAY: gettext_lazy("working days"),
    Unit.NATURAL_DAY: gettext_lazy("calendar days"),
    Unit.HOUR: gettext_lazy("hours by the clock"),
    Unit.WORKHOUR: gettext_lazy("office hours"),
}
_LINES = {
    DONE: 'stroke-width="1.5" fill="none"',
    NOW: 'stroke-width="3" fill="currentColor" fill-opacity="0.12"',
    AHEAD: 'stroke-width="1" stroke-dasharray="4 3" fill="none"',
    PLAIN: 'stroke-width="1.2" fill="none"',
}


@dataclass(frozen=True)
class Line:
    """One step of the chart, for who listens instead of looking."""

    title: str
    state: str  # done, now, ahead or nothing
    said: str  # the state in words
    stage: str  # the stage that begins here; empty where it goes on
    note: str
    ways: list[str] = field(default_factory=list)  # how it can come out, and where that leads


def svg(
    definition: Definition,
    done: Set[str] = frozenset(),
    now: Set[str] = frozenset(),
    labels: Mapping[str, str] | None = None,
) -> SafeString:
    """Draw a process. `done` and `now` are keys of nodes; `labels` are small words below the title of a node.

    Without anything done or now it is drawn as a plan. The picture takes the colour of the text around it.
    """
    layout = lay_out(definition, labels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width:g} {layout.height:g}" role="img"'
        f' aria-label="{escape(_("Flow chart"))}" font-size="{FONT:g}" fill="currentColor" stroke="currentColor">'
    ]
    parts += [_edge(edge) for edge in layout.edges]
    for box in layout.boxes.values():
        node = definition.by_key.get(box.key)
        parts.append(_box(box, node, _state(box.key, done, now)) if node else _knot(box))
    parts.append("</svg>")
    # Every text in it went through escape.
    return mark_safe("".join(parts))  # noqa: S308


def text(
    definition: Definition,
    done: Set[str] = frozenset(),
    now: Set[str] = frozenset(),
    labels: Mapping[str, str] | None = None,
) -> list[Line]:
    """Tell a process in lines, in the order of the picture."""
    labels = labels or {}
    boxes = sorted(lay_out(definition).boxes.values(), key=lambda box: (box.rank, box.x))
    found, stage = [], ""
    for box in boxes:
        node = definition.by_key.get(box.key)
        if node is None or node.kind not in WAITING | {Kind.BLOCK, Kind.END}:
            continue
        name = definition.stage_name(node.stage)
        state = _state(node.key, done, now)
        found.append(
            Line(
                title=node.name,
                state=state,
                said=words_of(state),
                stage=name if name != stage else "",
                note=labels.get(node.key, ""),
                ways=_ways(definition, node),
            )
        )
        stage = name or stage
    return found


def labels_of(definition: Definition, offices: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the small words below each step: who does it, and how long it may take.

    `offices` are the names of the offices in hand; without one, the process says how such an office is called.
    """
    names = {OWN: _("the office of the service"), **definition.names, **(offices or {})}
    found = {}
    for node in definition.nodes:
        parts = [names.get(node.office, node.office)] if node.kind is Kind.TASK else []
        if node.limit:
            parts.append(days_said(Days({node.limit.unit: node.limit.value})))
        if parts:
            found[node.key] = " · ".join(parts)
    return found


def days_said(days: Days) -> str:
    """Return days of one or more units in words."""
    said = [_("%(number)s %(unit)s") % {"number": number, "unit": _UNITS[unit]} for unit, number in days.items()]
    return " + ".join(said) or _("at once")


def words_of(state: str) -> str:
    """Return a state in words."""
    return {DONE: _("done"), NOW: _("now here"), AHEAD: _("to come")}.get(state, "")


def _ways(definition: Definition, node: Node) -> list[str]:
    if node.kind is Kind.BLOCK:
        return [branch.title or branch.key for branch in node.branches]
    return [
        _("%(outcome)s: on to “%(title)s”") % {"outcome": way.label, "title": title_of(definition, way.to)}
        for way in node.ways
        if way.label and title_of(definition, way.to)
    ]


def title_of(definition: Definition, key: str) -> str:
    """Return the title of what an edge leads to, going on through what happens by itself."""
    for _step in definition.nodes:
        node = definition.by_key.get(key)
        if node is None:
            return ""
        if node.kind is not Kind.AUTOMATIC:
            return node.name
        key = node.to
    return ""


def _state(key: str, done: Set[str], now: Set[str]) -> str:
    if key in now:
        return NOW
    if key in done:
        return DONE
    return AHEAD if done or now else PLAIN


def _box(box: Box, node: Node, state: str) -> str:
    mark, said = _MARKS[state], words_of(state)
    title = f"{node.name}: {said}" if said else node.name
    lines = [f"{mark} {box.lines[0]}" if mark and box.lines else "".join(box.lines[:1]), *box.lines[1:]]
    y = box.y + 7 + FONT - 1
    parts = [f"<g><title>{escape(title)}</title>{_shape(box, node, state)}"]
    for line in lines:
        weight = ' font-weight="bold"' if state == NOW else ""
        parts.append(_said(line, box.middle, y, FONT, f' text-anchor="middle"{weight}'))
        y += LINE
    for line in box.small:
        parts.append(_said(line, box.middle, y - 2, SMALL, ' text-anchor="middle"'))
        y += SMALL_LINE
    return "".join([*parts, "</g>"])


def _shape(box: Box, node: Node, state: str) -> str:
    drawn = _LINES[state]
    if node.kind is Kind.CHOICE:  # a hexagon: a question
        x, y, w, h = box.x, box.y, box.w, box.h
        corners = [(x + 8, y), (x + w - 8, y), (x + w, y + h / 2), (x + w - 8, y + h), (x + 8, y + h), (x, y + h / 2)]
        return f'<polygon points="{_points(corners)}" {drawn}/>'
    round_ = {Kind.END: box.h / 2, Kind.APPLICANT: 12.0, Kind.BLOCK: 0.0}.get(node.kind, 4.0)
    rect = f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.w:.1f}" height="{box.h:.1f}" rx="{round_:g}" {drawn}/>'
    if node.kind is Kind.BLOCK:  # a double line below: from here several go at once
        wide = 3 if node.join is Join.ALL else 1
        y = box.y + box.h + 3
        rect += f'<path d="M{box.x:.1f} {y:.1f}h{box.w:.1f}" stroke-width="{wide}"/>'
    return rect


def _knot(box: Box) -> str:
    """Draw the start, and the line where the branches of a block meet."""
    if box.key == START:
        return f'<circle cx="{box.middle:.1f}" cy="{box.y + 8:.1f}" r="7" stroke-width="1.5"/>'
    return f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.w:.1f}" height="{box.h:.1f}" stroke="none"/>'


def _edge(edge: Edge) -> str:
    (x, y), rest = edge.points[-1], edge.points[:-1]
    line = f'<polyline points="{_points([*rest, (x, y - 5)])}" fill="none" stroke-width="1" stroke-opacity="0.7"/>'
    head = f'<path d="M{x:.1f} {y:.1f}l-3.5 -6h7z" stroke="none"/>'
    said = ""
    if edge.said:
        said = _said(edge.said, *edge.said_at, SMALL, "")
        if edge.said != edge.label:
            said = f"<g><title>{escape(edge.label)}</title>{said}</g>"
    return line + head + said


def _said(text: str, x: float, y: float, size: float, more: str) -> str:
    small = f' font-size="{size:g}"' if size != FONT else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" stroke="none"{small}{more}>{escape(text)}</text>'


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
