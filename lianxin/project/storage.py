"""Where static files lie."""

from __future__ import annotations

from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # it ships no types
    """Static files under names that hold a hash of their content; a name is looked up once in the life of a process."""

    @cache  # noqa: B019 - there is one storage, and it lives as long as the process
    def url(self, name: str, force: bool = False) -> str:
        return str(super().url(name, force))
