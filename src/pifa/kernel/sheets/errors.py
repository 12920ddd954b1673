"""Why a file as a whole is refused. Errors of single rows are `RowError`s."""

from __future__ import annotations

import zipfile
import zlib

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError

BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
"""What Python raises on an archive that is broken, encrypted or made to be."""


class SheetError(DomainError):
    """A sheet that cannot be read; the message says what to do."""

    code = "sheet.unreadable"
    status = 422
    message = _("无法读取文件“{name}”。请另存为 .xlsx 或 UTF-8 编码的 .csv 后重新上传。")


class FileTooLarge(SheetError):
    """The file or what is packed in it is larger than the limit."""

    code = "sheet.too_large"
    status = 413
    message = _("文件“{name}”超过上限 {limit_mib} MB。请拆分成几个文件后分别上传。")


class ArchiveBomb(SheetError):
    """A packed file that would unpack to something absurd."""

    code = "sheet.archive_bomb"
    message = _(
        "文件“{name}”解压后的大小异常，已拒绝读取，没有导入任何内容。"
        "请用 Excel 或 WPS 打开后另存一份再上传。"
    )


class TooManyRows(SheetError):
    """More rows than the limit."""

    code = "sheet.too_many_rows"
    message = _("“{name}”超过 {limit} 行。请拆分成几个文件后分别上传。")


class TooManyColumns(SheetError):
    """A row with more columns than the limit."""

    code = "sheet.too_many_columns"
    message = _("“{name}”第 {row} 行有 {found} 列，上限是 {limit} 列。请删除多余的列后重新上传。")


class TooManyCells(SheetError):
    """The used area of a worksheet, or its text, is larger than the limit."""

    code = "sheet.too_many_cells"
    message = _(
        "“{name}”的使用区域过大（{rows} 行 × {columns} 列）。"
        "请只保留有内容的行列，复制到新工作表后重新上传。"
    )


class TooManyFormulas(SheetError):
    """A worksheet made of formulas."""

    code = "sheet.too_many_formulas"
    message = _(
        "“{name}”含有超过 {limit} 个公式，无法信任其中的数值。"
        "请全选复制，再“选择性粘贴为数值”后重新上传。"
    )


class EntitiesRefused(SheetError):
    """The XML inside declares a document type, which no honest sheet does."""

    code = "sheet.entities"
    message = _("文件“{name}”内含不允许的 XML 声明，已拒绝读取。请用 Excel 或 WPS 另存一份再上传。")


class BrokenWorkbook(SheetError):
    """Not an .xlsx, or a damaged one."""

    code = "sheet.broken"
    message = _(
        "文件“{name}”不是完整的 .xlsx 表格。请用 Excel 或 WPS 打开，另存为 .xlsx 后重新上传。"
    )


class OldWorkbook(SheetError):
    """An .xls or a workbook under a password: both look the same from outside."""

    code = "sheet.old_format"
    message = _("文件“{name}”是旧版 .xls 或设有密码。请去掉密码并另存为 .xlsx 后重新上传。")


class NoSuchWorksheet(SheetError):
    """The named worksheet is not in the workbook."""

    code = "sheet.no_worksheet"
    message = _("“{name}”里没有名为“{wanted}”的工作表，现有：{found}。")


class EmptySheet(SheetError):
    """No row with content."""

    code = "sheet.empty"
    message = _("“{name}”里没有内容。请检查是否选对了文件和工作表。")


class NotText(SheetError):
    """Neither an .xlsx nor text."""

    code = "sheet.not_text"
    message = _("文件“{name}”不是表格。请上传 .xlsx，或用逗号分隔的 .csv。")


class WrongEncoding(SheetError):
    """Bytes that are no text in the encoding."""

    code = "sheet.encoding"
    message = _(
        "“{name}”约第 {line} 行的文字无法按 {encoding} 识别。请另存为 UTF-8 编码的 .csv 后重新上传。"
    )


class UnclosedQuote(SheetError):
    """A quotation mark that swallows the rest of the file."""

    code = "sheet.unclosed_quote"
    message = _("“{name}”第 {row} 行附近有没有配对的引号。请补上或删除引号后重新上传。")


class DuplicateHeader(SheetError):
    """Two columns of the same name."""

    code = "sheet.duplicate_header"
    message = _(
        "“{name}”的表头“{header}”出现了两次（第 {first} 列和第 {second} 列）。请改名或删除其中一列。"
    )


class NotAPictureArchive(SheetError):
    """Not a zip, or a damaged one."""

    code = "pictures.not_a_zip"
    message = _("文件“{name}”不是完整的 .zip 压缩包。请重新压缩图片后上传。")


class TooManyMembers(SheetError):
    """An archive with more members than the limit."""

    code = "pictures.too_many"
    message = _("“{name}”里有 {found} 个文件，上限是 {limit} 个。请分几次上传。")


class PictureNotFound(SheetError):
    """A sheet names a picture that the archive or folder does not hold."""

    code = "pictures.not_found"
    status = 422
    message = _("图片“{picture}”不在“{name}”里。请检查文件名，或把图片加入压缩包。")


class PictureRefused(SheetError):
    """A sheet names a picture that the archive holds and that is not read. Figures: reason."""

    code = "pictures.refused"
    status = 422
    message = _("图片“{picture}”没有读入：{reason}。")


class PictureAmbiguous(SheetError):
    """Two pictures of the same name in different folders."""

    code = "pictures.ambiguous"
    message = _("“{name}”里有 {found} 张都叫“{picture}”的图片。请在表格中写上所在文件夹。")
