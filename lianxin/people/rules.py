"""Roles and powers, readable by an auditor on one page; the marks that close every view; what a calendar must say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import Day


class Power(StrEnum):
    """One thing that a person may be allowed to do."""

    HEAR = "hear"  # enter what somebody said at a counter, on the phone, at a visit
    IMPORT = "import"  # bring in whole files of voices
    TRIAGE = "triage"  # sort voices into items, answer, decline, transfer, join to cases
    READ_LETTERS = "read_letters"  # register letters to a leader of the own office
    REVEAL = "reveal"  # see name and phone of a signed voice, with a reason, logged
    SEE_CASES = "see_cases"  # see cases in which the own office has a part
    DIAGNOSE = "diagnose"  # first diagnosis and consultation
    DISPATCH = "dispatch"  # assign tasks, merge, split, rule on returns
    HANDLE = "handle"  # work on a task of the own office
    REEXAMINE = "reexamine"  # check what another claims to have done
    REPLY = "reply"  # answer the people behind a case, ask for confirmation
    APPROVE = "approve"  # extensions and suspensions
    INSTRUCT = "instruct"  # a leader's written order
    PUBLISH = "publish"  # review answers for the public pages
    OVERSEE = "oversee"  # unread letters, overdue, figures for leaders
    EXPORT = "export"  # take lists away as files
    MESSAGES = "messages"  # see and settle messages that did not arrive
    REFERENCE = "reference"  # calendar, areas, offices, subjects, limits, templates
    ACCOUNTS = "accounts"  # officers, posts, duty rota
    SUBSTITUTE = "substitute"  # say who acts for an absent officer of the own office
    AUDIT = "audit"  # the whole ledger
    CATALOGUE = "catalogue"  # services, forms, processes and dated lists
    RECEIVE = "receive"  # take in applications: check materials, ask for correction, accept
    PROCESS = "process"  # work on the steps of applications that the own office owes
    DECIDE = "decide"  # sign decisions, the second person where two are asked
    HALL = "hall"  # windows, rosters, appointments, the line as a whole
    WINDOW = "window"  # call and serve the people in the line
    VISIT = "visit"  # go to people, see and write the files of whom one reaches
    ARCHIVE = "archive"  # keep files: open, import, split, merge, rule on objections
    PLAN = "plan"  # campaigns, teams, who goes where, what is asked
    LINK = "link"  # who is linked to whom, and how often one must go
    HELP = "help"  # help for households: needs, measures, effect
    GOVERN = "govern"  # decisions of villagers: lists of voters, votes, projects


POWERS: dict[Power, str | Promise] = {
    Power.HEAR: _("enter what people said"),
    Power.IMPORT: _("bring in whole files of voices"),
    Power.TRIAGE: _("sort voices, answer, decline, transfer"),
    Power.READ_LETTERS: _("register letters to a leader of the own office"),
    Power.REVEAL: _("see the name and phone of who spoke, with a reason, on record"),
    Power.SEE_CASES: _("see cases in which the own office has a part"),
    Power.DIAGNOSE: _("first diagnosis and consultation"),
    Power.DISPATCH: _("assign tasks, merge, split, rule on returns"),
    Power.HANDLE: _("work on tasks of the own office"),
    Power.REEXAMINE: _("check what another has done"),
    Power.REPLY: _("answer people and ask for their confirmation"),
    Power.APPROVE: _("approve extensions and suspensions"),
    Power.INSTRUCT: _("write instructions"),
    Power.PUBLISH: _("review answers for the public pages"),
    Power.OVERSEE: _("see what is overdue or unread, and figures"),
    Power.EXPORT: _("take lists away as files"),
    Power.MESSAGES: _("settle messages that did not arrive"),
    Power.REFERENCE: _("keep calendar, areas, offices, subjects, limits, templates"),
    Power.ACCOUNTS: _("keep officers, posts and the duty rota"),
    Power.SUBSTITUTE: _("say who acts for an absent officer"),
    Power.AUDIT: _("read the whole ledger"),
    Power.CATALOGUE: _("keep services, forms, processes and dated lists"),
    Power.RECEIVE: _("take in applications and ask once for what is missing"),
    Power.PROCESS: _("work on the steps of applications that the own office owes"),
    Power.DECIDE: _("sign decisions"),
    Power.HALL: _("keep the windows, rosters and appointments of a hall"),
    Power.WINDOW: _("call and serve the people in the line"),
    Power.VISIT: _("visit people and write the files of places one reaches"),
    Power.ARCHIVE: _("keep the files of villages, households and enterprises"),
    Power.PLAN: _("plan visits: campaigns, teams, checklists"),
    Power.LINK: _("say who is linked to whom and how often one must go"),
    Power.HELP: _("keep help for households"),
    Power.GOVERN: _("keep the decisions of villagers"),
}


class Scope(StrEnum):
    """How far a role reaches."""

    OWN = "own"  # the own office and those below it
    COUNTY = "county"  # everywhere


@dataclass(frozen=True, slots=True)
class Role:
    """A bundle of powers with a name an official knows."""

    name: str | Promise
    scope: Scope
    powers: frozenset[Power]


def _role(name: str | Promise, scope: Scope, *powers: Power) -> Role:
    return Role(name, scope, frozenset(powers))


ROLES: dict[str, Role] = {
    "registrar": _role(
        _("registrar"), Scope.OWN,
        Power.HEAR, Power.REVEAL, Power.SEE_CASES, Power.DIAGNOSE, Power.TRIAGE,
    ),
    "dispatcher": _role(
        _("dispatcher"), Scope.COUNTY,
        Power.HEAR, Power.IMPORT, Power.TRIAGE, Power.REVEAL, Power.SEE_CASES, Power.DIAGNOSE, Power.DISPATCH,
        Power.REPLY, Power.MESSAGES, Power.EXPORT,
    ),
    "handler": _role(_("handler"), Scope.OWN, Power.SEE_CASES, Power.HANDLE, Power.REVEAL),
    "chief": _role(
        _("head of an office"), Scope.OWN,
        Power.SEE_CASES, Power.HANDLE, Power.REVEAL, Power.OVERSEE, Power.EXPORT, Power.SUBSTITUTE, Power.VISIT,
    ),
    "examiner": _role(_("re-examiner"), Scope.COUNTY, Power.SEE_CASES, Power.REEXAMINE, Power.REVEAL, Power.REPLY),
    "letter_clerk": _role(
        _("letter clerk"), Scope.OWN,
        Power.READ_LETTERS, Power.HEAR, Power.TRIAGE, Power.SEE_CASES,
    ),
    "leader": _role(
        _("leader"), Scope.COUNTY,
        Power.SEE_CASES, Power.INSTRUCT, Power.APPROVE, Power.OVERSEE, Power.REVEAL, Power.VISIT,
    ),
    "local_leader": _role(
        _("leader of an office"), Scope.OWN,
        Power.SEE_CASES, Power.HANDLE, Power.INSTRUCT, Power.APPROVE, Power.OVERSEE, Power.REVEAL, Power.SUBSTITUTE,
        Power.VISIT,
    ),
    "supervisor": _role(_("supervisor"), Scope.COUNTY, Power.SEE_CASES, Power.OVERSEE, Power.EXPORT, Power.AUDIT),
    "editor": _role(_("editor"), Scope.COUNTY, Power.SEE_CASES, Power.PUBLISH),
    "it": _role(
        _("IT officer"), Scope.COUNTY,
        Power.REFERENCE, Power.ACCOUNTS, Power.SUBSTITUTE, Power.MESSAGES, Power.AUDIT,
    ),
    "cataloguer": _role(_("keeper of the catalogue"), Scope.COUNTY, Power.CATALOGUE, Power.EXPORT),
    "clerk": _role(
        _("window clerk"), Scope.OWN,
        Power.RECEIVE, Power.PROCESS, Power.WINDOW, Power.HEAR,
    ),
    "reviewer": _role(_("reviewer"), Scope.OWN, Power.PROCESS, Power.REVEAL),
    "approver": _role(_("approver"), Scope.OWN, Power.PROCESS, Power.DECIDE, Power.REVEAL, Power.SUBSTITUTE),
    "hall_keeper": _role(
        _("manager of the hall"), Scope.OWN,
        Power.HALL, Power.WINDOW, Power.RECEIVE, Power.OVERSEE, Power.HEAR,
    ),
    "cadre": _role(_("visiting cadre"), Scope.OWN, Power.VISIT, Power.REVEAL, Power.HELP),
    "archivist": _role(
        _("keeper of the files"), Scope.OWN,
        Power.VISIT, Power.ARCHIVE, Power.REVEAL, Power.EXPORT, Power.HELP, Power.GOVERN,
    ),
    "organiser": _role(
        _("organiser of visits"), Scope.COUNTY,
        Power.PLAN, Power.LINK, Power.OVERSEE, Power.EXPORT, Power.HELP,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holding:
    """One role that a person holds now, by an own post or in place of a colleague."""

    role: str
    office_id: int
    office_ids: frozenset[int]  # the office and those below it
    post_id: int
    behalf: Any = None  # the colleague who is absent; None for an own post

    @property
    def powers(self) -> frozenset[Power]:
        return ROLES[self.role].powers

    def reaches(self, office_id: int | None) -> bool:
        return ROLES[self.role].scope is Scope.COUNTY or (office_id is not None and office_id in self.office_ids)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person may do at one moment."""

    holdings: tuple[Holding, ...] = field(default=())

    def may(self, power: Power, office_id: int | None = None, *, anywhere: bool = False) -> bool:
        """Tell whether the power is held; over `office_id`, or over any office at all if `anywhere`."""
        return self.find(power, office_id, anywhere=anywhere) is not None

    def find(self, power: Power, office_id: int | None = None, *, anywhere: bool = False) -> Holding | None:
        """Return the holding that gives the power, own posts first."""
        fitting = [h for h in self.holdings if power in h.powers and (anywhere or h.reaches(office_id))]
        return min(fitting, key=lambda h: h.behalf is not None, default=None)

    def everywhere(self, power: Power) -> bool:
        """Tell whether the power reaches the whole county."""
        return any(power in h.powers and ROLES[h.role].scope is Scope.COUNTY for h in self.holdings)

    def offices(self, *powers: Power) -> frozenset[int]:
        """Return the offices over which any of the powers is held by an own-office role."""
        held: set[int] = set()
        for holding in self.holdings:
            if holding.powers & set(powers):
                held |= holding.office_ids
        return frozenset(held)

    def scope(self, power: Power) -> frozenset[int] | None:
        """Return the offices over which the power is held, None where it reaches the whole county."""
        return None if self.everywhere(power) else self.offices(power)

    def posts(self) -> frozenset[int]:
        return frozenset(h.post_id for h in self.holdings)

    @property
    def powers(self) -> frozenset[Power]:
        return frozenset(p for h in self.holdings for p in h.powers)


