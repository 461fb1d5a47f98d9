"""What is exported is BPMN 2.0 by the official schema, and has a picture of everything in it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from lxml import etree

from lianxin.flow import rules
from lianxin.flow.bpmn import DIAGRAM, MODEL, export
from lianxin.project.demo import processes


@cache
def schema() -> Any:
    # The schema of the OMG, as SpiffWorkflow carries it along.
    return etree.XMLSchema(etree.parse(str(files("SpiffWorkflow.bpmn.parser") / "schema" / "BPMN20.xsd")))


def definitions() -> Iterator[dict[str, Any]]:
    for _key, _title, definition in processes.PROCESSES:
        yield definition
    first = deepcopy(processes.ELSEWHERE)
    next(node for node in first["nodes"] if node["key"] == "both")["join"] = "any"
    yield first


@pytest.mark.parametrize("raw", list(definitions()), ids=range(5))
def test_valid_by_the_official_schema(raw: dict[str, Any]) -> None:
    definition = rules.definition_of(raw)
    written = etree.fromstring(export(definition, key="process.test", title="异地就医 <&>", version=3))
    schema().assertValid(written)
    things = {each.get("id") for each in written.find(f"{{{MODEL}}}process").iter() if each.get("id")}
    drawn = {each.get("bpmnElement") for each in written.iter(f"{{{DIAGRAM}}}BPMNShape", f"{{{DIAGRAM}}}BPMNEdge")}
    assert drawn == things - {"process_test_v3"}, "all of it is in the picture"
    flows = list(written.iter(f"{{{MODEL}}}sequenceFlow"))
    ends = {flow.get("sourceRef") for flow in flows} | {flow.get("targetRef") for flow in flows}
    assert ends <= things
