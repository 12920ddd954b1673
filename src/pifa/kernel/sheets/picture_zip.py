"""Pictures that come as one archive or as a folder, looked up by the names in a sheet.

Nothing is unpacked to disk: a member is read when asked for, so that its name can lead nowhere
and its size is counted while it is read.
"""

from __future__ import annotations

import os
import posixpath
import stat
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pifa.kernel.sheets.errors import (
    BROKEN_ZIP,
    ArchiveBomb,
    FileTooLarge,
    NotAPictureArchive,
    PictureAmbiguous,
    PictureNotFound,
    PictureRefused,
    TooManyMembers,
)
from pifa.kernel.sheets.limits import MIB, ArchiveLimits

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif"})
_CLUTTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800


class PictureSource(Protocol):
    """Where the pictures that a sheet names are read from."""

    def names(self) -> list[str]:
        """All pictures, as paths with `/`, sorted."""

    def read(self, name: str) -> bytes:
        """The bytes of a picture by its path, or by its file name alone where that is unique.

        Upper and lower case do not matter. Raises `PictureNotFound`, `PictureRefused`,
        `PictureAmbiguous`.
        """


@dataclass(frozen=True, slots=True)
class RefusedMember:
    """A member of an archive that is not used, and why."""

    name: str
    reason: str | Promise


class _Index:
    """Finds a path by what a person wrote."""

    def __init__(self, source: str, paths: list[str]) -> None:
        self._source = source
        self._by_path = {path.casefold(): path for path in paths}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in paths:
            self._by_name[posixpath.basename(path).casefold()].append(path)

    def find(self, written: str) -> str:
        wanted = written.strip().replace("\\", "/").removeprefix("./").casefold()
        if wanted in self._by_path:
            return self._by_path[wanted]
        found = self._by_name.get(wanted, [])
        if len(found) > 1:
            raise PictureAmbiguous(name=self._source, picture=written, found=len(found))
        if not found:
            raise PictureNotFound(name=self._source, picture=written)
        return found[0]


class PictureZip:
    """The pictures of a zip. `refused` lists the members that are not used."""

    def __init__(
        self, raw: IO[bytes], name: str, limits: ArchiveLimits, *, owned: bool = False
    ) -> None:
        self.name, self._limits = name, limits
        self._own = raw if owned else None
        self.refused: list[RefusedMember] = []
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._taken: set[str] = set()
        self._read_bytes = 0
        try:
            self._archive = zipfile.ZipFile(raw)
        except BROKEN_ZIP as error:
            raise NotAPictureArchive(name=name) from error
        members = self._archive.infolist()
        if len(members) > limits.members:
            raise TooManyMembers(name=name, found=len(members), limit=limits.members)
        if sum(member.file_size for member in members) > limits.total_bytes:
            raise ArchiveBomb(name=name)
        for member in members:
            self._admit(member)
        self._index = _Index(name, list(self._members))

    def names(self) -> list[str]:
        """All pictures, sorted."""
        return sorted(self._members)

    def read(self, name: str) -> bytes:
        """The bytes of one picture, counted while they are unpacked."""
        member = self._members[self._find(name)]
        try:
            with self._archive.open(member) as stream:
                data = stream.read(self._limits.member_bytes + 1)
        except BROKEN_ZIP as error:
            raise NotAPictureArchive(name=self.name) from error
        self._read_bytes += len(data)
        if len(data) > self._limits.member_bytes or self._read_bytes > self._limits.total_bytes:
            raise ArchiveBomb(name=self.name)
        return data

    def _find(self, name: str) -> str:
        try:
            return self._index.find(name)
        except PictureNotFound:
            refused = _Index(self.name, [member.name for member in self.refused]).find(name)
            reason = next(one.reason for one in self.refused if one.name == refused)
            raise PictureRefused(picture=name, reason=reason) from None

    def close(self) -> None:
        """Let go of the archive; a file object that was given stays open for its owner."""
        self._archive.close()
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def _admit(self, member: zipfile.ZipInfo) -> None:
        path = _readable_name(member)
        if member.is_dir() or _is_clutter(path):
            return
        reason = self._objection(member, path)
        if reason is None and path.casefold() in self._taken:
            reason = _("压缩包里已有同名的图片，已跳过后一个")
        if reason is not None:
            self.refused.append(RefusedMember(path, reason))
        else:
            self._taken.add(path.casefold())
            self._members[path] = member

    def _objection(self, member: zipfile.ZipInfo, path: str) -> str | Promise | None:
        limits = self._limits
        parts = path.split("/")
        if path.startswith("/") or ".." in parts or ":" in parts[0] or "\0" in path:
            return _("文件路径指向压缩包以外，已跳过")
        if stat.S_ISLNK(member.external_attr >> 16):
            return _("这是一个链接而不是图片，已跳过")
        if member.flag_bits & _ENCRYPTED:
            return _("文件设有密码，请去掉密码后重新压缩")
        if posixpath.splitext(path)[1].lower() not in PICTURE_SUFFIXES:
            return _("不是图片文件（支持 jpg、png、webp、gif），已跳过")
        if member.file_size > limits.member_bytes:
            return format_lazy(
                _("图片过大，请压缩到 {limit_mib} MB 以内"), limit_mib=limits.member_bytes // MIB
            )
        suspicious = member.file_size > limits.ratio_from_bytes
        if suspicious and member.file_size > limits.ratio * max(member.compress_size, 1):
            return _("解压后的大小异常，已跳过")
        return None


