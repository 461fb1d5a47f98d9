"""Every page of the house, asked for by everybody who has nothing to do with the matter it is about.

The pages come from the URL table: a new page that varies by an object fails here until it says which object, or why
none.
"""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.ledger.models import Event
from tests.strangers.world import World, browser, routes, strangers

VOICE, CASE, OWN = {"number": ["waiting", "voice"]}, {"number": ["case", "done"]}, {"pk": ["officer"]}
LETTER = {"number": ["letter"]}
APPLICATION = ("application", "supply", "rate", "withdraw_application", "change_phone")
APPOINTMENT = ("appointment", "move_appointment", "cancel_appointment", "check_in")
OBJECTS: dict[str, dict[str, list[str]]] = {
    # people and places: their objects belong to whoever keeps accounts and tables
    "officer": OWN, "set_password": OWN, "close_user": OWN, "reopen_user": OWN, "reset_second_factor": OWN,
    "revoke_token": {"pk": ["token"]}, "appoint": {"pk": ["post"]}, "vacate": {"pk": ["post"]},
    "close_post": {"pk": ["post"]}, "end_substitution": {"pk": ["absence"]}, "drop_shift": {"pk": ["shift"]},
    "set_limit": {"pk": ["office"]}, "edit_office": {"pk": ["office"]}, "office_hours": {"pk": ["office"]},
    "close_office": {"pk": ["office"]},
    "rename_area": {"pk": ["area"]}, "end_area": {"pk": ["area"]},
    # the desk before the case
    **{f"desk:{name}": VOICE for name in (
        "sort", "alike", "itemize", "register", "join", "answer", "transfer", "decline", "classify", "heard", "voice",
        "reveal",
    )},
    **{f"desk:{name}": LETTER for name in ("letter", "read_letter", "instruct_letter", "hand_on", "readdress")},
    "desk:attachment": {"number": ["waiting", "voice"], "pk": ["file"]},
    **{f"desk:{name}": {"pk": ["intake"]} for name in (
        "intake_list", "begin_intake", "stop_intake", "resume_intake", "intake_errors",
    )},
    "desk:mend_row": {"pk": ["taken"], "row": ["bad_row"]},
    "desk:settle": {"pk": ["message"]}, "desk:resend": {"pk": ["message"]},
    **{f"desk:{name}": {"number": ["done"]} for name in ("publication", "publish", "withdraw")},
    # the reference tables of the desk
    **{f"desk:{name}": {"pk": ["subject"]} for name in ("subject", "edit_subject", "end_subject", "replace_subject")},
    **{f"desk:{name}": {"key": ["template"]} for name in ("template", "new_version")},
    **{f"desk:{name}": {"pk": ["process", "process_draft"]} for name in (
        "process", "edit_process", "new_process_version", "publish_process", "retire_process", "process_bpmn",
        "process_json",
    )},
    "desk:poster": {"pk": ["process"]},
    **{f"desk:{name}": {"pk": ["sheet"]} for name in (
        "sheet", "edit_sheet", "try_sheet", "publish_sheet", "retire_sheet", "new_sheet_version", "drop_draft",
        "sheet_json", "blank_sheet",
    )},
    # the catalogue: drafts, and lists that are not public
    **{f"desk:{name}": {"pk": ["draft"]} for name in (
        "service", "edit_service", "materials", "attach_sample", "publish_service", "revise_service", "drop_service",
        "review_service",
    )},
    **{f"desk:{name}": {"pk": ["list"]} for name in ("dated_list", "edit_list", "add_line")},
    "desk:end_line": {"pk": ["line"]},
    **{name: {"number": ["service"]} for name in ("service", "service_paper", "self_check")},
    "service_file": {"number": ["service"], "pk": ["sample"]}, "dated_list": {"key": ["list_key"]},
    # the case
    **{f"desk:{name}": CASE for name in ("case", "case_voices", "similar")},
    "desk:case_reveal": {"number": ["case"], "voice": ["voice"]},
    "desk:case_file": {"number": ["case"], "pk": ["file"]},
    "desk:do": {"number": ["case", "done"], "deed": ["deeds"]},
    "desk:drop_filter": {"pk": ["saved"]},
    # the hall and the files that are lent out
    **{f"desk:{name}": {"number": ["reception"]} for name in ("reception", "reception_paper", "add_matter")},
    **{f"desk:{name}": {"pk": ["matter"]} for name in ("link_matter", "settle_matter")},
    **{f"desk:{name}": {"pk": ["function"]} for name in ("keep_function", "end_function")},
    "reception": {"number": ["reception"]},
    **{f"desk:{name}": {"pk": ["hall_window"]} for name in ("window", "call_next", "set_window", "close_window")},
    **{f"desk:{name}": {"pk": ["hall_line"]} for name in ("set_line", "close_line")},
    **{f"desk:{name}": {"pk": ["hall_ticket"]} for name in ("pass_on", "stand_again")},
    **{f"desk:{name}": {"pk": ["hall_log"]} for name in ("hear_on_duty", "leave_duty")},
    **{f"desk:{name}": {"number": ["appointment"]} for name in ("arrive", "call_off")},
    "desk:at_window": {"pk": ["hall_ticket"], "deed": ["hall_deeds"]}, "desk:end_skill": {"pk": ["hall_skill"]},
    "desk:come_on_duty": {"pk": ["hall_shift"]}, "desk:loan": {"number": ["loan"]},
    "desk:badge_paper": {"pk": ["badge"]},
    "desk:do_asked": {"pk": ["asked"], "deed": ["asked_deeds"]}, "desk:end_phrase": {"pk": ["phrase"]},
    "desk:home_visit": {"number": ["home"]}, "desk:do_home": {"number": ["home"], "deed": ["home_deeds"]},
    "desk:do_loan": {"number": ["loan"], "deed": ["loan_deeds"]},
    # visits: doors, campaigns, teams, days, sessions, diary
    **{f"desk:{name}": {"number": ["visit"]} for name in ("encounter", "amend", "hear_at_door")},
    "desk:submit_visit": {"number": ["draft_visit"]},
    **{f"desk:{name}": {"number": ["session"]} for name in ("invite", "came", "put_topic", "minutes")},
    "desk:settle_topic": {"pk": ["topic"]}, "desk:release_guest": {"pk": ["guest"]},
    **{f"desk:{name}": {"pk": ["doors"]} for name in ("doors", "guests", "add_guest")},
    "desk:raise_call": {"number": ["door"]}, "desk:report_call": {"pk": ["call"]},
    "desk:choose": {"pk": ["sign_up"]}, "desk:do_need": {"pk": ["need"], "deed": ["need_deeds"]},
    **{f"desk:{name}": {"pk": ["team"]} for name in ("team", "team_paper")},
    "desk:do_team": {"pk": ["team"], "deed": ["team_deeds"]},
    "desk:leave_team": {"pk": ["member"]}, "desk:take_area": {"pk": ["team_area"]},
    "desk:open_doors": {"pk": ["team_area"]},
    **{f"desk:{name}": {"pk": ["outing"]} for name in ("outing", "attend", "declare")},
    "desk:entry": {"pk": ["diary"]}, "desk:do_entry": {"pk": ["diary"], "deed": ["diary_deeds"]},
    "desk:retire_from_list": {"name": ["visit_list"], "pk": ["brought"]},
    # links, what is due, help, decisions
    **{f"desk:{name}": {"pk": ["link"]} for name in ("unlink", "hand_over_link")},
    **{f"desk:{name}": {"pk": ["firm"]} for name in ("enterprise_table", "enterprise_table_paper")},
    "desk:give_rating_code": {"pk": ["firm"], "user": ["leader"]}, "desk:end_obligation": {"key": ["obligation"]},
    "desk:settle_clue": {"pk": ["clue"]},
    **{f"desk:{name}": {"number": ["firm_visit"]} for name in ("report_visit", "declare_visit")},
    "desk:help_entry": {"pk": ["entry"]}, "desk:do_help": {"pk": ["entry"], "deed": ["help_deeds"]},
    "desk:motion": {"number": ["motion", "motion_voting", "motion_built"]},
    "desk:give_ballot": {"number": ["motion_voting"]},
    "desk:do_motion": {"number": ["motion_built"], "deed": ["motion_deeds"]},
    # telephones
    "field:wipe": {"pk": ["handset"]}, "field:settle": {"pk": ["conflict"]},
    **{f"field:{name}": {"pk": ["sent"]} for name in ("entry", "take_in", "drop")},
    # files of households, villages and units
    **{f"desk:{name}": {"number": ["household"]} for name in ("household", "household_paper", "give_code")},
    "desk:do_household": {"number": ["household"], "deed": ["household_deeds"]},
    "desk:reveal_resident": {"number": ["household"], "pk": ["resident"]},
    "desk:do_resident": {"number": ["household"], "pk": ["resident"], "deed": ["resident_deeds"]},
    "desk:do_fact": {"number": ["household"], "pk": ["fact"], "deed": ["fact_deeds"]},
    "desk:fill": {"of": ["fill_of"], "key": ["household"], "sheet": ["fill_sheet"]},
    **{f"desk:{name}": {"pk": ["village"]} for name in ("village", "profile", "village_book", "blank_file")},
    "desk:do_village": {"pk": ["village"], "deed": ["village_deeds"]},
    **{f"desk:{name}": {"pk": ["unit"]} for name in ("unit", "reveal_unit")},
    "desk:do_unit": {"pk": ["unit"], "deed": ["unit_deeds"]},
    **{f"desk:{name}": {"pk": ["book"]} for name in ("book", "scan")},
    **{f"desk:{name}": {"pk": ["scan"]} for name in ("scanned", "check_scan")},
    "desk:rule_objection": {"pk": ["objection"]}, "desk:do_risk": {"pk": ["risk"], "deed": ["risk_deeds"]},
    "desk:settle_lead": {"pk": ["lead"]},
    **{f"desk:{name}": {"number": ["feedback"]} for name in ("feedback_sheet", "feedback_paper", "give_back")},
    "desk:do_line": {"number": ["feedback"], "line": ["feedback_line"], "deed": ["line_deeds"]},
    "desk:promote": {"subject": ["subject"], "area": ["area"]}, "own_file_open": {"number": ["household"]},
    # applications
    **{f"desk:{name}": {"number": ["application"]} for name in ("application", "reveal_application")},
    "desk:do_application": {"number": ["application"], "deed": ["application_deeds"]},
    **{f"desk:{name}": {"number": ["application"], "pk": ["handed"]} for name in ("look", "application_file")},
    "desk:application_document": {"number": ["application"], "pk": ["document"]},
    "desk:answer_rating": {"pk": ["rating"]}, "desk:receive": {"number": ["applied_for"]},
    **{name: {"number": ["application"]} for name in APPLICATION},
    "answer_step": {"number": ["application"], "pk": ["step"]},
    "document": {"number": ["application"], "pk": ["document"]},
    "received": {"number": ["application"], "pk": ["document"]},
    # the residents' door: without the query code nobody sees anything
    **{name: {"number": ["appointment"]} for name in APPOINTMENT},
    **{name: {"number": ["waiting", "voice", "letter"]} for name in ("progress", "progress_paper", "add", "proof")},
    "confirm": {"number": ["voice"], "case": ["case"]},
}  # fmt: skip
NO_OBJECT = {
    **dict.fromkeys(("desk:campaign", "desk:do_campaign"), "a campaign, which every visiting cadre may know"),
    "desk:add_to_list": "a list of words",
    "desk:letter_paper": "an open letter",
    "desk:survey": "the definition of a sheet; of its answers one sees those one reaches",
    "desk:wording": "a kind of document",
    "desk:obligation": "what is required of everybody; whose it is, is narrowed to the offices one oversees",
    **dict.fromkeys(("decision", "cast", "object_to_list", "decision_photo"), "made known to everybody; never a draft"),
    "apply": "the form of a published service; a draft is opened with its code",
    "verified": "whoever holds a document may check its code; nothing personal is told",
    "face.language": "a language, which belongs to nobody",
    "answer": "a published answer is for everybody; an unpublished one is tried below",
    "figure": "the definition of a figure",
    "digest": "a month",
    "badge": "what an officer wears for everybody to see",
    "field:words": "the words of the app in a language",
    **dict.fromkeys(
        ("ticket", "give_back", "come_back", "rate_contact"), "a number without a name; whoever holds the paper"
    ),
}  # fmt: skip
# The town's own people may see the desk's figures and lists; what must not be in them is the matter.
OPEN_DOORS = {200, 302, 403, 404, 405, 400, 429}
CLOSED = {302, 403, 404, 405}


