"""Voting: proxies, checking off, ballots by code, counting, and what it came to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lianxin.govern.actions.motion import MotionElsewhere, NoticeTooShort, OpenObjection, held
from lianxin.govern.models import Motion, Tally, Voter
from lianxin.govern.rules import Choice, Deed, Manner, State, outcome
from lianxin.kit import crypto
from lianxin.kit.reference import new_reference, tidy
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import need
from lianxin.people.models import User, key_of
from lianxin.people.rules import Power

CODE_LENGTH = 12


class AlreadyVoted(Refusal):
    """One vote once."""


class TooManyProxies(Refusal):
    """Nobody holds more proxies than the procedure allows, and a proxy is not handed on."""


class CountsDiffer(Refusal):
    """As many papers as people who took part."""

    status = 422


@transaction.atomic
def open_vote(motion: Motion, *, by: User, at: datetime) -> Motion:
    """Open the vote once the notice has been up long enough and every objection is ruled on.

    Raises NoticeTooShort, OpenObjection, MotionElsewhere, NotAllowed.
    """
    motion, whose = held(motion, Deed.OPEN_VOTE, by=by, at=at)
    assert motion.noticed_at
    if at < motion.noticed_at + timedelta(days=motion.procedure.notice_days):
        words = _("The motion must have been posted for %(days)s days before it is voted on.")
        raise NoticeTooShort(words % {"days": motion.procedure.notice_days})
    if motion.objections.filter(ruled_at=None).exists():
        raise OpenObjection(_("Somebody said that the list is wrong. Rule on it before the vote begins."))
    motion.state, motion.vote_opened_at = State.VOTING, at
    motion.save(update_fields=["state", "vote_opened_at"])
    note("motion.vote_opened", motion, by=by, at=at, behalf=whose, data={"listed": motion.listed})
    return motion


@transaction.atomic
def give_proxy(voter: Voter, *, to: Voter, by: User, at: datetime) -> Voter:
    """Let one voter vote in place of another, in writing before; as many as the procedure allows, and never further.

    Raises TooManyProxies, AlreadyVoted, MotionElsewhere, NotAllowed.
    """
    motion, whose = _open(voter.motion, by, at)
    voter, to = _on_list(motion, voter), _on_list(motion, to)
    if voter.voted:
        raise AlreadyVoted(_("This vote has been used."))
    held_already = motion.voters.filter(proxy=to).exclude(pk=voter.pk).count()
    handed_on = to.proxy_id or motion.voters.filter(proxy=voter).exists()
    if voter.pk == to.pk or handed_on or held_already >= motion.procedure.proxies_most:
        raise TooManyProxies(
            _("One person holds at most %(most)s proxies, and a proxy is not handed on.")
            % {"most": motion.procedure.proxies_most}
        )
    Voter.objects.filter(pk=voter.pk).update(proxy=to, digest="")
    note("voter.proxy_given", voter, by=by, at=at, behalf=whose, data={"to": to.pk})
    voter.proxy = to
    return voter


@transaction.atomic
def check_off(voter: Voter, *, by: User, at: datetime) -> Voter:
    """Mark that a voter, or who holds the proxy, took part and got a paper or raised a hand. One vote once.

    Raises AlreadyVoted, MotionElsewhere, NotAllowed.
    """
    motion, whose = _open(voter.motion, by, at)
    _use(motion, voter)
    note("voter.checked_off", voter, by=by, at=at, behalf=whose)
    voter.voted = True
    return voter


@transaction.atomic
def give_ballot_code(voter: Voter, *, by: User, at: datetime) -> str:
    """Give a voter who cannot come a code for one secret ballot; kept nowhere, and a new one ends the one before.

    Raises AlreadyVoted, MotionElsewhere, NotAllowed.
    """
    motion, whose = _open(voter.motion, by, at)
    voter = _on_list(motion, voter)
    if voter.voted or voter.proxy_id or motion.manner != Manner.SECRET:
        raise AlreadyVoted(_("This vote has been used or given to a proxy, or the vote is by show of hands."))
    code = new_reference(length=CODE_LENGTH)
    Voter.objects.filter(pk=voter.pk).update(digest=_digest(code))
    note("voter.code_given", voter, by=by, at=at, behalf=whose)
    return code


@transaction.atomic
def cast(motion: Motion, *, code: str, choice: str, at: datetime) -> None:
    """Cast a secret ballot by code: the voter is marked, the count of the choice rises, and nothing joins the two.

    The ledger notes the voter and not the choice. Raises AlreadyVoted, MotionElsewhere.
    """
    motion = Motion.objects.select_for_update(of=("self",)).get(pk=motion.pk)
    if motion.state != State.VOTING:
        raise MotionElsewhere(_("The vote is not open."))
    voter = motion.voters.filter(digest=_digest(code), struck_at=None).first()
    if voter is None:
        raise AlreadyVoted(_("This code is not known for this vote, or it was used already."))
    _use(motion, voter)
    Voter.objects.filter(pk=voter.pk).update(digest="")
    _add(motion, {Choice(choice): 1})
    note("voter.cast", voter, by=None, at=at)


@transaction.atomic
def count_votes(motion: Motion, *, counts: Mapping[str, int], by: User, at: datetime) -> Motion:
    """Add what was counted, papers or hands: as many as were checked off and did not vote by code, no more, no fewer.

    Raises CountsDiffer, MotionElsewhere, NotAllowed.
    """
    motion, whose = _open(motion, by, at)
    given = {Choice(choice): number for choice, number in counts.items()}
    owed = motion.voted - sum(motion.counts().values())
    if sum(given.values()) != owed or any(number < 0 for number in given.values()):
        words = _("%(count)s were counted, and %(owed)s took part. Count again: each paper is one vote.")
        raise CountsDiffer(words % {"count": sum(given.values()), "owed": owed})
    _add(motion, given)
    note("motion.counted", motion, by=by, at=at, behalf=whose, data={str(key): n for key, n in given.items()})
    return motion


@transaction.atomic
def close_vote(motion: Motion, *, by: User, at: datetime) -> Motion:
    """Close the vote and write down what it came to: decided, not agreed, or no decision for want of a quorum.

    Raises CountsDiffer, MotionElsewhere, NotAllowed.
    """
    motion, whose = held(motion, Deed.CLOSE_VOTE, by=by, at=at)
    counts = motion.counts()
    listed, voted = motion.listed, motion.voted
    if sum(counts.values()) != voted:
        raise CountsDiffer(_("Not everything is counted yet: write down what was counted first."))
    motion.state = outcome(
        listed=listed, voted=voted, yes=counts.get(Choice.YES, 0), quorum=motion.procedure.quorum,
        majority=motion.procedure.majority,
    )  # fmt: skip
    motion.vote_closed_at = at
    motion.save(update_fields=["state", "vote_closed_at"])
    Voter.objects.filter(motion=motion).update(digest="")
    data = {"outcome": motion.state, "listed": listed, "voted": voted, "counts": counts}
    note("motion.vote_closed", motion, by=by, at=at, behalf=whose, data=data)
    return motion


def _open(motion: Motion, by: User, at: datetime) -> tuple[Motion, User | None]:
    whose = need(by, Power.GOVERN, office_id=motion.office_id, at=at).behalf
    motion = Motion.objects.select_for_update(of=("self",)).select_related("procedure").get(pk=motion.pk)
    if motion.state != State.VOTING:
        raise MotionElsewhere(_("The vote is not open."))
    return motion, whose


def _on_list(motion: Motion, voter: Voter) -> Voter:
    found = motion.voters.filter(pk=voter.pk, struck_at=None).first()
    if found is None:
        raise MotionElsewhere(_("This name is not on the list of this vote."))
    return found


def _use(motion: Motion, voter: Voter) -> None:
    """Use a vote up by one conditional write. Raises AlreadyVoted."""
    if not motion.voters.filter(pk=voter.pk, struck_at=None, voted=False).update(voted=True):
        raise AlreadyVoted(_("This vote has been used already, or it is not on the list."))


def _add(motion: Motion, counts: Mapping[Choice, int]) -> None:
    for choice, number in counts.items():
        row, _made = Tally.objects.get_or_create(motion=motion, choice=choice)
        Tally.objects.filter(pk=row.pk).update(count=F("count") + number)


def _digest(code: str) -> str:
    return crypto.blind_index(tidy(code[:40], length=CODE_LENGTH), key=key_of("govern.ballot"))
