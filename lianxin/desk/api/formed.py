"""Operations made from a form and an action: a program sends what a page asks for, and the same action does it."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from ninja import Router, Schema, Status

from lianxin.desk.api.asking import Asker, Body, Key, body_of, filled, form_data, needs
from lianxin.people.rules import Power

Words = str | Promise
PARTS: dict[str, Any] = {"pk": Key, "number": str, "key": str, "name": str, "user": Key}


class DeedOut(Schema):
    """What was done, and the thing that came of it: its number where it has one, or the number of its row."""

    deed: str
    kind: str
    id: int | None
    number: str


def told(name: str, came: Any) -> dict[str, Any]:
    """Return what a program is told of a deed that is done."""
    if not isinstance(came, models.Model):
        return {"deed": name, "kind": "", "id": None, "number": ""}
    return {
        "deed": name, "kind": came._meta.label_lower, "id": came.pk if isinstance(came.pk, int) else None,
        "number": str(getattr(came, "number", "") or getattr(came, "key", "") or ""),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """One deed as an operation.

    `find` is told the request and the parts of the address, and returns what it is done to, or raises Http404. `fill`
    makes the form. `do` is told that thing and what the form holds, beside `by` and `at`.
    """

    name: str
    path: str
    powers: tuple[Power, ...]
    form: type[forms.Form]
    fill: Callable[[type[forms.Form], dict[str, Any], Asker, Any], forms.Form]
    do: Callable[..., Any]
    find: Callable[..., Any] | None = None
    summary: Words = ""
    makes: bool = False  # answers 201: something new has its own number now
    without: tuple[str, ...] = field(default=())


def offer(router: Router, *rows: Written) -> None:
    """Put an operation on the router for each row; descriptions are written once, whoever reads them."""
    with translation.override("en"):
        for row in rows:
            parts = [name.split("}")[0] for name in row.path.split("{")[1:]]
            describe = router.post(
                row.path, response={201 if row.makes else 200: DeedOut}, operation_id=row.name,
                summary=str(row.summary) or row.name.replace("_", " ").capitalize(),
            )  # fmt: skip
            describe(needs(*row.powers)(_operation(row, parts)))


def _operation(row: Written, parts: list[str]) -> Callable[..., Any]:
    title = "".join(part.title() for part in row.name.split("_"))
    body_type: type[Body] = body_of(row.form, f"{title}In", without=row.without)

    def operation(request: Asker, body: Any, **address: Any) -> Status[dict[str, Any]]:
        thing = row.find(request, **address) if row.find else None
        form = filled(row.fill(row.form, form_data(body), request, thing))
        given = form.given() if hasattr(form, "given") else dict(form.cleaned_data)
        to = () if thing is None else (thing,)
        came = row.do(*to, **given, by=request.user, at=request.at)
        return Status(201 if row.makes else 200, told(row.name, came if came is not None else thing))

    kind = inspect.Parameter.KEYWORD_ONLY
    named = [inspect.Parameter(name, kind, annotation=PARTS[name]) for name in parts]
    asker = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Asker)
    operation.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [asker, *named, inspect.Parameter("body", kind, annotation=body_type)]
    )
    operation.__name__ = operation.__qualname__ = row.name
    operation.__doc__ = " ".join((row.do.__doc__ or row.form.__doc__ or "").split())
    return operation


def bare(form: type[forms.Form], data: dict[str, Any], request: Asker, thing: Any) -> forms.Form:
    """Fill a form that needs to know nothing but what was sent."""
    return form(data)


def timed(form: type[forms.Form], data: dict[str, Any], request: Asker, thing: Any) -> forms.Form:
    """Fill a form that knows the moment."""
    return form(data, at=request.at)  # type: ignore[call-arg]


def by_officer(form: type[forms.Form], data: dict[str, Any], request: Asker, thing: Any) -> forms.Form:
    """Fill a form that knows the officer."""
    return form(data, user=request.user)  # type: ignore[call-arg]


def planned(form: type[forms.Form], data: dict[str, Any], request: Asker, thing: Any) -> forms.Form:
    """Fill a form of who plans: it knows the officer, the moment and what it is about."""
    return form(data, user=request.user, at=request.at, about=thing)  # type: ignore[call-arg]
