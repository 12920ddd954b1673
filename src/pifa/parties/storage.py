"""Where papers that nobody may fetch by address are kept: beside the public media, not in it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible
class PrivateStorage(FileSystemStorage):
    """Files under `private/` beside `MEDIA_ROOT`. They have no address: a view that asked a
    policy first reads them through a query."""

    @property
    def base_location(self) -> str:
        return str(Path(settings.MEDIA_ROOT).parent / "private")

    @property
    def location(self) -> str:
        return str(Path(self.base_location).resolve())

    def url(self, name: str | None) -> str:
        """There is none; an empty address shows as text only."""
        return ""
