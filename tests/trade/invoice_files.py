"""Files as sellers send them: plain ones, and made to harm."""

from __future__ import annotations

import io
import zipfile
import zlib

from PIL import Image

_OFD = b'<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>'


def pdf(body: bytes = b"", *, packed: bytes = b"") -> bytes:
    """A small PDF with something in it, or in a packed stream of it."""
    stream = b""
    if packed:
        data = zlib.compress(packed)
        head = b"<< /Type /ObjStm /Filter /FlateDecode /Length %d >>" % len(data)
        stream = b"2 0 obj\n" + head + b"\nstream\n" + data + b"\nendstream\nendobj\n"
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + body + b" >>\nendobj\n" + stream + b"xref\n0 1\n"
        b"trailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
    )


def ofd(root: bytes = _OFD, *, others: dict[str, bytes] | None = None) -> bytes:
    """A small OFD, with other members beside its root."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", root)
        for name, content in (others or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def picture(kind: str = "PNG") -> bytes:
    """A small picture with a note in it."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, kind)
    return out.getvalue()
