"""Answers for the public pages, read by a second person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from lianxin.people.models import User
from lianxin.resolve import actions
from lianxin.resolve.models import Case, Publication
from tests.desk.road import Road

SignIn = Callable[[User | str], Client]


@pytest.fixture
def draft(road: Road) -> Publication:
    case = road.answered(road.hear("3号楼张小三家没水，电话13800138000"))
    by = road.cast.officer("dispatcher")
    return actions.draft_public(
        case, title="晚上供水不足", question="3号楼张小三家没水，李老师也说了", answer="换了水泵。", by=by, at=road.at
    )


def test_draft_stands_beside_the_words_with_doubts_marked(road: Road, draft: Publication, sign_in: SignIn) -> None:
    client = sign_in("editor")
    assert draft.title in client.get("/desk/publications/").content.decode()
    page = client.get(f"/desk/publications/{draft.case.number}/").content.decode()
    assert "<mark>3号楼</mark>" in page
    assert "<mark>李老师</mark>" in page
    assert "张小三家没水，电话" in page  # the original beside it
    assert "水泵已经更换" in page  # and the reply


def test_publish_by_a_second_person_then_take_back(road: Road, draft: Publication, sign_in: SignIn) -> None:
    client, url = sign_in("editor"), f"/desk/publications/{draft.case.number}/"
    client.post(f"{url}publish/")
    draft.refresh_from_db()
    assert draft.published_by == road.cast.officers["editor"]
    assert draft.title in client.get("/desk/publications/?public=1").content.decode()
    assert client.post(f"{url}publish/", follow=True).status_code == 200  # again: told, not broken
    assert client.post(f"{url}withdraw/", {"reason": ""}).status_code == 422
    client.post(f"{url}withdraw/", {"reason": "楼号能认出人"})
    draft.refresh_from_db()
    assert draft.withdrawn_why == "楼号能认出人"


def test_who_wrote_it_does_not_publish_it(road: Road, draft: Publication, sign_in: SignIn) -> None:
    Publication.objects.update(drafted_by=road.cast.officers["editor"])
    client = sign_in("editor")
    client.post(f"/desk/publications/{draft.case.number}/publish/")
    draft.refresh_from_db()
    assert draft.published_at is None


def test_neighbour_is_refused(road: Road, draft: Publication, sign_in: SignIn) -> None:
    client, url = sign_in("neighbour"), f"/desk/publications/{draft.case.number}/"
    assert client.get("/desk/publications/").status_code == 403
    assert client.get(url).status_code == 403
    for deed in ("publish", "withdraw"):
        assert client.post(f"{url}{deed}/", {"reason": "不行"}).status_code == 403
    assert sign_in("editor").get("/desk/publications/YXA-NNN/").status_code == 404
    case = Case.objects.get(pk=draft.case_id)
    assert case.publication.published_at is None


def test_a_text_has_a_heading_and_not_a_post(road: Road, sign_in: SignIn) -> None:
    case = road.answered()
    page = sign_in("dispatcher").get(f"/desk/cases/{case.number}/draft_public/").content.decode()
    assert "标题" in page
    assert "职务" not in page