def _addresses(world: World, name: str) -> list[str]:
    varying = OBJECTS.get(name, {})
    values = []
    for keys in varying.values():
        found = [world.numbers[key] for key in keys]
        values.append(found[0] if isinstance(found[0], list) else found)
    return [reverse(name, kwargs=dict(zip(varying, chosen, strict=True))) for chosen in product(*values)]


def test_every_page_with_an_object_is_tried() -> None:
    named = {name: varying for name, _, varying in routes() if varying}
    unknown = set(named) - set(OBJECTS) - set(NO_OBJECT)
    assert not unknown, f"say in OBJECTS which object these pages are about, or in NO_OBJECT why none: {unknown}"
    assert set(OBJECTS) | set(NO_OBJECT) == set(named), "a page that is gone is still listed"
    assert all(set(OBJECTS[name]) == named[name] for name in OBJECTS)


def _leaks(world: World, body: str) -> list[str]:
    return [mark for mark in world.marks if mark in body]


def _ask(client: Client, address: str, method: str) -> tuple[int, str]:
    answer = client.post(address, {}) if method == "post" else client.get(address)
    body = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, body.decode(errors="replace") + answer.headers.get("Location", "").replace(address, "")


def _failures(world: World, client: Client, addresses: list[str], allowed: set[int]) -> list[str]:
    found = []
    for address, method in product(addresses, ("get", "post")):
        status, body = _ask(client, address, method)
        # What was asked may be said back, in the address of the form to come back to.
        told = re.sub(re.escape(address), "", body)
        if status not in allowed:
            found.append(f"{method} {address}: {status}")
        if leaked := [m for m in _leaks(world, told) if m not in address]:
            found.append(f"{method} {address}: shows {leaked}")
    return found


