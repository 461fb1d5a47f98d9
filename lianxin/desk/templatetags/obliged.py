"""Small pieces of the pages of links and duties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from lianxin.record.models import Link

register = template.Library()


@register.filter
def to_name(link: Link) -> str:
    """This function will name to what a link goes: a place in full, a household by how its file is called."""
    if link.household:
        return f"{link.household.called} ({link.household.number})"
    return link.area.full_name if link.area else str(link.to)


@register.filter
def at_key(found: Mapping[Any, Any], key: Any) -> Any:
    """This function will look something up in a table of the view."""
    return found.get(key)
