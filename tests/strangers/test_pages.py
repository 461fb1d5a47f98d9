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
    **{f"desk:{name}": {"pk": ["services"]} for name in ("service_list", "begin_services")},
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
    # applications
    **{f"desk:{name}": {"number": ["application"]} for name in ("application", "reveal_application")},
    "desk:do_application": {"number": ["application"], "deed": ["application_deeds"]},
    **{f"desk:{name}": {"number": ["application"], "pk": ["handed"]} for name in ("look", "application_file")},
    "desk:application_document": {"number": ["application"], "pk": ["document"]},
    "desk:answer_rating": {"pk": ["rating"]}, "desk:receive": {"number": ["applied_for"]},
    **{name: {"number": ["application"]} for name in APPLICATION},
    "answer_step": {"number": ["application"], "pk": ["step"]},
    "document": {"number": ["application"], "pk": ["document"]},
    # the residents' door: without the query code nobody sees anything
    **{name: {"number": ["appointment"]} for name in APPOINTMENT},
    **{name: {"number": ["waiting", "voice", "letter"]} for name in ("progress", "progress_paper", "add", "proof")},
    "confirm": {"number": ["voice"], "case": ["case"]},
}  # fmt: skip
NO_OBJECT = {
    "desk:wording": "a kind of document",
    "apply": "the form of a published service; a draft is opened with its code",
    "verified": "whoever holds a document may check its code; nothing personal is told",
    "face.language": "a language, which belongs to nobody",
    "answer": "a published answer is for everybody; an unpublished one is tried below",
    "figure": "the definition of a figure",
    "digest": "a month",
    "badge": "what an officer wears for everybody to see",
    **dict.fromkeys(("ticket", "give_back", "come_back"), "a number without a name; whoever holds the paper"),
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
    shut = {"progress", "progress_paper", "add", "proof", "confirm", "answer_step", "document"}
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
