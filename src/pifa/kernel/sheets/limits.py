"""How much of a stranger's file is read before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """Limits of one sheet; sizes in bytes unless named otherwise."""

    file_bytes: int = 128 * MIB
    unpacked_bytes: int = 1024 * MIB
    """All parts of an .xlsx that are read, or the text of a .csv.gz."""
    ratio: int = 200
    """Unpacked to packed size, once a part is larger than `ratio_from_bytes`."""
    ratio_from_bytes: int = 16 * MIB
    rows: int = 1_100_000
    columns: int = 300
    cells: int = 20_000_000
    """Rows × columns of the used area of a worksheet, which is held in memory."""
    text_chars: int = 512 * MIB
    """Characters of all text cells of a worksheet together (shared texts count each time)."""
    cell_chars: int = 10_000
    """A longer cell becomes `CellProblem.TOO_LONG`."""
    formulas: int = 10_000
    """A worksheet with more formulas is refused as a whole."""


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Limits of an archive of pictures; sizes in bytes."""

    file_bytes: int = 2048 * MIB
    members: int = 20_000
    member_bytes: int = 20 * MIB
    total_bytes: int = 2048 * MIB
    ratio: int = 100
    """Unpacked to packed size of a member larger than `ratio_from_bytes`."""
    ratio_from_bytes: int = MIB
