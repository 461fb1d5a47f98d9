"""Where each node of a chart stands: layers from top to bottom, narrow enough for a phone. Pure arithmetic.

Edges to the next layer go straight through the gap between the two; longer ones run along the left margin, ways back
along the right one, each in a lane of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lianxin.flow.rules.definition import JOIN, Definition, Kind

START = "start"  # no node can be called so
WIDTH = 360
BOX_MAX, BOX_MIN = 168.0, 76.0
FONT, SMALL = 13.0, 10.5
LINE, SMALL_LINE = 16.0, 13.0
LANE, TRACK, MARGIN = 8.0, 5.0, 8.0
GAP = 22.0
LABEL = 13.0
LINES_MAX = 3

Point = tuple[float, float]


@dataclass
class Box:
    """One node on the chart; of a block the head and, as `<key>.join`, the foot."""

    key: str
    rank: int
    lines: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    w: float = 0.0
    h: float = 0.0

    @property
    def middle(self) -> float:
        """Where its middle is, from the left."""
        return self.x + self.w / 2


@dataclass
class Edge:
    """A way drawn: its corners, and where its words stand."""

    source: str
    target: str
    label: str
    back: bool = False
    points: list[Point] = field(default_factory=list)
    said: str = ""  # the label as far as there is room
    said_at: Point = (0.0, 0.0)
    lane: int | None = None


@dataclass
class Layout:
    """A whole chart."""

    width: float
    height: float
    boxes: dict[str, Box]
    edges: list[Edge]


def lay_out(definition: Definition, small: Mapping[str, str] | None = None) -> Layout:
    """Place every node. `small` are words below the title of a node. Drafts are drawn as far as they hang together."""
    edges = _edges(definition)
    keys = list(dict.fromkeys([START, *_foots(definition), *(edge.source for edge in edges)]))
    _mark_back(keys, edges)
    ranks = _ranks(keys, edges)
    boxes = {key: Box(key, ranks[key]) for key in keys}
    layers = _layers(boxes, edges)
    left = _lanes([e for e in edges if not e.back and ranks[e.target] - ranks[e.source] > 1], ranks)
    right = _lanes([e for e in edges if e.back], ranks)
    width = max(WIDTH, max(len(layer) for layer in layers) * (BOX_MIN + 10) + (left + right) * LANE + 2 * MARGIN)
    _place_across(layers, MARGIN + left * LANE, width - MARGIN - right * LANE, definition, small or {})
    height = _place_down(layers, edges, ranks)
    _draw(boxes, layers, edges, width)
    return Layout(width, height, boxes, edges)


def foot(block: str) -> str:
    """Return the name of the foot of a block, where its branches meet."""
    return f"{block}.{JOIN}"


def _foots(definition: Definition) -> list[str]:
    found = []
    for node in definition.nodes:
        found.append(node.key)
        if node.kind is Kind.BLOCK:
            found.append(foot(node.key))
    return found


def _edges(definition: Definition) -> list[Edge]:
    known = set(definition.by_key)
    found: dict[tuple[str, str], Edge] = {}
    ways = [(START, definition.start, "")]
    for node in definition.nodes:
        ways += [(node.key, way.to if way.to != JOIN else foot(node.key), way.label) for way in node.inward]
        source = foot(node.key) if node.kind is Kind.BLOCK else node.key
        block = definition.home.get(node.key, ("", ""))[0]
        ways += [(source, foot(block) if way.to == JOIN and block else way.to, way.label) for way in node.ways]
    foots = {foot(node.key) for node in definition.nodes if node.kind is Kind.BLOCK}
    for source, target, label in ways:
        if target not in known | foots:
            continue
        if (source, target) in found:
            found[source, target].label += f" / {label}" if label else ""
        else:
            found[source, target] = Edge(source, target, label)
    return list(found.values())


def _mark_back(keys: Iterable[str], edges: list[Edge]) -> None:
    """Mark the edges that lead back to where the road came from."""
    leaving: dict[str, list[Edge]] = {}
    for edge in edges:
        leaving.setdefault(edge.source, []).append(edge)
    done = set[str]()
    for first in keys:
        if first in done:
            continue
        path = {first}
        stack = [(first, iter(leaving.get(first, [])))]
        while stack:
            key, rest = stack[-1]
            if (way := next(rest, None)) is None:
                stack.pop()
                path.discard(key)
                done.add(key)
            elif way.target in path:
                way.back = True
            elif way.target not in done:
                path.add(way.target)
                stack.append((way.target, iter(leaving.get(way.target, []))))


def _ranks(keys: list[str], edges: list[Edge]) -> dict[str, int]:
    """Return the layer of each node: below everything that leads to it."""
    ranks = dict.fromkeys(keys, 0)
    ahead = [edge for edge in edges if not edge.back]
    for _round in keys:
        moved = False
        for edge in ahead:
            if ranks[edge.target] <= ranks[edge.source]:
                ranks[edge.target] = ranks[edge.source] + 1
                moved = True
        if not moved:
            break
    return ranks


def _layers(boxes: dict[str, Box], edges: list[Edge]) -> list[list[Box]]:
    """Return the boxes by layer, each layer in the order of those that lead to it."""
    layers: list[list[Box]] = [[] for _ in range(max(box.rank for box in boxes.values()) + 1)]
    for box in boxes.values():
        layers[box.rank].append(box)
    places = {box.key: n / len(layer) for layer in layers for n, box in enumerate(layer)}
    for layer in layers[1:]:
        layer.sort(key=lambda box: _mean([places[e.source] for e in edges if e.target == box.key and not e.back]))
        places |= {box.key: (n + 0.5) / len(layer) for n, box in enumerate(layer)}
    return layers


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.5


def _lanes(edges: list[Edge], ranks: Mapping[str, int]) -> int:
    """Give each edge the first lane that is free along it, and return how many lanes there are."""
    taken: list[list[tuple[int, int]]] = []
    for edge in sorted(edges, key=lambda e: abs(ranks[e.target] - ranks[e.source])):
        ends = sorted((ranks[edge.source], ranks[edge.target]))
        free = (n for n, spans in enumerate(taken) if all(ends[1] < one or two < ends[0] for one, two in spans))
        edge.lane = next(free, len(taken))
        if edge.lane == len(taken):
            taken.append([])
        taken[edge.lane].append((ends[0], ends[1]))
    return len(taken)


def _place_across(
    layers: list[list[Box]], left: float, right: float, definition: Definition, small: Mapping[str, str]
) -> None:
    for layer in layers:
        slot = (right - left) / len(layer)
        for n, box in enumerate(layer):
            node = definition.by_key.get(box.key)
            if box.key == START or node is None:  # the start, and the foot of a block
                box.w, box.h = (16.0, 16.0) if box.key == START else (min(BOX_MAX, slot - 10), 6.0)
            else:
                box.w = min(BOX_MAX, slot - 10)
                box.lines = wrap(node.name, box.w - 22, FONT)
                box.small = wrap(small[box.key], box.w - 12, SMALL)[:2] if small.get(box.key) else []
                box.h = 14 + len(box.lines) * LINE + len(box.small) * SMALL_LINE
            box.x = left + slot * (n + 0.5) - box.w / 2


def _place_down(layers: list[list[Box]], edges: list[Edge], ranks: Mapping[str, int]) -> float:
    y = MARGIN
    for rank, layer in enumerate(layers):
        tall = max(box.h for box in layer)
        for box in layer:
            box.y = y + (tall - box.h) / 2
        leaving = [e for e in edges if ranks[e.source] == rank]
        coming = [e for e in edges if ranks[e.target] == rank + 1]
        tracks = len({(e.source, e.target) for e in [*leaving, *coming]})
        said = LABEL if any(e.label for e in leaving) else 0.0
        y += tall + (GAP + said + tracks * TRACK if rank < len(layers) - 1 else 0)
    return y + MARGIN


def _draw(boxes: dict[str, Box], layers: list[list[Box]], edges: list[Edge], width: float) -> None:
    """Give each edge its corners."""
    bottoms = [max(box.y + box.h for box in layer) for layer in layers]
    tops = [min(box.y for box in layer) for layer in layers]
    tracks: dict[int, int] = {}  # of the gap below a layer, how many edges run across it so far

    def track(rank: int, said: bool) -> float:
        tracks[rank] = tracks.get(rank, 0) + 1
        above = bottoms[rank] if rank >= 0 else 0.0
        return above + (LABEL if said else 0.0) + 4 + tracks[rank] * TRACK

    labelled = {rank: any(e.label and boxes[e.source].rank == rank for e in edges) for rank in range(len(layers))}
    for edge in sorted(edges, key=lambda e: (boxes[e.source].rank, boxes[e.target].middle)):
        one, two = boxes[edge.source], boxes[edge.target]
        out, into = _port(edge, edges, boxes, leaving=True), _port(edge, edges, boxes, leaving=False)
        first = track(one.rank, labelled.get(one.rank, False))
        points = [(out, one.y + one.h), (out, first)]
        if edge.lane is None:
            points += [(into, first)]
        else:
            lane = width - MARGIN / 2 - edge.lane * LANE if edge.back else MARGIN / 2 + edge.lane * LANE
            above = two.rank - 1
            second = track(above, labelled.get(above, False)) if above >= 0 else tops[0] - 4
            points += [(lane, first), (lane, second), (into, second)]
        edge.points = _corners([*points, (into, two.y)])
        _say(edge, edges, boxes, out)


def _port(edge: Edge, edges: list[Edge], boxes: dict[str, Box], *, leaving: bool) -> float:
    """Return where on the side of a box an edge begins or ends: beside each other, in the order of their other ends."""
    box = boxes[edge.source if leaving else edge.target]
    mates = [e for e in edges if (e.source if leaving else e.target) == box.key]

    def far(e: Edge) -> float:
        if e.lane is not None:
            return 1e6 if e.back else -1e6
        return boxes[e.target if leaving else e.source].middle

    mates.sort(key=far)
    return box.x + box.w * (mates.index(edge) + 0.5) / len(mates)


def _say(edge: Edge, edges: list[Edge], boxes: dict[str, Box], out: float) -> None:
    if not edge.label:
        return
    box = boxes[edge.source]
    mates = sum(e.source == edge.source for e in edges)
    room = WIDTH / 2 if mates == 1 else box.w / mates - 3
    lines = wrap(edge.label, room, SMALL, most=1)
    edge.said = lines[0] if lines else ""
    edge.said_at = (out + 3, box.y + box.h + 11)


def _corners(points: list[Point]) -> list[Point]:
    """Leave out points that lie where the one before lies."""
    kept = points[:1]
    for point in points[1:]:
        if abs(point[0] - kept[-1][0]) > 0.05 or abs(point[1] - kept[-1][1]) > 0.05:
            kept.append((round(point[0], 1), round(point[1], 1)))
    return kept


def broad(text: str, font: float) -> float:
    """Return about how broad a text is: a Chinese character takes a whole square, a Latin one about half."""
    return sum(font if unicodedata.east_asian_width(c) in "WF" else font * 0.56 for c in text)


def wrap(text: str, room: float, font: float, most: int = LINES_MAX) -> list[str]:
    """Break a text into lines that fit, the last one cut with an ellipsis where there are more."""
    lines, line = [], ""
    for char in " ".join(text.split()):
        if line and broad(line + char, font) > room:
            # Between two words of Latin letters, and anywhere in Chinese.
            head, blank, tail = line.rpartition(" ")
            whole = not blank or not (char.isascii() and tail.isascii())
            lines.append(line if whole else head)
            line = char.lstrip() if whole else tail + char
        else:
            line += char
    lines.append(line)
    if len(lines) > most:
        lines = lines[:most]
        lines[-1] = f"{lines[-1][:-1]}…"
    return [each for each in lines if each]
