"""What the bench needs from inside the product: sessions, tokens, things to ask for, and how many queries a page makes.

Runs as `python manage.py shell -c 'from bench import inside; inside.prepare(...)'` on the database that is measured.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import applied
from bench.multiplied import last_told
from lianxin.listen.models import Subject, Voice, code_of
from lianxin.people.actions import make_token
from lianxin.people.models import User
from lianxin.places.models import Area
from lianxin.resolve.models import Case, Task
from lianxin.resolve.rules import State

SAMPLE = 2000  # things to ask for, drawn from the whole county
LETTERS_OPEN = 50  # browsers that have opened a receipt
BOOKKEEPING = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
Prepared = dict[str, Any]


def prepare(path: str) -> None:
    """This function will write to a file what the driver asks with and for."""
    rng = Random(7)
    officer = Client()
    officer.force_login(User.objects.get(username="dispatcher"), "django.contrib.auth.backends.ModelBackend")
    # Of what was told: its lines are in the ledger (multiplied.py), and pages show them.
    numbers = list(Case.objects.filter(pk__lte=last_told(Case)).values_list("number", flat=True))
    told = Voice.objects.filter(pk__lte=last_told(Voice), items__join__isnull=False)
    receipts = list(told.values_list("number", flat=True))
    found: Prepared = {
        "officer": officer.cookies["sessionid"].value,
        "cases": rng.sample(numbers, min(SAMPLE, len(numbers))),
        "receipts": [[number, code_of(number)] for number in rng.sample(receipts, min(SAMPLE, len(receipts)))],
        "deeds": _deeds(),
        "towns": list(Area.objects.filter(kind=Area.Kind.TOWN).values_list("pk", flat=True)),
        "villages": list(Area.objects.filter(kind=Area.Kind.VILLAGE).values_list("pk", flat=True)),
        "subjects": list(Subject.objects.filter(parent=None).values_list("pk", flat=True)),
        **applied.prepare(rng),
    }
    found["browsers"] = [[number, browser(number)] for number, _code in found["receipts"][:LETTERS_OPEN]]
    Path(path).write_text(json.dumps(found))


def _deeds() -> list[list[str]]:
    """This function will give cases under way, each with the token of the officer who works on it."""
    tokens: dict[int, str] = {}
    owed = Task.objects.filter(case__state=State.HANDLING, state="open", part="lead", handler__isnull=False)
    for handler in User.objects.filter(pk__in=owed.values("handler")):
        tokens[handler.pk] = make_token(handler, name="bench", by=None, at=timezone.now())[1]
    return [[number, tokens[handler]] for number, handler in owed.values_list("case__number", "handler")]


def browser(number: str) -> str:
    """This function will give the session of a browser that has opened a receipt."""
    session = SessionStore()
    session["opened"] = {number: int(timezone.now().timestamp())}
    session.create()
    return str(session.session_key)


def count(asked: str, path: str) -> None:
    """This function will do each request of a file once in this process and write how many queries it made.

    Asked a second time, that is: what a process remembers it has learnt by then. Transactions are counted apart.
    """
    counts = {}
    for name, method, address, headers, body in json.loads(Path(asked).read_text()):
        client = Client(headers={**headers, "host": "127.0.0.1"})
        said, status = list[str](), 0
        for _ in range(2):
            with CaptureQueriesContext(connection) as captured:
                answer = client.generic(method, address, body.encode(), content_type="application/json")
            if answer.status_code < 400 or not said:  # what is done once is refused the second time
                said = [query["sql"].split(None, 1)[0].upper() for query in captured.captured_queries]
                status = answer.status_code
        rest = sum(word in BOOKKEEPING for word in said)
        counts[name] = {"queries": len(said) - rest, "transactions": rest, "status": status}
    Path(path).write_text(json.dumps(counts))
