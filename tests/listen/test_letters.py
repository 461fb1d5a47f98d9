"""Letters to a leader, who sees which voice, and who learns who spoke."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.listen import actions
from lianxin.listen.models import Subject, Voice
from lianxin.outbox.models import Message
from lianxin.people.models import Office, Post, Substitution, User
from tests.cast import Cast
from tests.listen.conftest import Speak


@pytest.fixture
def letter(speak: Speak, cast: Cast) -> Voice:
    return speak(channel="letter", addressee=cast.posts["secretary"], name="彭某", phone="13800000001")


def _sees(user: User, voice: Voice, at: datetime) -> bool:
    user.stand(at)
    return Voice.objects.visible_to(user).filter(pk=voice.pk).exists()


def _branch_post(cast: Cast, holder: str = "editor") -> Post:
    parent = cast.offices["leadership"]
    office = Office.objects.create(name="和平村党支部", kind="party", parent=parent, path="/")
    office.path = f"{parent.path}{office.pk}/"
    office.save()
    return Post.objects.create(
        office=office, title="支部书记", role="leader", tier=Post.Tier.BRANCH, holder=cast.officers[holder]
    )


def test_only_posts_that_take_letters_get_letters(speak: Speak, cast: Cast, at: datetime) -> None:
    with pytest.raises(actions.NotAnAddressee):
        speak(channel="letter", addressee=cast.posts["handler"])
    post = cast.posts["secretary"]
    post.valid_to = at.date()
    with pytest.raises(actions.NotAnAddressee):
        speak(channel="letter", addressee=post)


def test_a_letter_is_open_to_addressee_and_clerk_alone(letter: Voice, cast: Cast, at: datetime) -> None:
    seeing = {key for key, user in cast.officers.items() if _sees(user, letter, at)}
    assert seeing == {"secretary", "letter_clerk"}


def test_a_letter_handed_on_is_open_to_those_who_sort(letter: Voice, cast: Cast, secretary: User, at: datetime) -> None:
    actions.hand_on(letter, by=secretary, at=at)
    seeing = {key for key, user in cast.officers.items() if _sees(user, letter, at)}
    assert seeing == {"secretary", "letter_clerk", "dispatcher"}


def test_a_letter_to_a_branch_is_closed_to_the_county(speak: Speak, cast: Cast, at: datetime) -> None:
    post = _branch_post(cast)
    letter = speak(channel="letter", addressee=post)
    seeing = {key for key, user in cast.officers.items() if _sees(user, letter, at)}
    assert seeing == {"editor"}


def test_the_substitute_sees_it_only_while_standing_in(
    letter: Voice, secretary: User, neighbour: User, at: datetime
) -> None:
    starts, ends = at + timedelta(days=1), at + timedelta(days=2)
    Substitution.objects.create(absent=secretary, substitute=neighbour, starts=starts, ends=ends, reason="出差")
    assert [_sees(neighbour, letter, moment) for moment in (at, starts, ends)] == [False, True, False]
    actions.read_letter(letter, by=neighbour, at=starts)
    event = Event.objects.get(verb="letter.read", key=letter.pk)
    assert (event.by_name, event.behalf_name) == (neighbour.name, secretary.name)


def test_the_clerk_opens_it_and_it_stays_unread(
    letter: Voice, letter_clerk: User, secretary: User, at: datetime
) -> None:
    assert actions.read_letter(letter, by=letter_clerk, at=at).read_at is None
    assert list(Voice.objects.unread()) == [letter]
    later = at + timedelta(hours=2)
    read = actions.read_letter(letter, by=secretary, at=later)
    assert (read.read_at, read.read_by) == (later, secretary)
    actions.read_letter(letter, by=secretary, at=later + timedelta(hours=1))
    read.refresh_from_db()
    assert read.read_at == later
    verbs = list(
        Event.objects.filter(key=letter.pk, verb__startswith="letter.").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["letter.opened", "letter.read"]


def test_strangers_neither_read_nor_hand_on(letter: Voice, cast: Cast, at: datetime) -> None:
    for key in set(cast.officers) - {"secretary", "letter_clerk"}:
        for deed in (actions.read_letter, actions.hand_on):
            with pytest.raises(NotAllowed):
                deed(letter, by=cast.officers[key], at=at)
    with pytest.raises(NotAllowed):
        actions.hand_on(letter, by=cast.officers["letter_clerk"], at=at)


def test_the_clerk_hands_on_only_while_the_post_is_vacant(
    letter: Voice, cast: Cast, letter_clerk: User, at: datetime
) -> None:
    Post.objects.filter(pk=cast.posts["secretary"].pk).update(holder=None)
    assert actions.hand_on(letter, by=letter_clerk, at=at).handed_on_at == at


def test_nobody_settles_a_letter_before_it_is_handed_on(
    letter: Voice, subject: Subject, letter_clerk: User, dispatcher: User, secretary: User, at: datetime
) -> None:
    item = letter.items.get()
    deeds: list[Callable[[], object]] = [
        lambda: actions.answer(item, text="好。", by=letter_clerk, at=at),
        lambda: actions.mark_joined(item, by=dispatcher, at=at),
    ]
    for deed in deeds:
        with pytest.raises(actions.StillClosed):
            deed()
    actions.hand_on(letter, by=secretary, at=at)
    with pytest.raises(actions.AlreadyHandedOn):
        actions.hand_on(letter, by=secretary, at=at)
    assert actions.answer(item, text="好。", by=letter_clerk, at=at).outcome == "answered"


def test_a_letter_to_the_wrong_desk_goes_on_with_notice(
    letter: Voice, cast: Cast, secretary: User, letter_clerk: User, at: datetime
) -> None:
    post = _branch_post(cast)
    actions.read_letter(letter, by=secretary, at=at)
    with pytest.raises(actions.TooShort):
        actions.readdress(letter, to=post, reason="", by=secretary, at=at)
    with pytest.raises(actions.NotAnAddressee):
        actions.readdress(letter, to=cast.posts["handler"], reason="不归我管", by=secretary, at=at)
    with pytest.raises(NotAllowed):
        actions.readdress(letter, to=post, reason="不归我管", by=cast.officers["dispatcher"], at=at)
    moved = actions.readdress(letter, to=post, reason="属于和平村支部", by=letter_clerk, at=at)
    assert (moved.addressee, moved.office, moved.read_at) == (post, post.office, None)
    assert not _sees(secretary, letter, at)
    assert _sees(cast.officers["editor"], letter, at)
    assert Message.objects.filter(template__key="voice.transferred").count() == 1


def test_who_sees_an_ordinary_voice(speak: Speak, cast: Cast, registrar: User, at: datetime) -> None:
    own = speak(channel="counter", recorder=registrar, office=cast.offices["town_office"])
    web = speak()
    assert {key for key, user in cast.officers.items() if _sees(user, own, at)} == {
        "registrar",
        "dispatcher",
        "letter_clerk",
    }
    assert {key for key, user in cast.officers.items() if _sees(user, web, at)} == {"dispatcher"}


def test_who_has_no_post_sees_nothing_any_more(speak: Speak, cast: Cast, registrar: User, at: datetime) -> None:
    voice = speak(channel="counter", recorder=registrar, office=cast.offices["town_office"])
    Post.objects.filter(holder=registrar).update(holder=None)
    registrar.forget_standing()
    assert not _sees(registrar, voice, at)


def test_a_signed_speaker_is_shown_with_power_and_reason(
    speak: Speak, dispatcher: User, handler: User, editor: User, it: User, at: datetime
) -> None:
    voice = speak(name="张三", phone="13800000001")
    assert actions.reveal(voice, reason="回电核实地点", by=dispatcher, at=at).name == "张三"
    assert Event.objects.get(verb="voice.revealed", key=voice.pk).data == {"reason": "回电核实地点"}
    assert actions.reveal(voice, reason="上门前联系", by=handler, at=at).phone == "13800000001"
    for stranger in (editor, it):
        with pytest.raises(NotAllowed):
            actions.reveal(voice, reason="想看看", by=stranger, at=at)
    assert Event.objects.filter(verb="voice.revealed").count() == 2


def test_a_confidential_speaker_is_known_to_the_recorder_alone(
    speak: Speak, cast: Cast, registrar: User, at: datetime
) -> None:
    voice = speak(
        channel="counter", identity="confidential", name="张三", recorder=registrar, office=cast.offices["town_office"]
    )
    assert actions.reveal(voice, reason="回访", by=registrar, at=at).name == "张三"
    for key in set(cast.officers) - {"registrar"}:
        with pytest.raises(actions.StaysHidden):
            actions.reveal(voice, reason="想知道", by=cast.officers[key], at=at)
    assert Event.objects.filter(verb="voice.revealed").count() == 1


def test_an_anonymous_speaker_is_known_to_nobody(speak: Speak, cast: Cast, registrar: User, at: datetime) -> None:
    voice = speak(
        channel="counter", identity="anonymous", name="张三", recorder=registrar, office=cast.offices["town_office"]
    )
    for officer in cast.officers.values():
        with pytest.raises(actions.StaysHidden):
            actions.reveal(voice, reason="想知道", by=officer, at=at)


def test_a_closed_letter_hides_its_writer_from_the_rest(
    letter: Voice, dispatcher: User, secretary: User, at: datetime
) -> None:
    with pytest.raises(NotAllowed):
        actions.reveal(letter, reason="想知道", by=dispatcher, at=at)
    assert actions.reveal(letter, reason="约来面谈", by=secretary, at=at).name == "彭某"


def test_nothing_given_is_said_to_be_nothing(speak: Speak, dispatcher: User, at: datetime) -> None:
    with pytest.raises(actions.NotGiven):
        actions.reveal(speak(), reason="回电核实", by=dispatcher, at=at)
