"""Somebody applied, it was decided, and a bad rating waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from unittest.mock import patch

from lianxin.desk.deeds.application import DEEDS
from lianxin.flow.models import Step
from lianxin.listen.rules import Contact
from lianxin.serve import actions
from lianxin.serve.models import Document, Handed
from tests.cast import Cast
from tests.serve import settling


def settle(cast: Cast, at: datetime, *, secret: str, name: str, phone: str) -> dict[str, Any]:
    """Bring one application to its decision and its rating, and return the numbers of everything about it."""
    numbers = count()
    made = "lianxin.serve.papers.document.set_on_paper"
    with patch(made, lambda html: settling.PDF + f"\n%{next(numbers)}".encode()):
        story = settling.Settling(cast, settling.lay(cast, at), at - timedelta(hours=3))
        person = actions.Person(Contact(name, phone))
        answers = {**settling.ANSWERS, "place": secret}
        materials = settling.files("card", "proof")
        begun = actions.apply(
            story.service, answers=answers, person=person, materials=materials, at=story.later(), channel="web"
        )  # fmt: skip
        application = actions.accept(begun.application, by=cast.officer("clerk"), at=story.later())
        steps = (("check", "ok", "clerk"), ("medical", "go", "reviewer"), ("labour", "go", "labour_reviewer"))
        for node, outcome, who in steps:
            step = story.step(application, node)
            actions.step(step, outcome=outcome, remark=secret, by=cast.officer(who), at=story.later())
        said = actions.Said("granted", secret)
        actions.propose(application, said=said, by=cast.officer("reviewer"), at=story.later())
        document = actions.decide(application, by=cast.officer("approver"), at=story.later())
        rating = actions.rate(application, grade=1, text=secret, at=story.later())
    handed = Handed.objects.filter(application=application).order_by("id").first()
    assert handed and Document.objects.filter(pk=document.pk).exists()
    last = Step.objects.filter(run=application.run_id).order_by("id").last()
    return {
        "application": application.number, "handed": handed.pk, "document": document.pk, "check_code": document.code,
        "rating": rating.pk, "step": last.pk if last else 0, "applied_for": story.service.number,
        "application_deeds": [deed.value for deed in DEEDS],
    }  # fmt: skip
