"""Pictures: cleaned, and stored once a seller whatever they are called."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from pifa.catalog.models import Picture
from pifa.catalog.policies import may_keep
from pifa.kernel.actors import Actor
from pifa.kernel.pictures import CleanPicture, clean_picture

_SVG_SIZE = re.compile(r'viewBox="[\d.-]+ [\d.-]+ (\d+)(?:\.\d+)? (\d+)(?:\.\d+)?"')


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A cleaned picture to be stored. `digest` is of the bytes as they came."""

    digest: str
    data: bytes
    width: int
    height: int
    suffix: str


def add_picture(actor: Actor, data: bytes) -> int:
    """Clean and store a picture that somebody sent; its id.

    The same bytes again give the same picture. Raises `PictureError`, `PictureTooLarge`.
    """
    company_id = may_keep(actor)
    digest = picture_digest(data)
    known = Picture.objects.filter(company_id=company_id, sha256=digest).first()
    if known is not None:
        return known.pk
    return store_pictures(company_id, [cleaned(data)])[digest]


def add_drawn_picture(company_id: int, svg: str) -> int:
    """Store an SVG drawn by the market's own code; its id.

    An SVG can carry scripts: this is for trusted callers inside the house only, and what a
    person sends never comes here.
    """
    return store_pictures(company_id, [drawn(svg)])[picture_digest(svg.encode())]


def cleaned(data: bytes) -> NewPicture:
    """Prove bytes to be a picture and write it anew. Raises `PictureError`."""
    clean: CleanPicture = clean_picture(data)
    return NewPicture(picture_digest(data), clean.data, clean.width, clean.height, clean.format)


def drawn(svg: str) -> NewPicture:
    """A drawing of the market's own; its size is read from its viewBox."""
    size = _SVG_SIZE.search(svg)
    if size is None:
        raise ValueError("a drawing needs a viewBox")
    data = svg.encode()
    return NewPicture(picture_digest(data), data, int(size[1]), int(size[2]), "svg")


def picture_digest(data: bytes) -> str:
    """What tells pictures apart: SHA-256 of the bytes as they came."""
    return hashlib.sha256(data).hexdigest()


def store_pictures(company_id: int, pictures: Sequence[NewPicture]) -> dict[str, int]:
    """Store cleaned pictures of a company; picture ids by digest. Three statements at most.

    Files are written before the rows: a row never points at nothing. A file left behind by a
    transaction that failed is found again by its name when the picture comes again.
    """
    by_digest = {picture.digest: picture for picture in pictures}
    with transaction.atomic():
        known = _known(company_id, by_digest)
        rows = [
            Picture(
                company_id=company_id,
                file=_write(company_id, picture),
                sha256=digest,
                width=picture.width,
                height=picture.height,
            )
            for digest, picture in by_digest.items()
            if digest not in known
        ]
        if rows:
            Picture.objects.bulk_create(rows, ignore_conflicts=True)
            known = _known(company_id, by_digest)
        return known


def _known(company_id: int, digests: dict[str, NewPicture]) -> dict[str, int]:
    rows = Picture.objects.filter(company_id=company_id, sha256__in=list(digests))
    return dict(rows.values_list("sha256", "pk"))


def _write(company_id: int, picture: NewPicture) -> str:
    """Write the file under a name nobody can guess; its content decides the name."""
    name = f"pictures/{company_id}/{picture.digest[:32]}.{picture.suffix}"
    if not default_storage.exists(name):
        return default_storage.save(name, ContentFile(picture.data))
    return name
