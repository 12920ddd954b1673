"""Pictures that a sheet names: found, proven, told apart by content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from pifa.catalog.commands.pictures import (
    NewPicture,
    cleaned,
    picture_digest,
    store_pictures,
)
from pifa.catalog.goods_sheet.plan import Group
from pifa.catalog.models import Picture
from pifa.kernel.errors import DomainError
from pifa.kernel.pictures import PictureError
from pifa.kernel.sheets import PictureSource, SheetError

_STORED = re.compile(r"[0-9a-f]{32}\.(?:jpeg|png|webp|svg)")


class PictureDesk:
    """Resolves the picture names of some offers; forget it after them.

    Names of stored pictures (as an export writes them) need no file. A picture that is not
    stored yet gets a negative id until `store`.
    """

    def __init__(self, company_id: int, source: PictureSource | None) -> None:
        self._company_id = company_id
        self._source = source
        self._new: dict[int, NewPicture] = {}
        self.ids: dict[str, int] = {}

    def resolve(self, groups: Iterable[Group]) -> None:
        """Find every picture the rows name; what cannot be had is noted on the row."""
        groups = [group for group in groups if not group.errors]
        names = dict.fromkeys(name for group in groups for name in group.picture_names)
        if not names:
            return
        self._find_stored(names)
        refused: dict[str, tuple[str, str]] = {}
        digests: dict[str, str] = {}
        new: dict[str, NewPicture] = {}
        self._read(names, digests, new, refused)
        known = self._known(digests.values())
        for number, (digest, picture) in enumerate(new.items(), 1):
            if digest not in known:
                known[digest] = -number
                self._new[-number] = picture
        self.ids |= {name: known[digest] for name, digest in digests.items() if digest in known}
        _note_refused(groups, refused)

    def store(self, picture_ids: Iterable[int]) -> dict[int, int]:
        """Store the new ones among these; from negative to real ids."""
        wanted = {key: self._new[key] for key in set(picture_ids) if key < 0}
        if not wanted:
            return {}
        stored = store_pictures(self._company_id, list(wanted.values()))
        return {key: stored[picture.digest] for key, picture in wanted.items()}

    def _find_stored(self, names: Iterable[str]) -> None:
        paths = {
            f"pictures/{self._company_id}/{name}": name for name in names if _STORED.fullmatch(name)
        }
        if paths:
            rows = Picture.objects.filter(company_id=self._company_id, file__in=list(paths))
            self.ids |= {paths[path]: key for key, path in rows.values_list("pk", "file")}

    def _read(
        self,
        names: Iterable[str],
        digests: dict[str, str],
        new: dict[str, NewPicture],
        refused: dict[str, tuple[str, str]],
    ) -> None:
        """Read each file; those whose content is not known are cleaned."""
        contents: dict[str, bytes] = {}
        for name in names:
            if name in self.ids:
                continue
            if self._source is None:
                refused[name] = (
                    str(_("找不到图片“{name}”").format(name=name)),
                    str(_("请同时提供图片文件夹或 zip 压缩包")),
                )
                continue
            try:
                data = self._source.read(name)
            except (SheetError, DomainError, OSError) as error:
                refused[name] = (str(error), str(_("检查文件名，或把图片加入文件夹或压缩包")))
                continue
            digests[name] = picture_digest(data)
            contents.setdefault(digests[name], data)
        for digest in self._known(contents):
            del contents[digest]
        names_of = {digest: name for name, digest in digests.items()}
        for digest, data in contents.items():
            try:
                new[digest] = cleaned(data)
            except PictureError as error:
                refused[names_of[digest]] = (
                    f"{names_of[digest]}：{error}",
                    str(_("请换成完整的 JPG、PNG、WebP 或 GIF 图片")),
                )

    def _known(self, digests: Iterable[str]) -> dict[str, int]:
        rows = Picture.objects.filter(company_id=self._company_id, sha256__in=list(digests))
        return dict(rows.values_list("sha256", "pk"))


def _note_refused(groups: Iterable[Group], refused: Mapping[str, tuple[str, str]]) -> None:
    for group in groups:
        for row in group.rows:
            for name in row.values.get("pictures", ()):
                if name in refused:
                    row.refuse("pictures", *refused[name])
