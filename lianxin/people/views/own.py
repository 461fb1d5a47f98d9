"""What every officer may see: who one is here, and which role may do what."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from lianxin.kit.clock import local
from lianxin.people.models import Post, Substitution, User
from lianxin.people.rules import POWERS, ROLES, Power, Scope, signed_in
from lianxin.people.views.request import OfficerRequest


@signed_in
def me(request: OfficerRequest) -> HttpResponse:
    """Show one's own posts, who stands in for whom, and what one may do by it."""
    user = request.user
    at = request.at
    standing = user.stand(at)
    context = {
        "posts": Post.objects.on(local(at).date()).filter(holder=user).select_related("office"),
        "substitutions": Substitution.objects.of(user).ahead(at).select_related("absent", "substitute"),
        "powers": [words for power, words in POWERS.items() if power in standing.powers],
        "may_arrange": Power.SUBSTITUTE in standing.powers,
        "has_second_factor": user.has_second_factor(),
        "here": "me",
    }
    return render(request, "people/me.html", context)


@signed_in
def roles(request: OfficerRequest) -> HttpResponse:
    """Show all roles with their powers and holders on one page, and which accounts lack a second factor."""
    day = local(request.at).date()
    held: dict[str, list[Post]] = {}
    for post in Post.objects.on(day).exclude(holder=None).select_related("holder", "office").order_by("office__path"):
        held.setdefault(post.role, []).append(post)
    context = {
        "roles": [
            {
                "name": role.name,
                "everywhere": role.scope is Scope.COUNTY,
                "powers": [POWERS[power] for power in Power if power in role.powers],
                "posts": held.get(key, []),
            }
            for key, role in ROLES.items()
        ],
        "table": [
            {"name": words, "held": [power in role.powers for role in ROLES.values()]}
            for power, words in POWERS.items()
        ],
        "unsafe": User.objects.without_second_factor().order_by("name"),
        "here": "roles",
    }
    return render(request, "people/roles.html", context)
