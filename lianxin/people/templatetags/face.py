"""Small pieces of the face that templates of every app share."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.utils import dateformat, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext

register = template.Library()

# Drawn for this house on a 32 x 32 sheet: one stroke, currentColor, so that they follow the text in light and dark.
ICONS = {
    "speak": '<path d="M5 7h22v14H15l-6 5v-5H5z"/><path d="M11 12h10M11 16h6"/>',
    "paper": '<path d="M8 4h12l5 5v19H8z"/><path d="M20 4v5h5M12 15h9M12 20h9M12 25h5"/>',
    "search-clock": '<circle cx="14" cy="14" r="8.5"/><path d="m20.5 20.5 7 7M14 9.5V14l3 2"/>',
    "search": '<circle cx="14" cy="14" r="8.5"/><path d="m20.5 20.5 7 7"/>',
    "work": '<path d="M4 11h24v16H4zM12 11V7h8v4M4 18h24M16 16v4"/>',
    "phone": '<path d="M10 4 6 6c-1 11 9 21 20 20l2-4-6-4-3 3c-3-1-7-5-8-8l3-3z"/>',
    "home": '<path d="m4 16 12-11 12 11"/><path d="M8 13v14h16V13M13 27v-8h6v8"/>',
    "print": '<path d="M9 12V4h14v8M9 23H4V12h24v11h-5"/><path d="M9 19h14v9H9z"/>',
    "warning": '<path d="M16 5 29 27H3z"/><path d="M16 13v6M16 23v.4"/>',
    "check": '<circle cx="16" cy="16" r="12"/><path d="m10 16 4.5 4.5L22 12"/>',
    "user": '<circle cx="16" cy="11" r="6"/><path d="M5 28c1-7 5-10 11-10s10 3 11 10"/>',
    "map": '<path d="m4 8 8-3 8 3 8-3v19l-8 3-8-3-8 3zM12 5v19M20 8v19"/>',
    "chart": '<path d="M5 4v24h23"/><path d="M11 23v-7M17 23V10M23 23v-9"/>',
    "letter": '<path d="M4 8h24v17H4z"/><path d="m4 9 12 9 12-9"/>',
    "camera": '<path d="M4 10h6l2-4h8l2 4h6v16H4z"/><circle cx="16" cy="17" r="5"/>',
    "clock": '<circle cx="16" cy="16" r="12"/><path d="M16 9v7l5 3"/>',
    "star": '<path d="m16 4 3.7 7.8 8.3 1.2-6 6 1.4 8.6L16 23.5l-7.4 4.1L10 19l-6-6 8.3-1.2z"/>',
    "aloud": '<path d="M5 12h5l7-6v20l-7-6H5z"/><path d="M21 12c2 2.5 2 5.5 0 8M25 9c4 4 4 10 0 14"/>',
    "exit": '<path d="M18 5H6v22h12M13 16h15M23 11l5 5-5 5"/>',
}

# The mark: a bridge of three pillars, and under it a heart.
MARK = (
    '<path d="M4 27c5-11 11-16 16-16s11 5 16 16"/><path d="M4 27h32"/><path d="M13 27v-7M20 27V13M27 27v-7"/>'
    '<path d="M20 36c-2.4-1.8-3.6-3-3.6-4.3 0-1 .8-1.8 1.8-1.8.8 0 1.4.4 1.8 1.1.4-.7 1-1.1 1.8-1.1 1 0 1.8.8 1.8 1.8'
    ' 0 1.3-1.2 2.5-3.6 4.3z" fill="currentColor" stroke="none"/>'
)

THIN = "\u2009"


@register.simple_tag
def icon(name: str) -> SafeString:
    """This function will draw one icon as inline SVG, hidden from screen readers because words stand beside it.

    An unknown name raises KeyError: a missing picture is a bug of the template, not of the visitor.
    """
    return format_html(
        '<svg class="icon" viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2.2" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(ICONS[name]),  # noqa: S308 - a constant of this file
    )


@register.simple_tag
def mark() -> SafeString:
    """This function will draw the mark of the house as inline SVG."""
    return format_html(
        '<svg viewBox="0 0 40 40" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" '
        'aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(MARK),  # noqa: S308 - a constant of this file
    )


@register.inclusion_tag("face/light.html")
def light(kind: str, text: str) -> dict[str, str]:
    """This function will show a state as shape, colour and words; kind is ok, near, late or wait."""
    return {"kind": kind, "text": text}


@register.inclusion_tag("face/bar.html")
def bar(value: float, most: float, kind: str = "") -> dict[str, str]:
    """This function will draw value as a bar of a row whose longest bar is most; kind "b" is the second colour."""
    share = min(max(float(value) / float(most), 0.0), 1.0) if most else 0.0
    return {"width": f"{share * 100:.1f}", "kind": kind}


@register.filter
def weekday_date(value: date | datetime | None) -> str:
    """This function will write a date with its weekday, and with the year when it is not the current one."""
    if value is None:
        return ""
    day = _local_day(value)
    return _day_words(day, day.year == timezone.localdate().year, get_language())


@lru_cache(5_000)
def _day_words(day: date, this_year: bool, language: str) -> str:
    """Return a day in words; a page says the same few days again and again."""
    if this_year:
        return dateformat.format(day, pgettext("date with weekday", "D j F"))
    return dateformat.format(day, pgettext("date with weekday and year", "D j F Y"))


@register.filter
def moment(value: datetime | None) -> str:
    """This function will write a point in time as local date, weekday and clock time."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{weekday_date(local)} {local:%H:%M}"


@register.filter
def thousands(value: object) -> str:
    """This function will write a number with a thin space between thousands; words and nothing pass unchanged."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return "" if value is None else str(value)
    return f"{value:,}".replace(",", THIN)


@register.filter
def size_of(value: int) -> int:
    """This function will drop the sign of a count of days, for "late by 3"."""
    return abs(value)


@register.filter
def kind_of(field: BoundField) -> str:
    """This function will say how a form field is laid out: group, tick, select, textarea or text."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, CheckboxInput):
        return "tick"
    if isinstance(widget, Select):
        return "select"
    return "textarea" if isinstance(widget, Textarea) else "text"


@register.simple_tag
def widget(field: BoundField, css: str) -> SafeString:
    """This function will render a field's own control with the class of the face, keeping classes it already has."""
    own = field.field.widget.attrs.get("class", "")
    attrs: dict[str, Any] = {"class": f"{own} {css}".strip()}
    return field.as_widget(attrs=attrs)


def _local_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value
