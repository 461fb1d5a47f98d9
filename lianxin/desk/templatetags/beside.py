"""Words of the ledger for whoever reads it, and numbers for drawings."""

from __future__ import annotations

from django import template

from lianxin.desk.noted import WORDS
from lianxin.resolve import rules

register = template.Library()


@register.filter
def deed_words(verb: str) -> str:
    """This function will say a verb of the ledger in words; one without words is shown as it is."""
    return str(WORDS.get(verb) or rules.said(verb))


@register.filter
def unlocalised(value: float) -> str:
    """This function will write a coordinate as SVG reads it, whatever the language."""
    return f"{value:.1f}"
