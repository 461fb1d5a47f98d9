"""Officers, their posts, who stands in for whom, and duty."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from lianxin.ledger.models import Sentence
from lianxin.people.models.office import Office, branch_of
from lianxin.people.rules import NOBODY, ROLES, Holding, Power, Standing, who_holds


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)

    def get(self, *args: Any, **kwargs: Any) -> User:
        """Return one officer. By the number alone, as every request of an officer asks, in words written once."""
        if args or kwargs.keys() != {"pk"} or not isinstance(kwargs["pk"], int):
            return super().get(*args, **kwargs)
        if found := _OF_NUMBER.first(pk=kwargs["pk"]):
            return found
        raise User.DoesNotExist

    def holding(self, power: Power, day: date) -> models.QuerySet[User]:
        """Active officers who hold the power on that day by a post of their own."""
        posts = Post.objects.on(day).filter(role__in=who_holds(ROLES, power))
        return self.filter(is_active=True, posts__in=posts).distinct()

    def without_second_factor(self) -> models.QuerySet[User]:
        """Active accounts that a stolen password alone would open, or that have not been set up yet."""
        safe = TOTPDevice.objects.filter(confirmed=True).values("user")
        return self.filter(is_active=True).exclude(pk__in=safe)


class User(AbstractBaseUser):
    """An officer. Residents need no account."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    totp_required = models.BooleanField(default=True, help_text=_("Only accounts of the demo county go without."))
    password_set_at = models.DateTimeField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    _standing: tuple[datetime, Standing] | None = None

    def __str__(self) -> str:
        return self.name

    def stand(self, at: datetime) -> Standing:
        """Return what this person may do at that moment, by own posts and in place of absent colleagues."""
        if self._standing is None or self._standing[0] != at:
            self._standing = (at, self._find_standing(at))
        return self._standing[1]

    @property
    def standing(self) -> Standing:
        """The standing last asked for (the middleware asks once a request), else that of now."""
        return self._standing[1] if self._standing else self.stand(timezone.now())

    def has_second_factor(self) -> bool:
        """Tell whether an authenticator has been confirmed for this account."""
        return bool(TOTPDevice.objects.filter(user=self, confirmed=True).exists())

    def must_choose_password(self) -> bool:
        """Tell whether the password was given by somebody else and not changed since."""
        return bool(self.password) and self.has_usable_password() and self.password_set_at is None

    def forget_standing(self) -> None:
        """Ask again at the next question, because a post or a substitution has just changed."""
        self._standing = None

    def _find_standing(self, at: datetime) -> Standing:
        if not self.is_active:
            return NOBODY
        day = timezone.localtime(at).date()
        held = [post for post in _HELD.ask(user=self.pk, at=at) if post.is_on(day)]
        others = {post.holder_id for post in held} - {self.pk}
        behalf = User.objects.in_bulk(others) if others else {}
        return Standing(
            tuple(
                Holding(
                    role=post.role,
                    office_id=post.office_id,
                    office_ids=branch_of(post.office_path),  # type: ignore[attr-defined]  # named in _HELD
                    post_id=post.pk,
                    behalf=behalf.get(post.holder_id),
                )
                for post in held
            )
        )


_OF_NUMBER = Sentence(lambda pk: User.objects.filter(pk=pk))


class PostQuerySet(models.QuerySet["Post"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))

    def not_over(self, day: date) -> Self:
        """Posts of that day, and those that begin later."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day))

    def addressees(self) -> Self:
        """Posts to whose holder a resident may write a letter."""
        return self.exclude(tier="")


class Post(models.Model):
    """A post in an office with its powers, held by an officer between two dates. A new holder is a new row."""

    class Tier(models.TextChoices):
        """The three recipients of a letter to the secretary."""

        COUNTY = "county", _("county Party secretary")
        COMMITTEE = "committee", _("Party (working) committee secretary")
        BRANCH = "branch", _("branch or general-branch secretary")

    office = models.ForeignKey(Office, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=60)
    role = models.CharField(max_length=20, choices=[(key, role.name) for key, role in ROLES.items()])
    rank = models.CharField(max_length=30, blank=True)
    tier = models.CharField(max_length=12, choices=Tier, blank=True)
    holder = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="posts")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")), name="post_dates"
            )
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.title}"

    def is_on(self, day: date) -> bool:
        """Tell whether the post is held on that day, as PostQuerySet.on asks it of the database."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or self.valid_to > day)


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    def of(self, user: User) -> Self:
        """Those in which the officer is away or stands in."""
        return self.filter(Q(absent=user) | Q(substitute=user))

    def visible_to(self, user: User) -> Self:
        """One's own, and those of the offices in which one may arrange them."""
        if user.standing.everywhere(Power.SUBSTITUTE):
            return self
        offices = user.standing.offices(Power.SUBSTITUTE)
        return self.filter(Q(absent=user) | Q(substitute=user) | Q(absent__posts__office__in=offices)).distinct()

    def ahead(self, moment: datetime) -> Self:
        """Those that run or are still to come."""
        return self.filter(ends__gt=moment, ended_early_at=None).order_by("starts")

    def at(self, moment: datetime) -> Self:
        return self.filter(starts__lte=moment, ends__gt=moment, ended_early_at=None)


class Substitution(models.Model):
    """Someone acts for an absent colleague between two moments; the powers end by themselves."""

    absent = models.ForeignKey(User, models.PROTECT, related_name="+")
    substitute = models.ForeignKey(User, models.PROTECT, related_name="+")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    reason = models.CharField(max_length=120)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_early_at = models.DateTimeField(null=True, blank=True)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="substitution_dates"),
            models.CheckConstraint(condition=~Q(absent=F("substitute")), name="substitution_two_people"),
        ]
        indexes = [models.Index(fields=["substitute", "ends"], name="substitution_now")]

    def __str__(self) -> str:
        return f"{self.substitute} ⇐ {self.absent}"


def _held(user: Any, at: Any) -> models.QuerySet[Post]:
    """Return the posts of an officer and of those for whom he stands in, with the paths of their offices."""
    away = Substitution.objects.filter(substitute=user, absent__is_active=True).at(at).values("absent")
    posts = Post.objects.filter(Q(holder=user) | Q(holder__in=away)).annotate(office_path=F("office__path"))
    return posts.only("role", "office_id", "holder_id", "valid_from", "valid_to").order_by("id")


_HELD = Sentence(_held)


class ShiftQuerySet(models.QuerySet["Shift"]):
    def at(self, moment: datetime) -> Self:
        return self.filter(starts__lte=moment, ends__gt=moment)


class Shift(models.Model):
    """Who is on duty from when to when."""

    class Duty(models.TextChoices):
        LEADER = "leader", _("leader on duty")
        HOTLINE = "hotline", _("hotline")
        WINDOW = "window", _("window")

    duty = models.CharField(max_length=12, choices=Duty)
    user = models.ForeignKey(User, models.PROTECT)
    office = models.ForeignKey(Office, models.PROTECT)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    phone = models.CharField(max_length=30, blank=True, help_text=_("Where a major matter reaches this duty."))

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="shift_dates")]
        indexes = [models.Index(fields=["duty", "ends"], name="shift_now")]

    def __str__(self) -> str:
        return f"{self.user} {self.starts:%Y-%m-%d %H:%M}"
