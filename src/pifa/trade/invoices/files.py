"""Files that sellers send as invoices: proved by content to be what they may be, before any is kept.

A picture is written anew (`kernel.pictures`). PDF and OFD carry signatures and are kept to the
byte, so they are looked through instead: a PDF may hold nothing that acts or hides (scripts,
launches, attachments, encryption), also within packed objects; an OFD is an archive of documents
of sane size with its root part, without ways out of it and without document types.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.kernel.pictures import PictureError, PictureLimits, clean_picture
from pifa.kernel.sheets.errors import BROKEN_ZIP
from pifa.trade.invoices.errors import FileRefused, FileTooLarge

MIB = 1024 * 1024
MAX_BYTES = 10 * MIB
UNPACKED_BYTES = 64 * MIB
"""All that a file may hold when it is unpacked."""

OFD_MEMBERS = 2000
OFD_RATIO = 200
_XML_BYTES = 4 * MIB

PDF_STREAMS = 5000
_CHUNK = 64 * 1024

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "png": "image/png",
    "jpeg": "image/jpeg",
}

_PDF_HEAD = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n ]")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
_ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|Encrypt|SubmitForm|ImportData|GoToE)"
    rb"(?![A-Za-z0-9])|/XFA[\s\[\d]"
)
# Shorter names stand in any picture by chance; a script has `/JavaScript` beside its `/JS`.


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that may be kept; `format` is a key of `CONTENT_TYPES` and its suffix."""

    data: bytes
    format: str

    @property
    def digest(self) -> str:
        """SHA-256 of what is kept."""
        return hashlib.sha256(self.data).hexdigest()


NO_INVOICE = _("发票须是 PDF、OFD、PNG 或 JPG 文件。")


def clean_file(data: bytes, none_of_these: str | Promise = NO_INVOICE) -> CleanFile:
    """Prove bytes to be a PDF, OFD, PNG or JPEG that harms nobody; its name plays no part.

    `FileRefused` says why not (`none_of_these` of what is no such file), `FileTooLarge` beyond
    10 MB.
    """
    if len(data) > MAX_BYTES:
        raise FileTooLarge(field="file", limit_mib=MAX_BYTES // MIB)
    if data.startswith(b"%PDF-"):
        _check_pdf(data)
        return CleanFile(data, "pdf")
    if data.startswith(b"PK\x03\x04"):
        _check_ofd(data)
        return CleanFile(data, "ofd")
    if data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        try:
            picture = clean_picture(data, PictureLimits(file_bytes=MAX_BYTES))
        except PictureError as error:
            raise _refused(str(error)) from error
        return CleanFile(picture.data, picture.format)
    raise _refused(none_of_these)


# ----------------------------------------------------------------------------------- PDF


def _check_pdf(data: bytes) -> None:
    if not _PDF_HEAD.match(data) or b"startxref" not in data or b"%%EOF" not in data[-2048:]:
        raise _refused(_("PDF 不完整，请重新导出。"))
    _look_through(data)
    left = UNPACKED_BYTES
    for count, begin in enumerate(_STREAM.finditer(data)):
        # Every place that may be a packed stream is tried, also one within another: readers
        # differ on where a stream ends. What is packed otherwise was looked through above.
        unpacked = _inflate(memoryview(data)[begin.end() :], left)
        left -= len(unpacked)
        if left <= 0 or count >= PDF_STREAMS:
            raise _refused(_("PDF 解压后的大小异常。"))
        _look_through(unpacked)


def _look_through(data: bytes) -> None:
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)
    if _ACTIVE.search(plain):
        raise _refused(_("PDF 里有脚本、附件、加密或会打开其他内容的动作，请导出为普通 PDF。"))


def _inflate(data: memoryview, most: int) -> bytes:
    """What a stream holds, up to so many bytes; as far as it can be unpacked at all."""
    unpacker, found, size = zlib.decompressobj(), [], 0
    try:
        for at in range(0, len(data), _CHUNK):
            piece = unpacker.decompress(data[at : at + _CHUNK], most - size + 1)
            found.append(piece)
            size += len(piece)
            if unpacker.eof or size > most:
                break
    except zlib.error:
        pass
    return b"".join(found)


# ----------------------------------------------------------------------------------- OFD


def _check_ofd(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_members(archive)
            root = archive.getinfo("OFD.xml")
            if _tag(_xml(archive, root)) != "OFD":
                raise _refused(_("不是 OFD 文件。"))
            for member in archive.infolist():
                if member.filename.lower().endswith(".xml"):
                    _xml(archive, member)
    except KeyError as error:
        raise _refused(_("不是 OFD 文件。")) from error
    except BROKEN_ZIP as error:
        raise _refused(_("OFD 不完整，请重新下载。")) from error


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > OFD_MEMBERS or sum(item.file_size for item in members) > UNPACKED_BYTES:
        raise _refused(_("OFD 解压后的大小异常。"))
    names = set()
    for member in members:
        name = member.filename
        parts = name.replace("\\", "/").split("/")
        leads_out = name.startswith(("/", "\\")) or ".." in parts or ":" in name or "\0" in name
        if leads_out or stat.S_ISLNK(member.external_attr >> 16) or member.flag_bits & 0x1:
            raise _refused(_("OFD 里有不该有的内容。"))
        if name.casefold() in names:
            raise _refused(_("OFD 里有不该有的内容。"))
        names.add(name.casefold())
        large = member.file_size > MIB
        if large and member.file_size > OFD_RATIO * max(member.compress_size, 1):
            raise _refused(_("OFD 解压后的大小异常。"))


def _xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str:
    """The root's tag of a part, read without document types, entities and beyond its size."""
    try:
        with archive.open(member) as part:
            content = part.read(_XML_BYTES + 1)
    except ValueError as error:  # a part that lies before the file's beginning
        raise _refused(_("OFD 不完整，请重新下载。")) from error
    if len(content) > _XML_BYTES:
        raise _refused(_("OFD 解压后的大小异常。"))
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise _refused(_("OFD 里有不该有的内容。")) from error
    return str(root.tag)


def _tag(name: str) -> str:
    return name.rpartition("}")[2]


def _refused(why: str | Promise) -> FileRefused:
    return FileRefused(field="file", why=str(why))
