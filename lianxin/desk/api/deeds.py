"""One operation for each deed on a case, made from the same table as the pages."""

from collections.abc import Callable
from typing import Any

from django.utils import translation
from ninja import Router

from lianxin.desk.api import shapes
from lianxin.desk.api.asking import Asker, Body, body_of, filled, form_data, needs
from lianxin.desk.api.cases import done, load
from lianxin.desk.deeds import DEEDS, Act, powers_of
from lianxin.desk.forms.deed import DeedForm
from lianxin.resolve.models import Case
from lianxin.resolve.rules import MOVES, Deed

router = Router()


def _operation(deed: Deed, act: Act) -> Callable[..., Any]:
    body_type: type[Body] = body_of(act.form, "".join(part.title() for part in deed.split("_")) + "In")

    def operation(request: Asker, number: str, body: body_type) -> dict[str, Any]:  # type: ignore[valid-type]
        case = load(request, number)
        form = filled(act.form(form_data(body), case=case, user=request.user, at=request.at))
        assert isinstance(form, DeedForm)
        came = act.do(form, by=request.user, at=request.at)
        if isinstance(came, Case) and came.pk == case.pk:
            return {**done(came, deed), "other": ""}
        case.refresh_from_db()
        return {**done(case, deed), "other": came.number if isinstance(came, Case) else ""}

    operation.__name__ = operation.__qualname__ = deed.value
    operation.__doc__ = " ".join((act.action.__doc__ or "").split())
    return operation


with translation.override("en"):  # a description for programs is written once, whoever reads it
    for _deed, _act in DEEDS.items():
        _describe = router.post(
            f"/cases/{{number}}/{_deed}",
            response=shapes.Done,
            summary=str(MOVES[_deed].name),
            operation_id=f"case_{_deed}",
        )
        _describe(needs(*powers_of(_deed))(_operation(_deed, _act)))
