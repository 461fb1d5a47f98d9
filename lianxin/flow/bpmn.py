"""A process as BPMN 2.0 with its picture (diagram interchange), for the tools of others."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

from lianxin.flow.rules import ANSWERED, Definition, Join, Kind, Node, Ring, Timer
from lianxin.flow.rules.definition import JOIN
from lianxin.flow.rules.layout import START, Box, Layout, Point, foot, lay_out
from lianxin.kit.clock import Term, Unit

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OURS = "urn:lianxin:process"

_PERIOD = {Unit.HOUR: "PT{}H", Unit.WORKHOUR: "PT{}H", Unit.WORKDAY: "P{}D", Unit.NATURAL_DAY: "P{}D"}
_SMALL = 36.0  # side of an event or a gateway
_MEDIA: dict[str, str] = {"bpmn": MODEL, "bpmndi": DIAGRAM, "omgdc": DC, "omgdi": DI, "xsi": XSI}


def export(definition: Definition, *, key: str, title: str, version: int) -> bytes:
    """Write a sound process as BPMN 2.0.

    An outcome that is chosen by a person becomes a gateway behind the step; a block in which the first counts becomes a
    complex gateway; working days and office hours, which BPMN does not know, are said in the documentation.
    """
    return _Writer(definition, key=key, title=title, version=version).written()


class _Writer:
    """Builds one document: the semantic half, and shapes and edges for the picture."""

    def __init__(self, definition: Definition, *, key: str, title: str, version: int) -> None:
        for prefix, space in _MEDIA.items():
            ET.register_namespace(prefix, space)
        self.definition = definition
        self.layout: Layout = lay_out(definition)
        ident = f"{key.replace('.', '_')}_v{version}"
        self.root = ET.Element(f"{{{MODEL}}}definitions", {"id": f"defs_{ident}", "targetNamespace": OURS})
        given = {"id": ident, "name": title, "isExecutable": "false"}
        self.process = ET.SubElement(self.root, f"{{{MODEL}}}process", given)
        diagram = ET.SubElement(self.root, f"{{{DIAGRAM}}}BPMNDiagram", {"id": f"diagram_{ident}"})
        self.plane = ET.SubElement(diagram, f"{{{DIAGRAM}}}BPMNPlane", {"id": f"plane_{ident}", "bpmnElement": ident})
        self.boxes: dict[str, tuple[float, float, float, float]] = {}
        self.flows: list[tuple[str, str, str, str]] = []  # id, source, target, name

    def written(self) -> bytes:
        self._event("startEvent", START, "", self.layout.boxes[START])
        self._flow(START, self.definition.start)
        for node in self.definition.nodes:
            _PARTS[node.kind](self, node, self.layout.boxes[node.key])
        for number, (ident, source, target, name) in enumerate(self.flows):
            given = {"id": ident, "sourceRef": _id(source), "targetRef": _id(target)}
            self._add("sequenceFlow", given | ({"name": name} if name else {}))
            self._edge(ident, self._road(source, target, number))
        ET.indent(self.root)
        return bytes(ET.tostring(self.root, encoding="utf-8", xml_declaration=True))

    # -- nodes --------------------------------------------------------------------------------------------------------

    def _add(self, tag: str, given: dict[str, str], said: str = "") -> ET.Element:
        element = ET.SubElement(self.process, f"{{{MODEL}}}{tag}", given)
        if said:
            ET.SubElement(element, f"{{{MODEL}}}documentation").text = said
        return element

    def answered(self, node: Node, box: Box) -> None:
        tag = "userTask" if node.kind is Kind.TASK else "receiveTask"
        said = [f"office: {node.office}"] if node.office else []
        if node.limit:
            said.append(f"limit: {_said(node.limit)}")
        self._add(tag, {"id": _id(node.key), "name": node.name}, "; ".join(said))
        self._shape(node.key, box.x, box.y, box.w, box.h)
        leaving = node.key
        if len(node.outcomes) > 1:
            leaving = f"{node.key}.outcome"
            self._gateway("exclusiveGateway", leaving, "", box.middle, box.y + box.h + 4)
            self._flow(node.key, leaving)
        for outcome in node.outcomes:
            self._flow(leaving, self._end_of(node, outcome.to), outcome.label)
        for number, timer in enumerate(node.timers):
            self._timer(node, number, timer, box)

    def _timer(self, node: Node, number: int, timer: Timer, box: Box) -> None:
        key = f"{node.key}.timer{number}"
        takes = timer.does is Ring.DEFAULT
        given = {"id": _id(key), "name": str(timer.does.label), "attachedToRef": _id(node.key)}
        event = self._add("boundaryEvent", given | {"cancelActivity": str(takes).lower()}, _said(timer.after))
        if takes and (outcome := node.outcome(timer.outcome)):
            self._flow(key, self._end_of(node, outcome.to), outcome.label)
        self._clock(event, timer.after)
        self._shape(key, box.x + box.w - (number + 1) * 20, box.y + box.h - 9, 18, 18)

    def wait(self, node: Node, box: Box) -> None:
        event = self._event("intermediateCatchEvent", node.key, node.name, box)
        if node.limit:
            self._clock(event, node.limit)
        self._flow(node.key, self._end_of(node, node.to))

    def block(self, node: Node, box: Box) -> None:
        self._gateway("parallelGateway", node.key, node.name, box.middle, box.y, "Diverging")
        for branch in node.branches:
            self._flow(node.key, branch.start, branch.title)
        end = self.layout.boxes[foot(node.key)]
        tag = "parallelGateway" if node.join is Join.ALL else "complexGateway"
        self._gateway(tag, foot(node.key), str(node.join.label), end.middle, end.y - _SMALL / 2, "Converging")
        self._flow(foot(node.key), node.to)

    def choice(self, node: Node, box: Box) -> None:
        self._gateway("exclusiveGateway", node.key, node.name, box.middle, box.y)
        for way in node.ways:
            self._flow(node.key, self._end_of(node, way.to), way.label)

    def automatic(self, node: Node, box: Box) -> None:
        self._add("serviceTask", {"id": _id(node.key), "name": node.name})
        self._shape(node.key, box.x, box.y, box.w, box.h)
        self._flow(node.key, self._end_of(node, node.to))

    def end(self, node: Node, box: Box) -> None:
        self._event("endEvent", node.key, node.name, box)

    def _event(self, tag: str, key: str, name: str, box: Box) -> ET.Element:
        element = self._add(tag, {"id": _id(key)} | ({"name": name} if name else {}))
        self._shape(key, box.middle - _SMALL / 2, box.y, _SMALL, _SMALL)
        return element

    def _gateway(self, tag: str, key: str, name: str, middle: float, y: float, way: str = "") -> None:
        given = {"id": _id(key)} | ({"name": name} if name else {}) | ({"gatewayDirection": way} if way else {})
        self._add(tag, given)
        self._shape(key, middle - _SMALL / 2, y, _SMALL, _SMALL)

    def _clock(self, event: ET.Element, term: Term) -> None:
        definition = ET.SubElement(event, f"{{{MODEL}}}timerEventDefinition")
        period = ET.SubElement(definition, f"{{{MODEL}}}timeDuration", {f"{{{XSI}}}type": "bpmn:tFormalExpression"})
        period.text = _PERIOD[term.unit].format(term.value)

    # -- ways ---------------------------------------------------------------------------------------------------------

    def _end_of(self, node: Node, to: str) -> str:
        return foot(self.definition.home[node.key][0]) if to == JOIN else to

    def _flow(self, source: str, target: str, name: str = "") -> None:
        self.flows.append((f"flow_{len(self.flows)}", source, target, name))

    def _shape(self, key: str, x: float, y: float, w: float, h: float) -> None:
        self.boxes[key] = (x, y, w, h)
        ident = _id(key)
        shape = ET.SubElement(self.plane, f"{{{DIAGRAM}}}BPMNShape", {"id": f"shape_{ident}", "bpmnElement": ident})
        size = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{w:.1f}", "height": f"{h:.1f}"}
        ET.SubElement(shape, f"{{{DC}}}Bounds", size)

    def _road(self, source: str, target: str, number: int) -> list[Point]:
        """Return the corners of a flow: as on our own chart where there is such an edge, else a straight line."""
        plain = source.removesuffix(".outcome")
        for edge in self.layout.edges:
            if (edge.source, edge.target) == (plain, target):
                return edge.points
        x, y, w, h = self.boxes[source]
        tx, ty, tw, _th = self.boxes[target]
        return [(x + w / 2, y + h), (tx + tw / 2, ty)]

    def _edge(self, ident: str, points: list[Point]) -> None:
        given = {"id": f"edge_{ident}", "bpmnElement": ident}
        edge = ET.SubElement(self.plane, f"{{{DIAGRAM}}}BPMNEdge", given)
        for x, y in points:
            ET.SubElement(edge, f"{{{DI}}}waypoint", {"x": f"{x:.1f}", "y": f"{y:.1f}"})


_PARTS: dict[Kind, Callable[[_Writer, Node, Box], None]] = {
    **dict.fromkeys(ANSWERED, _Writer.answered),
    Kind.TIMER: _Writer.wait,
    Kind.BLOCK: _Writer.block,
    Kind.CHOICE: _Writer.choice,
    Kind.AUTOMATIC: _Writer.automatic,
    Kind.END: _Writer.end,
}


def _id(key: str) -> str:
    """Return an id that is one in XML: keys of nodes are, with the dots of our own knots put away."""
    return f"n_{key.replace('.', '-')}"


def _said(term: Term) -> str:
    return f"{term.value} {term.unit}" + (f" ({term.basis})" if term.basis else "")
