"""Looking after files, for programs: what was handed to who can help, what households object to, books, regulars."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from lianxin.desk.api.asking import PAGE_MOST, Asker, needs
from lianxin.desk.api.formed import Written, by_officer, offer
from lianxin.desk.forms import archives as shapes
from lianxin.people.rules import Power
from lianxin.record import actions
from lianxin.record.models import Lead, Objection
from lianxin.record.rules import LeadState

router = Router()
Page = Annotated[int, Query(ge=1, le=10_000)]
PageSize = Annotated[int, Query(ge=1, le=PAGE_MOST)]
WORKS = (Power.VISIT, Power.HANDLE, Power.PROCESS, Power.RECEIVE)


class LeadOut(Schema):
    """A difficulty that was handed to who can help."""

    id: int
    household: str
    kind: str
    words: str
    office: str
    state: str
    outcome: str


class ObjectionOut(Schema):
    """What a household says is wrong in its file."""

    id: int
    household: str
    field: str
    words: str
    ruling: str
    reason: str


@router.get("/leads", response=list[LeadOut], operation_id="leads", summary="Difficulties handed to who can help")
@needs(*WORKS)
def leads(request: Asker, settled: bool = False, page: Page = 1, page_size: PageSize = 50) -> list[dict[str, Any]]:
    """List the leads of one's households and of the office one works for; with `settled` those that are done, too."""
    rows = Lead.objects.visible_to(request.user).select_related("fact__household", "fact__kind", "office")
    rows = (rows if settled else rows.filter(state=LeadState.OPEN)).order_by("id")
    return [_lead(each) for each in rows[(page - 1) * page_size : page * page_size]]


@router.get("/objections", response=list[ObjectionOut], operation_id="objections", summary="What households object to")
@needs(Power.VISIT)
def objections(request: Asker, ruled: bool = False, page: Page = 1, page_size: PageSize = 50) -> list[dict[str, Any]]:
    """List what waits for a ruling; with `ruled` what has one, too."""
    rows = Objection.objects.visible_to(request.user).select_related("household")
    rows = (rows if ruled else rows.waiting()).order_by("id")
    return [_objection(each) for each in rows[(page - 1) * page_size : page * page_size]]


def _waiting(request: Asker, pk: int) -> Objection:
    return get_object_or_404(Objection.objects.visible_to(request.user).select_related("household__area"), pk=pk)


def _handed(request: Asker, pk: int) -> Lead:
    return get_object_or_404(Lead.objects.visible_to(request.user), pk=pk)


def _lead(one: Lead) -> dict[str, Any]:
    return {
        "id": one.pk, "household": one.fact.household.number, "kind": one.fact.kind.name, "words": one.words,
        "office": one.office.name, "state": one.state, "outcome": one.outcome,
    }  # fmt: skip


def _objection(one: Objection) -> dict[str, Any]:
    return {
        "id": one.pk, "household": one.household.number, "field": one.field, "words": one.words, "ruling": one.ruling,
        "reason": one.reason,
    }  # fmt: skip


offer(
    router,
    Written("settle_lead", "/leads/{pk}/settle", WORKS, shapes.SettleForm, by_officer, actions.settle_lead,
            find=_handed),
    Written("rule_objection", "/objections/{pk}/rule", (Power.ARCHIVE,), shapes.RuleForm, by_officer, actions.rule,
            find=_waiting),
    Written("register_book", "/books", (Power.ARCHIVE,), shapes.BookForm, by_officer, actions.register_book,
            makes=True),
    Written("set_period", "/regulars", (Power.PLAN,), shapes.PeriodForm, by_officer, actions.set_period, makes=True),
)  # fmt: skip
