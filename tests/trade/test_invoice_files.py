"""Files of invoices are judged by what is in them, never by their name."""

from __future__ import annotations

import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.trade.invoices.errors import FileRefused, FileTooLarge
from pifa.trade.invoices.files import MAX_BYTES, PDF_STREAMS, UNPACKED_BYTES, clean_file
from tests.trade.invoice_files import ofd, pdf, picture


def test_the_four_kinds_are_kept() -> None:
    for data, kind in ((pdf(), "pdf"), (ofd(), "ofd")):
        assert (clean_file(data).data, clean_file(data).format) == (data, kind)
    assert clean_file(picture("PNG")).format == "png"
    assert clean_file(picture("JPEG")).format == "jpeg"
    assert len(clean_file(pdf()).digest) == 64


def test_pictures_are_written_anew() -> None:
    assert b"<script>" not in clean_file(picture("JPEG") + b"<script>alert(1)</script>").data


@pytest.mark.parametrize(
    "body",
    [
        b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
        b"/OpenAction << /S /J#61vaScript /JS (app.alert(1)) >>",
        b"/Names << /EmbeddedFiles 3 0 R >>",
        b"/A << /S /Launch /F (calc.exe) >>",
        b"/AcroForm << /XFA [(a) 4 0 R] >>",
        b"/Encrypt 9 0 R",
        b"/A << /S /SubmitForm >>",
    ],
)
def test_a_pdf_that_acts_or_hides_is_refused_also_when_it_is_packed(body: bytes) -> None:
    with pytest.raises(FileRefused):
        clean_file(pdf(body))
    with pytest.raises(FileRefused):
        clean_file(pdf(packed=b"1 0 << " + body + b" >>"))
    # Within what looks like another stream that cannot be unpacked.
    inner = zlib.compress(b"<< " + body + b" >>")
    with pytest.raises(FileRefused):
        clean_file(pdf(b">>\nstream\nnothing\nstream\n" + inner + b"\nendstream <<"))


def test_a_pdf_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(FileRefused):
        clean_file(pdf(packed=b"\0" * (UNPACKED_BYTES + 1)))
    with pytest.raises(FileRefused):
        clean_file(pdf(b"stream\n" * (PDF_STREAMS + 2)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<html>%PDF-1.7</html>",
        b"MZ\x90\x00",
        b"<svg/>",
        pdf()[:-30],
        b"%PDF-9.9\n" + pdf()[9:],
        picture()[:40],
        b"PK\x03\x04 broken",
        ofd()[:-10],
        ofd(b"<html/>"),
        ofd(b'<!DOCTYPE a [<!ENTITY b "c">]><OFD>&b;</OFD>'),
        ofd(others={"Doc_0/Document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        ofd(others={"../evil.xml": b"<a/>"}),
        ofd(others={"/etc/passwd": b"x"}),
        ofd(others={"C:evil": b"x"}),
        ofd(others={"Doc_0/zeros.bin": b"\0" * (3 * 1024 * 1024)}),
        ofd(others={f"{number}.xml": b"<a/>" for number in range(2001)}),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(FileRefused):
        clean_file(data)


def test_a_zip_without_the_root_part_is_no_ofd() -> None:
    assert clean_file(ofd(others={"Doc_0/Document.xml": b"<a/>"})).format == "ofd"
    with pytest.raises(FileRefused):
        clean_file(ofd().replace(b"OFD.xml", b"AFD.xml"))


def test_a_file_has_a_size() -> None:
    with pytest.raises(FileTooLarge):
        clean_file(pdf() + b"\0" * MAX_BYTES)


@given(st.sampled_from([pdf(), ofd(), picture()]), st.integers(0, 200), st.binary(max_size=8))
def test_damaged_files_are_kept_or_refused_and_nothing_else(
    whole: bytes, place: int, dirt: bytes
) -> None:
    with suppress(FileRefused):
        clean_file(whole[:place] + dirt + whole[place + len(dirt) :])
