"""Accounts of officers: made, kept safe by a password and a second factor, closed."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions.need import behalf
from lianxin.people.models import Substitution, Token, User
from lianxin.people.rules import Power


class NameTaken(Refusal):
    """Another account has this sign-in name."""


class WeakPassword(Refusal):
    """The password is too easy to guess."""


class WrongCode(Refusal):
    """The six digits are wrong, were used already, or came too late."""


class AlreadyEnrolled(Refusal):
    """The account has a second factor."""


class LastKeeper(Refusal):
    """Nobody would be left who can open accounts."""


@transaction.atomic
def make_user(
    *, username: str, name: str, by: User | None, at: datetime, password: str = "", totp_required: bool = True
) -> User:
    """Write an officer's account, still without posts; needs ACCOUNTS.

    The password is a first one: its owner is asked for another at the first sign-in. Only the demo county makes
    accounts that need no second factor. Raises NameTaken, WeakPassword, NotAllowed.
    """
    whose = behalf(by, Power.ACCOUNTS, at=at)
    username = username.strip()
    if User.objects.filter(username__iexact=username).exists():
        raise NameTaken(_("Another account has this sign-in name. Choose another one."))
    user = User(username=username, name=name.strip(), totp_required=totp_required)
    if password:
        _check_password(user, password)
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save()
    note("user.made", user, by=by, at=at, behalf=whose, data={"totp_required": totp_required})
    return user


@transaction.atomic
def set_password(user: User, *, password: str, by: User | None, at: datetime) -> None:
    """Give an account a new password, which ends all its sessions; one's own, or anybody's with ACCOUNTS.

    A password set by somebody else is a first one, as in make_user. Raises WeakPassword, NotAllowed.
    """
    is_own = by is not None and by.pk == user.pk
    whose = None if is_own else behalf(by, Power.ACCOUNTS, at=at)
    _check_password(user, password)
    user.set_password(password)
    user.password_set_at = at if is_own else None
    user.save(update_fields=["password", "password_set_at"])
    note("user.password_set", user, by=by, at=at, behalf=whose)


@transaction.atomic
def note_sign_in(user: User, *, at: datetime) -> None:
    """Write down that an officer has signed in, with everything that was needed."""
    note("user.signed_in", user, by=user, at=at)


@transaction.atomic
def begin_enrolment(user: User, *, at: datetime) -> TOTPDevice:
    """Return the secret that the officer's authenticator is to learn: the same one until it is confirmed.

    Raises AlreadyEnrolled: whoever has only the password must not replace the second factor by their own.
    """
    if user.has_second_factor():
        raise AlreadyEnrolled(_("This account already has a second factor."))
    device, made = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "totp"})
    if made:
        note("user.enrolment_begun", user, by=user, at=at)
    return device


@transaction.atomic
def confirm_enrolment(user: User, *, code: str, at: datetime) -> TOTPDevice:
    """Make the second factor count, once its code has shown that the authenticator knows it.

    Raises WrongCode, AlreadyEnrolled.
    """
    if user.has_second_factor():
        raise AlreadyEnrolled(_("This account already has a second factor."))
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(tidy_code(code)):
        raise WrongCode(_("The code is not right. Look at the app again and type the six digits it shows now."))
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    note("user.enrolled", user, by=user, at=at)
    return device


def check_code(user: User, *, code: str, at: datetime) -> TOTPDevice | None:
    """Return the second factor that accepts the code now, or None; each code is accepted once.

    The device itself remembers what was used and waits longer after each wrong code (1, 2, 4 ... seconds), so it is
    written also when the answer is no: this is why the function answers instead of refusing. Codes are of the clock on
    the wall, one step of 30 seconds early or late; `at` is the moment on record.
    """
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is None or not device.verify_token(tidy_code(code)):
            if device is not None:
                note("user.code_refused", user, by=None, at=at)
            return None
        return device


@transaction.atomic
def reset_second_factor(user: User, *, by: User | None, at: datetime) -> None:
    """Take the second factor away, for a lost telephone: it is learned anew at the next sign-in; needs ACCOUNTS."""
    whose = behalf(by, Power.ACCOUNTS, at=at)
    TOTPDevice.objects.filter(user=user).delete()
    user.totp_required = True
    user.save(update_fields=["totp_required"])
    note("user.second_factor_reset", user, by=by, at=at, behalf=whose)


@transaction.atomic
def close_user(user: User, *, by: User | None, at: datetime, left_on: date | None = None) -> None:
    """Close an account at once: no sign-in, no token, no power; needs ACCOUNTS.

    The posts stay as they are and are to be given to others; what the officer did stays under the name. Raises
    LastKeeper, NotAllowed.
    """
    whose = behalf(by, Power.ACCOUNTS, at=at)
    if list(User.objects.holding(Power.ACCOUNTS, local(at).date())) == [user]:
        raise LastKeeper(_("Nobody else can open accounts. Appoint another IT officer first."))
    user.is_active = False
    user.left_on = left_on or local(at).date()
    user.save(update_fields=["is_active", "left_on"])
    user.forget_standing()
    Token.objects.filter(user=user, revoked_at=None).update(revoked_at=at)
    running = Substitution.objects.filter(substitute=user, ended_early_at=None, ends__gt=at)
    running.update(ended_early_at=at)
    note("user.closed", user, by=by, at=at, behalf=whose, data={"left_on": user.left_on.isoformat()})


@transaction.atomic
def reopen_user(user: User, *, by: User | None, at: datetime) -> None:
    """Open a closed account again; its tokens stay revoked; needs ACCOUNTS. Raises NotAllowed."""
    whose = behalf(by, Power.ACCOUNTS, at=at)
    user.is_active, user.left_on = True, None
    user.save(update_fields=["is_active", "left_on"])
    user.forget_standing()
    note("user.reopened", user, by=by, at=at, behalf=whose)


def tidy_code(code: str) -> str:
    """Return the digits of a code as people type it: with spaces, or in full width."""
    return "".join(str(int(c)) for c in code if c.isdigit())


def _check_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from error
