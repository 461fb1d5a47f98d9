"""A visitor, a form and some addresses to draw the face with, without a database."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import path

from tests.html import flat


def _page(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


# The pages that the face links to have their own tests; here only their names are needed.
urlpatterns = [
    path("size", _page, name="face.size"),
    path("language/<str:code>", _page, name="face.language"),
    path("sign-in", _page, name="sign_in"),
]


class Visitor:
    is_authenticated = False


def render(source: str, cookies: dict[str, str] | None = None, **context: Any) -> str:
    request = RequestFactory(headers={"cookie": "; ".join(f"{k}={v}" for k, v in (cookies or {}).items())}).get(
        "/a/?q=1"
    )
    request.user = Visitor()  # type: ignore[assignment]
    context.setdefault("county", {"name": "云溪县", "hotline": "12345"})
    return flat(Template(source).render(Context({"request": request, **context})))


class Speech(forms.Form):
    words = forms.CharField(label="Your words", help_text="Say it <as> you like.", widget=forms.Textarea, max_length=20)
    identity = forms.ChoiceField(
        label="Your name", choices=[("s", "Signed"), ("a", "No name")], widget=forms.RadioSelect
    )
    area = forms.ChoiceField(label="Where", choices=[("", "-"), ("1", "Town")])
    reply = forms.BooleanField(label="Please answer me", required=False)
    picture = forms.FileField(label="Picture", required=False)
    phone = forms.CharField(label="Phone", required=False, widget=forms.TextInput(attrs={"data-draft": "off"}))
    key = forms.CharField(widget=forms.HiddenInput, required=False)