NOBODY = Standing()

View = TypeVar("View", bound=Callable[..., Any])


def power(*needed: Power) -> Callable[[View], View]:
    """Mark a view as closed: only who holds one of these powers comes in (people.middleware.closed_by_default)."""

    def mark(view: View) -> View:
        view.powers = needed  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    view.public = True  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Mark a view as open to every officer, whatever the role."""
    view.signed_in = True  # type: ignore[attr-defined]
    return view


def who_holds(role_keys: Iterable[str], needed: Power) -> list[str]:
    """Return which of the roles give the power."""
    return [key for key in role_keys if needed in ROLES[key].powers]


@dataclass(frozen=True, slots=True)
class CalendarTrouble:
    """What is wrong with a calendar; row 0 is the year as a whole, else rows are counted from 1."""

    row: int
    text: str | Promise


# Days that are holidays in every announcement since 2004: a year without them was not copied whole.
FIXED_RESTS = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
# No announcement since 2004 has fewer holidays.
FEWEST_RESTS = 11


def read_calendar(rows: Iterable[Mapping[str, str]]) -> tuple[list[Day], list[CalendarTrouble]]:
    """Return the days of a list, and what is wrong with it; a list with any trouble is not to be imported.

    Columns: date (YYYY-MM-DD), is_workday (1 or 0; or isoffday, its opposite), name. Only holidays and make-up days are
    listed; an ordinary Monday is not. Each year of the list must be whole.
    """
    days: list[Day] = []
    troubles: list[CalendarTrouble] = []
    for number, row in enumerate(rows, start=1):
        found = _read_day(row)
        if isinstance(found, Day):
            trouble = _odd_day(found, days)
            days.append(found)
        else:
            trouble = found
        if trouble:
            troubles.append(CalendarTrouble(number, trouble))
    if not troubles:
        troubles += [CalendarTrouble(0, text) for text in _odd_years(days)]
    return days, troubles


def _read_day(row: Mapping[str, str]) -> Day | str | Promise:
    try:
        day = date.fromisoformat(row.get("date", ""))
    except ValueError:
        return _("The date is not written as 2027-01-31.")
    said = _WORK.get(row.get("is_workday", "").lower())
    if said is None and (rest := _WORK.get(row.get("isoffday", "").lower())) is not None:
        said = not rest
    if said is None:
        return _("It does not say whether people work on this day: 1 or 0.")
    return Day(day, is_workday=said, name=row.get("name", "")[:30])


_WORK = {"1": True, "true": True, "是": True, "班": True, "0": False, "false": False, "否": False, "休": False}


def _odd_day(day: Day, before: Iterable[Day]) -> str | Promise:
    if any(day.date == other.date for other in before):
        return _("This day is listed twice.")
    if day.is_workday and day.date.weekday() < 5:
        return _("A make-up workday must be a Saturday or Sunday; this is an ordinary workday.")
    if not day.is_workday and not day.name:
        return _("A holiday needs its name.")
    return ""


def _odd_years(days: Iterable[Day]) -> list[str | Promise]:
    rests: dict[int, set[date]] = {}
    for day in days:
        rests.setdefault(day.date.year, set())
        if not day.is_workday:
            rests[day.date.year].add(day.date)
    if not rests:
        return [_("The list is empty.")]
    troubles: list[str | Promise] = []
    for year, off in sorted(rests.items()):
        missing = [date(year, month, number) for month, number in FIXED_RESTS if date(year, month, number) not in off]
        if missing:
            text = _("%(year)s is not whole: %(date)s must be a holiday.")
            troubles.append(text % {"year": year, "date": missing[0].isoformat()})
        elif len(off) < FEWEST_RESTS:
            troubles.append(
                _("%(year)s is not whole: it has only %(count)s holidays.") % {"year": year, "count": len(off)}
            )
    return troubles