def _pages_with_object(world: World) -> tuple[list[str], list[str]]:
    closed: list[str] = []
    public: list[str] = []
    for name in OBJECTS:
        (closed if _is_of_officers(name) else public).extend(_addresses(world, name))
    return closed, public


def _is_of_officers(name: str) -> bool:
    shut = {"progress", "progress_paper", "add", "proof", "confirm", "answer_step", "document", "received"}
    return name not in shut.union(APPOINTMENT, APPLICATION)


def test_nobody_gets_in(world: World) -> None:
    closed, public = _pages_with_object(world)
    before = Event.objects.count()
    assert _failures(world, browser(None), closed, CLOSED) == []
    assert _failures(world, browser(None), public, OPEN_DOORS) == []
    assert Event.objects.count() == before, "a stranger has changed something"


WHO = [
    "neighbour", "registrar of another town", "letter_clerk of another town", "local_leader of another town",
    "chief of another town", "officer without a post",
]  # fmt: skip


@pytest.mark.parametrize("who", WHO)
def test_no_stranger_opens_what_is_not_theirs(world: World, who: str) -> None:
    client = browser(strangers(world.road)[who])
    closed, public = _pages_with_object(world)
    before = Event.objects.count()
    assert _failures(world, client, closed, CLOSED) == []
    assert _failures(world, client, public, OPEN_DOORS) == []
    assert Event.objects.count() == before, "a stranger has changed something"