class PictureFolder:
    """The pictures of a folder on this machine; links that lead out of it are not followed."""

    def __init__(self, root: str | os.PathLike[str], limits: ArchiveLimits | None = None) -> None:
        self._root = Path(root).resolve()
        self._limits = limits or ArchiveLimits()
        paths: list[str] = []
        for path in sorted(self._root.rglob("*")):
            inside = path.resolve().is_relative_to(self._root)
            if inside and path.is_file() and path.suffix.lower() in PICTURE_SUFFIXES:
                paths.append(path.relative_to(self._root).as_posix())
        self._paths = paths
        self._index = _Index(self._root.name, paths)

    def names(self) -> list[str]:
        """All pictures, sorted."""
        return list(self._paths)

    def read(self, name: str) -> bytes:
        """The bytes of one picture."""
        path = self._root / self._index.find(name)
        if path.stat().st_size > self._limits.member_bytes:
            raise FileTooLarge(name=path.name, limit_mib=self._limits.member_bytes // MIB)
        return path.read_bytes()


def open_picture_zip(
    file: str | os.PathLike[str] | IO[bytes],
    limits: ArchiveLimits | None = None,
    *,
    name: str | None = None,
) -> PictureZip:
    """Open an archive of pictures; what is no picture is listed in `refused`, never read.

    Raises `NotAPictureArchive`, `FileTooLarge`, `TooManyMembers` and `ArchiveBomb`.
    """
    limits = limits or ArchiveLimits()
    owned = isinstance(file, str | os.PathLike)
    if isinstance(file, str | os.PathLike):
        raw: IO[bytes] = Path(file).open("rb")  # noqa: SIM115 - lives as long as the archive
        name = name or Path(file).name
    else:
        raw = file
        name = name or str(getattr(file, "name", "") or "pictures.zip")
    try:
        raw.seek(0, os.SEEK_END)
        if raw.tell() > limits.file_bytes:
            raise FileTooLarge(name=name, limit_mib=limits.file_bytes // MIB)
        raw.seek(0)
        return PictureZip(raw, name, limits, owned=owned)
    except BaseException:
        if owned:
            raw.close()
        raise


def _readable_name(member: zipfile.ZipInfo) -> str:
    """The member's name; Windows writes Chinese names as GBK without saying so."""
    name = member.filename
    if not member.flag_bits & _UTF8_NAME:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            return name.replace("\\", "/")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _is_clutter(path: str) -> bool:
    """What computers leave behind beside the files of a person."""
    parts = path.split("/")
    return parts[0] == "__MACOSX" or parts[-1].casefold() in _CLUTTER or parts[-1].startswith("._")
