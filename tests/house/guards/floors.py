"""Apps look down: also in foreign keys, templates and routes, which import-linter cannot see."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from django.db import models

from tests.house.guards.tree import FLOOR_OF, Source, Tree, called, imports, may_know

OPEN_ROOMS = {"models", "actions", "rules", "figures", "papers"}
# Doors beside the open rooms: whoever makes an API asks people for the key of a machine; a page shows the suggestions
# of triage, which are pure like rules; a list that an officer hands in goes through its channel like any other voice;
# all pages share one face, and its fields; and a sheet is the same form wherever it is filled in.
OPEN_DOORS = {
    ("api", "lianxin.people.api"),
    ("sortings", "lianxin.listen.triage"),
    ("views", "lianxin.listen.triage"),
    ("listings", "lianxin.listen.channels"),
    ("listings", "lianxin.record.channels"),
    ("listings", "lianxin.serve.channels"),
    ("views", "lianxin.people.templatetags.face"),
    ("forms", "lianxin.people.forms.fields"),
    ("views", "lianxin.sheets.forms"),
    ("views", "lianxin.flow.chart"),
    ("api", "lianxin.flow.chart"),
    ("views", "lianxin.flow.bpmn"),
    ("forms", "lianxin.sheets.forms"),
}

LINK = re.compile(r"""{%\s*(include|extends)\s+["']([^"']+)["']""")
URL = re.compile(r"""{%\s*url\s+["']([^"']+)["']""")


def foreign_keys(tables: Iterable[type[models.Model]]) -> list[str]:
    """This function will list foreign keys that point to an app above or beside, also those written as strings."""
    found = []
    for table in tables:
        app = table._meta.app_label
        if app not in FLOOR_OF:
            continue
        for field in table._meta.get_fields():
            if isinstance(field, models.ForeignKey | models.ManyToManyField) and field.remote_field:
                other = _app_of(field.remote_field.model, app)
                if other in FLOOR_OF and not may_know(app, other):
                    found.append(f"{table._meta.label}.{field.name} points up to {other}")
    return found


def _app_of(model: type[models.Model] | str, own: str) -> str:
    if not isinstance(model, str):
        return model._meta.app_label
    return model.split(".")[0] if "." in model else own


def template_links(tree: Tree) -> list[str]:
    """This function will list templates and views that include, extend or link what stands above or beside."""
    owners = {name: t.app for t in tree.templates if (name := _template_name(t))}
    routes = _routes(tree)
    found = []
    for template in tree.templates:
        for line, text in enumerate(template.text.splitlines(), 1):
            for _, name in LINK.findall(text):
                if name not in owners:
                    found.append(template.at(line, f"no template {name!r}"))
                elif not may_know(template.app, owners[name]):
                    found.append(template.at(line, f"uses {name!r} of {owners[name]}"))
            found += [
                template.at(line, said)
                for name in URL.findall(text)
                if (said := _route_fault(routes, template.app, name))
            ]
    for source in tree.sources:
        for node in ast.walk(source.tree):
            if (name := _linked(node)) and (said := _route_fault(routes, source.app, name)):
                found.append(source.at(node, said))
    return found


def _template_name(template: Source) -> str:
    parts = template.inside.parts
    return "/".join(parts[parts.index("templates") + 1 :])


def _routes(tree: Tree) -> dict[str, str]:
    """Which app each route name belongs to, read from the urls of the apps."""
    found = {}
    for source in tree.sources:
        if source.room not in {"urls", "api"}:
            continue
        space = f"{source.app}:" if "app_name" in source.text else ""
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call):
                for keyword in node.keywords:
                    if keyword.arg in {"name", "url_name"} and isinstance(keyword.value, ast.Constant):
                        found[space + str(keyword.value.value)] = source.app
    return found


def _route_fault(routes: dict[str, str], app: str, name: str) -> str:
    if ":" in name and name.split(":")[0] not in FLOOR_OF:
        return ""  # a namespace that a library makes belongs to no floor
    if name not in routes:
        return f"links to {name!r}, which is no route"
    return "" if may_know(app, routes[name]) else f"links to {name!r} of {routes[name]}"


def _linked(node: ast.AST) -> str:
    """The route that redirect(), reverse() and their like name, if they name one."""
    if not isinstance(node, ast.Call) or called(node) not in {"redirect", "reverse", "reverse_lazy", "resolve_url"}:
        return ""
    first = node.args[0] if node.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and "/" not in first.value:
        return first.value
    return ""


def entrances(tree: Tree) -> list[str]:
    """This function will list imports that enter another app by anything but its open rooms."""
    found = []
    for source in tree.sources:
        if source.app in {"project", "kit"}:
            continue
        for node, name, _ in imports(source):
            parts = name.split(".")
            if parts[0] != "lianxin" or len(parts) < 3 or parts[1] in {source.app, "kit"}:
                continue
            if parts[2] not in OPEN_ROOMS and not any(source.room == r and name.startswith(d) for r, d in OPEN_DOORS):
                found.append(source.at(node, f"enters {parts[1]} by {parts[2]}"))
    return found