@pytest.mark.parametrize("who", ["nobody", *WHO])
def test_no_list_of_a_stranger_shows_it(world: World, who: str) -> None:
    client = browser(None if who == "nobody" else strangers(world.road)[who])
    addresses = [reverse(name) for name, _, varying in routes() if not varying and name not in {"sign_out", "leave"}]
    addresses += [f"{reverse('desk:cases')}?q={world.marks[0][:4]}", f"{reverse('desk:voices')}?q={world.marks[0][:4]}"]
    found = []
    for address in addresses:
        status, body = _ask(client, address, "get")
        if status not in OPEN_DOORS:
            found.append(f"{address}: {status}")
        if leaked := [mark for mark in _leaks(world, body) if mark not in address]:
            found.append(f"{address}: shows {leaked}")
    assert found == []


def test_an_answer_that_is_not_published_is_nowhere(world: World) -> None:
    from lianxin.resolve.models import Publication

    draft = Publication.objects.get()
    status, body = _ask(browser(None), reverse("answer", args=[draft.pk]), "get")
    assert status == 404
    assert _leaks(world, body) == []


def test_the_owner_does_get_in(world: World) -> None:
    """The refusals above mean something only if the same addresses open for whoever they belong to."""
    dispatcher = browser(world.road.cast.officer("dispatcher"))
    for name in ("desk:sort", "desk:voice", "desk:case", "desk:attachment"):
        for address in _addresses(world, name):
            status, _ = _ask(dispatcher, address, "get")
            assert status == 200, address
