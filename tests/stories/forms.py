"""The forms that stand on a page, as a program sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

SENSIBLE = {
    "text": "路灯", "textarea": "村口的路灯坏了三盏。", "tel": "13800138000", "email": "a@example.org", "number": "3",
    "search": "路灯", "date": "2026-10-09", "datetime-local": "2026-10-09T09:00",
    "password": "ba-shan-ye-yu-1978", "checkbox": "on",
}  # fmt: skip


@dataclass
class Field:
    """One field of a form: its kind, what it holds, and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)

    @property
    def is_written(self) -> bool:
        """Tell whether people write into it."""
        return self.kind in SENSIBLE and self.kind != "checkbox"


@dataclass
class Form:
    """A form: where it is sent to, how, and its fields."""

    action: str
    asks: bool = False  # sent with GET: changes nothing
    fields: dict[str, Field] = field(default_factory=dict)

    def given(self) -> dict[str, str]:
        """Return what a sensible person would send."""
        return {f.name: f.value or (f.choices or [SENSIBLE.get(f.kind, "")])[0] for f in self.fields.values()}


class _Forms(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.forms = address, list[Form]()
        self.form: Form | None = None
        self.within: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(given.get("action") or self.address, asks=given.get("method", "get").lower() == "get")
            self.forms.append(self.form)
        elif tag == "option" and self.within:
            self.within.choices += [given["value"]] if given.get("value") else []
        elif self.form and given.get("name") and tag in ("input", "textarea", "select"):
            self._field(self.form, tag, given)

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text") if tag == "input" else tag
        known = form.fields.setdefault(given["name"], Field(given["name"], kind, given.get("value", "")))
        if kind == "radio":
            known.choices.append(given.get("value", ""))
        self.within = known if tag in ("select", "textarea") else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        if tag in ("select", "textarea"):
            self.within = None


def forms_on(html: str, address: str) -> list[Form]:
    """Return the forms of a page."""
    parser = _Forms(address)
    parser.feed(html)
    return parser.forms
