"""Posts, substitutions and the duty rota."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lianxin.kit.clock import local
from lianxin.people import actions
from lianxin.people.forms.post import AppointForm, EndForm, PostForm, ShiftForm, SubstituteForm
from lianxin.people.models import Post, Shift, Substitution
from lianxin.people.rules import Power, power, signed_in
from lianxin.people.views.ask import ask, press
from lianxin.people.views.request import OfficerRequest


@power(Power.ACCOUNTS)
def posts(request: OfficerRequest) -> HttpResponse:
    """List the posts of today and those to come, by office."""
    day = local(request.at).date()
    rows = Post.objects.not_over(day).select_related("office", "holder").order_by("office__path", "title", "valid_from")
    return render(request, "people/posts.html", {"posts": rows, "today": day, "here": "posts"})


@power(Power.ACCOUNTS)
def open_post(request: OfficerRequest) -> HttpResponse:
    """Open a post."""
    form = PostForm(request.POST or None, today=local(request.at).date())
    return ask(
        request,
        form,
        deed=lambda: actions.open_post(**form.cleaned_data, by=request.user, at=request.at),
        title=_("New post"),
        submit=_("Open the post"),
        done=_("The post is open and vacant."),
        back=reverse("posts"),
        here="posts",
    )


@power(Power.ACCOUNTS)
def appoint(request: OfficerRequest, pk: int) -> HttpResponse:
    """Let an officer hold a post."""
    post = get_object_or_404(Post, pk=pk)
    form = AppointForm(request.POST or None)

    def deed() -> None:
        said = form.cleaned_data
        actions.appoint(
            post, holder=said["holder"], starts=said["starts"], ends=form.ends, by=request.user, at=request.at
        )

    return ask(
        request,
        form,
        deed=deed,
        title=_("Appoint"),
        intro=str(post),
        submit=_("Appoint"),
        done=_("The officer is appointed."),
        back=reverse("posts"),
        here="posts",
    )


@power(Power.ACCOUNTS)
def vacate(request: OfficerRequest, pk: int) -> HttpResponse:
    """Let the holder of a post leave it."""
    post = get_object_or_404(Post, pk=pk)
    form = EndForm(request.POST or None)
    return ask(
        request,
        form,
        deed=lambda: actions.vacate(post, ends=form.cleaned_data["ends"], by=request.user, at=request.at),
        title=_("Vacate the post"),
        intro=f"{post} · {post.holder or ''}",
        submit=_("Vacate"),
        done=_("The post is vacant from that day on."),
        back=reverse("posts"),
        here="posts",
    )


@power(Power.ACCOUNTS)
def close_post(request: OfficerRequest, pk: int) -> HttpResponse:
    """End a post for good."""
    post = get_object_or_404(Post, pk=pk)
    form = EndForm(request.POST or None)
    return ask(
        request,
        form,
        deed=lambda: actions.close_post(post, ends=form.cleaned_data["ends"], by=request.user, at=request.at),
        title=_("Close the post"),
        intro=str(post),
        submit=_("Close for good"),
        done=_("The post ends on that day."),
        back=reverse("posts"),
        here="posts",
    )


@signed_in
def substitutions(request: OfficerRequest) -> HttpResponse:
    """List who stands in for whom: one's own, and those one may arrange."""
    rows = Substitution.objects.visible_to(request.user).select_related("absent", "substitute", "made_by")
    context = {
        "ahead": rows.ahead(request.at),
        "past": rows.exclude(pk__in=rows.ahead(request.at).values("pk")).order_by("-ends")[:50],
        "may_arrange": Power.SUBSTITUTE in request.user.standing.powers,
        "here": "substitutions",
    }
    return render(request, "people/substitutions.html", context)


@power(Power.SUBSTITUTE)
def substitute(request: OfficerRequest) -> HttpResponse:
    """Say who stands in for an absent officer."""
    form = SubstituteForm(request.POST or None, by=request.user, today=local(request.at).date())

    def deed() -> None:
        said, (starts, ends) = form.cleaned_data, form.span
        actions.substitute(
            absent=said["absent"], substitute=said["substitute"], starts=starts, ends=ends, reason=said["reason"],
            by=request.user, at=request.at,
        )  # fmt: skip

    return ask(
        request,
        form,
        deed=deed,
        title=_("Arrange a substitution"),
        intro=_("Every deed bears both names. Both are told at their next sign-in."),
        submit=_("Arrange it"),
        done=_("The substitution is arranged. It begins and ends by itself."),
        back=reverse("substitutions"),
        here="substitutions",
    )


@signed_in
@require_POST
def end_substitution(request: OfficerRequest, pk: int) -> HttpResponse:
    """End a substitution before its time."""
    row = get_object_or_404(Substitution.objects.visible_to(request.user), pk=pk)
    return press(
        request,
        lambda: actions.end_substitution(row, by=request.user, at=request.at),
        done=_("The substitution has ended."),
        back=reverse("substitutions"),
    )


@power(Power.ACCOUNTS)
def shifts(request: OfficerRequest) -> HttpResponse:
    """List who is on duty now and later; put somebody on the rota."""
    form = ShiftForm(request.POST or None, today=local(request.at).date())
    if request.method == "POST":
        return ask(
            request,
            form,
            deed=lambda: actions.roster(**form.cleaned_data, by=request.user, at=request.at),
            title=_("Duty rota"),
            submit=_("Put on the rota"),
            done=_("It is on the rota."),
            back=reverse("shifts"),
            here="shifts",
        )
    rows = Shift.objects.filter(ends__gt=request.at).select_related("user", "office").order_by("starts", "duty")
    return render(request, "people/shifts.html", {"shifts": rows, "form": form, "at": request.at, "here": "shifts"})


@power(Power.ACCOUNTS)
@require_POST
def drop_shift(request: OfficerRequest, pk: int) -> HttpResponse:
    """Take a shift off the rota."""
    shift = get_object_or_404(Shift, pk=pk)
    return press(
        request,
        lambda: actions.drop_shift(shift, by=request.user, at=request.at),
        done=_("The shift is off the rota."),
        back=reverse("shifts"),
    )
