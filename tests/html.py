"""Pages as a browser takes them: how a template is laid out is not what a test asks about."""

from __future__ import annotations

import re


def flat(html: str) -> str:
    """Return a page with each run of white space as one space, none before the end of a tag, none around its title."""
    html = re.sub(r"\s*(/?>)", r"\1", re.sub(r"\s+", " ", html))
    html = re.sub(r"(<textarea[^>]*>) ", r"\1", html)  # browsers drop the line break that begins it
    return re.sub(r"<title> ?(.*?) ?</title>", r"<title>\1</title>", html)
