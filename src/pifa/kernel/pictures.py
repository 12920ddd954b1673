"""Pictures that strangers send: proven to be pictures, and written anew.

Re-encoding drops whatever else was in the file: positions and names in EXIF, scripts behind the
last byte, other formats hidden in one file.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from pifa.kernel.errors import DomainError

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What a picture may weigh; a larger one than `side` is made smaller, not refused."""

    file_bytes: int = 20 * 1024 * 1024
    pixels: int = 40_000_000
    side: int = 1600
    """Longest side after cleaning, in pixels."""


class CleanPicture(NamedTuple):
    """A picture written anew; `format` is "jpeg", "png" or "webp" (its file suffix too)."""

    data: bytes
    width: int
    height: int
    format: str


class PictureError(DomainError):
    """The bytes are no picture that can be shown."""

    code = "picture.unreadable"
    status = 422
    message = _("这个文件不是完整的图片。请上传 JPG、PNG、WebP 或 GIF 图片。")


class PictureTooLarge(PictureError):
    """More bytes or pixels than the limit."""

    code = "picture.too_large"
    status = 413
    message = _("图片过大（上限 {limit_mib} MB、{limit_megapixels} 百万像素）。请缩小后重新上传。")


def clean_picture(data: bytes, limits: PictureLimits | None = None) -> CleanPicture:
    """Prove that bytes are a JPEG, PNG, WebP or GIF and write them anew.

    The orientation noted by a camera is applied, everything else noted is dropped; an animation
    keeps its first picture (a GIF becomes a PNG). Raises `PictureError`, `PictureTooLarge`.
    """
    limits = limits or PictureLimits()
    if len(data) > limits.file_bytes:
        raise _too_large(limits)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            kind = picture.format or ""
            if picture.width * picture.height > limits.pixels:  # known before it is unpacked
                raise _too_large(limits)
            picture.seek(0)
            picture.draft(None, _fitting(picture.size, limits.side))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((limits.side, limits.side))
            return _encode(upright, kind)
    except Image.DecompressionBombError as error:
        raise _too_large(limits) from error
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        TypeError,
        struct.error,
    ) as error:  # what Pillow raises for damaged files
        raise PictureError from error


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size that a picture will have in the end: a JPEG is unpacked no larger than needed."""
    longest = max(*size, side)
    return (max(size[0] * side // longest, 1), max(size[1] * side // longest, 1))


def _encode(picture: Image.Image, kind: str) -> CleanPicture:
    target = {"JPEG": "jpeg", "WEBP": "webp"}.get(kind, "png")
    transparent = target != "jpeg" and picture.has_transparency_data
    plain = picture.convert("RGBA" if transparent else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)  # carries the pixels over and nothing else
    out = io.BytesIO()
    if target == "jpeg":
        bare.save(out, "JPEG", quality=88, optimize=True)
    elif target == "webp":
        bare.save(out, "WEBP", quality=88)
    else:
        bare.save(out, "PNG", optimize=True)
    return CleanPicture(out.getvalue(), bare.width, bare.height, target)


def _too_large(limits: PictureLimits) -> PictureTooLarge:
    return PictureTooLarge(
        limit_mib=limits.file_bytes // (1024 * 1024), limit_megapixels=limits.pixels // 1_000_000
    )
