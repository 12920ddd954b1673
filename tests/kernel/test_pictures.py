"""Pictures from strangers, alone and in archives."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from pifa.kernel.pictures import PictureError, PictureLimits, PictureTooLarge, clean_picture
from pifa.kernel.sheets import ArchiveLimits, PictureFolder, PictureZip, open_picture_zip
from pifa.kernel.sheets.errors import (
    ArchiveBomb,
    FileTooLarge,
    NotAPictureArchive,
    PictureAmbiguous,
    PictureNotFound,
    PictureRefused,
    TooManyMembers,
)


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "orange").save(out, kind, **options)
    return out.getvalue()


def archive(*members: tuple[str | zipfile.ZipInfo, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members:
            target.writestr(name, data)
    return out


class TestCleanPicture:
    @pytest.mark.parametrize(
        ("kind", "expected"),
        [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "png")],
    )
    def test_true_pictures(self, kind: str, expected: str) -> None:
        cleaned = clean_picture(picture(kind))
        assert cleaned[1:] == (40, 20, expected)
        with Image.open(io.BytesIO(cleaned.data)) as read:
            assert read.size == (40, 20)

    @pytest.mark.parametrize("size", [(4000, 3000), (1000, 3001), (1600, 10), (3201, 1)])
    def test_a_large_photo_gets_its_longest_side_to_the_limit(self, size: tuple[int, int]) -> None:
        cleaned = clean_picture(picture(size=size))
        assert max(cleaned.width, cleaned.height) == 1600
        wanted = round(min(size) * 1600 / max(size)) or 1
        assert abs(min(cleaned.width, cleaned.height) - wanted) <= 1

    def test_orientation_is_applied_and_nothing_else_noted_stays(self) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6  # turned by 90 degrees
        exif[0x010E] = "home address"
        cleaned = clean_picture(picture(exif=exif) + b"<script>after the end</script>")
        assert (cleaned.width, cleaned.height) == (20, 40)
        assert b"home address" not in cleaned.data
        assert b"script" not in cleaned.data
        with Image.open(io.BytesIO(cleaned.data)) as read:
            assert not read.getexif()

    def test_transparency_survives(self) -> None:
        out = io.BytesIO()
        Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(out, "PNG")
        with Image.open(io.BytesIO(clean_picture(out.getvalue()).data)) as read:
            assert read.mode == "RGBA"

    def test_large_pictures_are_made_smaller(self) -> None:
        cleaned = clean_picture(picture(size=(4000, 1000)))
        assert (cleaned.width, cleaned.height) == (1600, 400)

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"not a picture",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"PK\x03\x04 a zip",
            picture()[:-200],
            picture("PNG")[:60],
            picture("BMP"),
        ],
    )
    def test_what_is_no_picture(self, data: bytes) -> None:
        with pytest.raises(PictureError):
            clean_picture(data)

    def test_a_small_file_of_enormous_size_is_not_unpacked(self) -> None:
        header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
        chunk = b"IHDR" + header
        bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
        bomb += struct.pack(">I", zlib.crc32(chunk))
        bomb += picture("PNG")[33:]
        with pytest.raises(PictureTooLarge):
            clean_picture(bomb)
        with pytest.raises(PictureTooLarge):
            clean_picture(picture(), PictureLimits(pixels=799))
        with pytest.raises(PictureTooLarge):
            clean_picture(picture(), PictureLimits(file_bytes=10))


class TestPictureZip:
    def test_pictures_are_found_by_path_or_by_unique_name(self) -> None:
        pictures = open_picture_zip(archive(("螺栓/M8.JPG", b"8"), ("b/M10.png", b"10")))
        assert pictures.names() == ["b/M10.png", "螺栓/M8.JPG"]
        assert pictures.read("m8.jpg") == b"8"
        assert pictures.read("b\\M10.png") == b"10"
        with pytest.raises(PictureNotFound):
            pictures.read("M12.jpg")

    def test_the_same_name_in_two_folders_must_be_told_apart(self) -> None:
        pictures = open_picture_zip(archive(("a/1.jpg", b"a"), ("b/1.jpg", b"b")))
        assert pictures.read("b/1.jpg") == b"b"
        with pytest.raises(PictureAmbiguous):
            pictures.read("1.jpg")

    def test_names_written_by_windows(self) -> None:
        raw = archive(("x" * 8 + ".jpg", b"1")).getvalue()
        gbk = "螺栓垫片".encode("gb18030")
        pictures = open_picture_zip(io.BytesIO(raw.replace(b"x" * 8, gbk)))
        assert pictures.names() == ["螺栓垫片.jpg"]

    def test_members_that_lead_out_or_are_no_pictures_are_refused_by_name(self) -> None:
        link = zipfile.ZipInfo("link.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        pictures = open_picture_zip(
            archive(
                ("../evil.jpg", b"1"),
                ("/etc/evil.jpg", b"1"),
                ("C:\\evil.jpg", b"1"),
                ("a/..\\..\\evil.jpg", b"1"),
                (link, b"/etc/passwd"),
                ("inner.zip", b"PK\x03\x04"),
                ("Good.jpg", b"1"),
                ("good.JPG", b"2"),
                ("__MACOSX/._Good.jpg", b"1"),
                ("Thumbs.db", b"1"),
            )
        )
        assert pictures.names() == ["Good.jpg"]
        assert len(pictures.refused) == 7
        assert all(str(member.reason) for member in pictures.refused)

    def test_bombs(self) -> None:
        zeros = open_picture_zip(archive(("a.jpg", bytes(3_000_000)), ("b.jpg", b"1")))
        assert zeros.names() == ["b.jpg"]
        with pytest.raises(ArchiveBomb):
            open_picture_zip(archive(("a.jpg", bytes(999))), ArchiveLimits(total_bytes=500))
        with pytest.raises(TooManyMembers):
            open_picture_zip(archive(("a.jpg", b""), ("b.jpg", b"")), ArchiveLimits(members=1))
        with pytest.raises(FileTooLarge):
            open_picture_zip(archive(("a.jpg", b"1")), ArchiveLimits(file_bytes=20))

    def test_a_member_that_lies_about_its_size(self) -> None:
        data = archive(("a.jpg", bytes(5000))).getvalue()
        lie = data.replace(struct.pack("<I", 5000), struct.pack("<I", 10))
        pictures: PictureZip = open_picture_zip(io.BytesIO(lie))
        with pytest.raises(NotAPictureArchive):
            pictures.read("a.jpg")

    def test_no_archive(self) -> None:
        with pytest.raises(NotAPictureArchive):
            open_picture_zip(io.BytesIO(b"hello"))


def test_a_named_picture_that_is_not_read_says_why() -> None:
    limits = ArchiveLimits(member_bytes=1000)
    pictures = open_picture_zip(archive(("m8.jpg", b"8" * 1001), ("../out.jpg", b"x")), limits)
    for name, why in (("m8.jpg", "图片过大"), ("out.jpg", "指向压缩包以外")):
        with pytest.raises(PictureRefused, match=why):
            pictures.read(name)
    with pytest.raises(PictureNotFound):
        pictures.read("m9.jpg")


def test_a_folder_is_read_like_an_archive(tmp_path: Path) -> None:
    root = tmp_path / "pictures"
    (root / "sub").mkdir(parents=True)
    (root / "sub" / "1.jpg").write_bytes(b"1")
    (tmp_path / "secret.jpg").write_bytes(b"s")
    (root / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (root / "notes.txt").write_text("x")
    folder = PictureFolder(root)
    assert folder.names() == ["sub/1.jpg"]
    assert folder.read("1.jpg") == b"1"
    with pytest.raises(PictureNotFound):
        folder.read("link.jpg")
