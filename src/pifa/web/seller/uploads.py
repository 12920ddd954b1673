"""Files that wait between a preview and the seller's go: kept by company, forgotten after a day."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from pifa.web.seller.frame import actor_on, company_id_of

KEPT_SECONDS = 24 * 3600
NAME = "name"
"""The file that holds the first upload's own name."""

Upload: TypeAlias = "UploadedFile[Any]"


def keep(request: HttpRequest, purpose: str, files: Mapping[str, Upload | None]) -> Path:
    """Keep uploads in a folder that this session finds again by its purpose.

    What the session kept before for the purpose is forgotten, and whatever the company's
    members left lying for more than a day.
    """
    forget(request, purpose)
    home = _home(request)
    key = uuid4()
    folder = home / key.hex
    folder.mkdir(parents=True)
    newest = folder.stat().st_mtime
    for old in home.iterdir():
        if old.stat().st_mtime < newest - KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    named = False
    for name, file in files.items():
        if file is None:
            continue
        with (folder / name).open("wb") as target:
            shutil.copyfileobj(file, target)
        if not named:
            (folder / NAME).write_text(Path(file.name or name).name[-200:], encoding="utf-8")
            named = True
    request.session[_key(purpose)] = key.hex
    return folder


def kept(request: HttpRequest, purpose: str) -> Path | None:
    """The folder this session keeps for a purpose, if it is still there."""
    try:
        key = UUID(hex=str(request.session.get(_key(purpose))))
    except ValueError:
        return None
    folder = _home(request) / key.hex
    return folder if folder.is_dir() else None


def forget(request: HttpRequest, purpose: str) -> None:
    """Remove what this session keeps for a purpose."""
    folder = kept(request, purpose)
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
    request.session.pop(_key(purpose), None)


def name_of(folder: Path) -> str:
    """What the seller called the file."""
    return (folder / NAME).read_text(encoding="utf-8")


def _key(purpose: str) -> str:
    return f"upload:{purpose}"


def _home(request: HttpRequest) -> Path:
    """Uploads lie by company, so that a session of another company leads nowhere."""
    return Path(settings.HOME) / "uploads" / str(company_id_of(actor_on(request)))
