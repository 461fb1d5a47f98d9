"""Every word that a person sees is translated, and pages hold no style or script of their own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.guards.tree import Source, Tree, called

CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
PATTERN = re.compile(r"\\[dsw]|\[[^\]]*-[^\]]*\]|\(\?")  # a regular expression
LATIN = re.compile(r"[A-Za-z]{2,}")
OWN_NAME = "连心桥"
# Names that are the same in every language.
NAMES = {
    *("CSV", "Excel", "PDF", "JSON", "API", "OpenAPI", "QR", "SVG", "TOTP", "SMS", "SHA", "GeoJSON", "BPMN", "English"),
    *("Esc", "Enter", "Ctrl", "Tab", "Alt"),
}

# Apps and rooms whose matter is Chinese text itself.
CHINESE_BY_NATURE = (
    "kit/",  # folds, masks and counts Chinese text
    "listen/triage",  # the words by which a subject is known
    "intake/rules",  # how days are written in lists that come in
    "listen/channels/listing",  # what lists that come in call their columns
    "record/channels/listing",  # what registers of households call their columns
    "serve/channels/listing",  # what lists of services call their columns
    "project/demo",  # what the people of an invented county say
    "project/management/",  # a terminal has no language switch: commands may say it in both
    "project/settings.py",  # each language is called by its own name
)

HIDDEN = [
    re.compile(r"{#.*?#}", re.S),
    re.compile(r"{%\s*comment.*?endcomment\s*%}", re.S),
    re.compile(r"{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}", re.S),
    re.compile(r"<!--.*?-->", re.S),
    re.compile(r"<(script|style|svg|code|kbd|samp)\b.*?</\1>", re.S),
    re.compile(r"{%\s*block (?:shape|width|body_attributes)\s*%}[^{]*{%\s*endblock"),  # class names, not words
    re.compile(r"<(\w+)(?=[^>]*\slang=\"zh)[^>]*>[^<]*</\1>", re.S),  # a language called by its own name
]
SPOKEN_ATTRIBUTE = re.compile(
    r"""\b(?:aria-label|aria-description|title|placeholder|alt|data-say\w*)=(?:"([^"]*)"|'([^']*)')"""
)
DJANGO = re.compile(r"{{.*?}}|{%.*?%}", re.S)
TAG = re.compile(r"<[^>]*>", re.S)

INLINE = [
    (re.compile(r"<style\b"), "a style element"),
    (re.compile(r"\sstyle\s*=\s*[\"']"), "a style attribute"),
    (re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>"), "an inline script"),
    (re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']"), "an event attribute"),
    (re.compile(r"javascript:"), "a javascript: address"),
    (re.compile(r"\bhx-on\b"), "hx-on, which needs eval"),
]


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def inline_code(tree: Tree) -> list[str]:
    """This function will list style and script inside pages, which the Content-Security-Policy would drop."""
    found = []
    for template in tree.templates:
        text = template.text
        for pattern in HIDDEN[:2]:
            text = _blank(text, pattern)
        for line, row in enumerate(text.splitlines(), 1):
            found += [template.at(line, f"has {what}") for pattern, what in INLINE if pattern.search(row)]
    return found


def bare_words(tree: Tree) -> list[str]:
    """This function will list words in templates that no one can translate."""
    return [template.at(line, f"bare words: {said}") for template in tree.templates for line, said in _bare(template)]


def _bare(template: Source) -> Iterator[tuple[int, str]]:
    text = template.text
    for pattern in HIDDEN:
        text = _blank(text, pattern)
    # {% if a > b %} would end a tag early: Django's own marks go first, leaving room for words beside them.
    text = _blank(text, DJANGO)
    for match in SPOKEN_ATTRIBUTE.finditer(text):
        if said := _words(match[1] or match[2] or ""):
            yield text.count("\n", 0, match.start()) + 1, said
    for line, row in enumerate(_blank(text, TAG).splitlines(), 1):
        if said := _words(row):
            yield line, said


def _words(text: str) -> str:
    left = re.sub(r"&#?\w+;", " ", text)
    found = [w for w in LATIN.findall(left) if w not in NAMES] + CJK.findall(left)
    return " ".join(found)


def chinese_in_code(tree: Tree) -> list[str]:
    """This function will list Chinese in strings of the code: sources are English, the Chinese is in the catalogue.

    Patterns and single characters are matched against what people write; they are not said to anybody.
    """
    found = []
    for source in tree.sources:
        if str(source.inside).startswith(CHINESE_BY_NATURE):
            continue
        silent = _docstrings(source.tree)
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in silent:
                continue
            said = node.value.replace(OWN_NAME, "")
            if len(node.value) > 1 and CJK.search(said) and not PATTERN.search(node.value):
                found.append(source.at(node, f"Chinese in the code: {node.value[:20]!r}"))
    return found


def _docstrings(tree: ast.Module) -> set[int]:
    """Strings that stand alone as a statement: docstrings of modules, classes, functions and values."""
    return {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}


def spoken_refusals(tree: Tree) -> list[str]:
    """This function will list refusals and form errors whose words nobody can translate."""
    found = []
    refusals = {"ValidationError"} | {
        node.name
        for source in tree.sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and any("Refusal" in ast.unparse(base) for base in node.bases)
    }
    for source in tree.sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and called(node) in refusals and node.args:
                first = node.args[0]
                if isinstance(first, ast.JoinedStr) or (
                    isinstance(first, ast.Constant) and isinstance(first.value, str)
                ):
                    found.append(source.at(node, f"{called(node)} speaks untranslated words"))
    return found
