"""What every operation of the desk needs: who asks, and bodies made from the same forms as the pages."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from lianxin.desk.forms.deed import CaseNumber, YesNo
from lianxin.kit.refusal import NotAllowed
from lianxin.people.models import User
from lianxin.people.rules import Power

if TYPE_CHECKING:

    class Asker(HttpRequest):
        """A request of a program that bears an officer's token."""

        at: datetime
        user: User

else:
    Asker = HttpRequest

Operation = TypeVar("Operation", bound=Callable[..., Any])
PAGE_MOST = 100
Key = Annotated[int, Field(ge=1, lt=2**63)]  # the number of a row, as a database can keep it
NOT_YOURS = _("Your post does not include this. Ask the person who looks after accounts in your office.")


def needs(*powers: Power) -> Callable[[Operation], Operation]:
    """Mark an operation with the powers of which the bearer must hold one; the action asks again, over the office."""

    def mark(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: Asker, *args: Any, **kwargs: Any) -> Any:
            if request.user.standing.powers.isdisjoint(powers):
                raise NotAllowed(NOT_YOURS)
            return operation(request, *args, **kwargs)

        guarded.powers = operation.powers = powers  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


class Body(Schema):
    """A request body: of exact types, and without anything that would have to be dropped."""

    model_config = ConfigDict(strict=True, extra="forbid")


def body_of(form: type[forms.Form], name: str, *, without: tuple[str, ...] = ()) -> type[Body]:
    """Return the body that asks for what a form asks for, under the same names."""
    with translation.override("en"):  # a description for programs is written once, whoever reads it
        fields = {key: _typed(field) for key, field in form.base_fields.items() if key not in without}
    with warnings.catch_warnings():  # `register` is a method of every class, which no body is asked for
        warnings.filterwarnings("ignore", message='Field name "register"')
        return create_model(name, __base__=Body, __doc__=form.__doc__, **fields)  # type: ignore[call-overload,no-any-return]


def filled(form: forms.Form) -> forms.Form:
    """Return the form if it holds what it should. Raises ValidationError, told as a problem with its fields."""
    if not form.is_valid():
        raise ValidationError(dict(form.errors))
    return form


def form_data(body: Schema) -> dict[str, Any]:
    """Return a body as a browser would have sent it."""
    return {name: _sent(value) for name, value in body.model_dump().items() if value is not None}


def _sent(value: Any) -> Any:
    if isinstance(value, list):
        return [str(each) for each in value]
    return str(value)


def _typed(field: forms.Field) -> tuple[Any, Any]:
    """Return the type of a field and what it is when left out."""
    kind, empty = _kind(field)
    told = Field(... if field.required else _initial(field, empty), description=": ".join(_words(field)))
    return (kind if field.required else kind | None if empty is None else kind), told


def _kind(field: forms.Field) -> tuple[Any, Any]:
    if isinstance(field, forms.ModelMultipleChoiceField):
        return list[Key], []
    if isinstance(field, forms.ModelChoiceField):
        return int, None
    if isinstance(field, forms.BooleanField | YesNo):
        return bool, False
    if isinstance(field, forms.DateTimeField):
        return Annotated[str, Field(json_schema_extra={"format": "date-time"})], None
    if isinstance(field, forms.DateField):
        return Annotated[str, Field(json_schema_extra={"format": "date"})], None
    if isinstance(field, forms.IntegerField):
        return int, None
    if isinstance(field, forms.ChoiceField) and not isinstance(field, CaseNumber):
        return _choice(field)
    return str, ""


def _choice(field: forms.ChoiceField) -> tuple[Any, Any]:
    """Return a literal of the choices that are known before a case is; str where they come with it."""
    choices: Any = field.choices
    values = tuple(value for value, _label in choices if value != "")
    if isinstance(field, forms.TypedChoiceField) and field.coerce is int:
        return Literal[tuple(int(value) for value in values)], None
    return (Literal[values] if values else str), None


def _initial(field: forms.Field, empty: Any) -> Any:
    return field.initial if isinstance(field.initial, bool) else empty


def _words(field: forms.Field) -> list[str]:
    return [str(words) for words in (field.label, field.help_text) if words]
