"""Amounts in Chinese capitals (大写金额), as cheques, receipts and invoices write them."""

from __future__ import annotations

from pifa.kernel.money import MAX_FEN, Money

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def in_capitals(amount: Money) -> str:
    """¥1,005.30 → 壹仟零伍元叁角整. From nothing to `MAX_FEN`; else `ValueError`.

    A gap of one or more zeros is one 零, also between the groups of four digits; yuan without
    jiao, or jiao without fen, end with 整; fen without jiao are joined by 零.
    """
    if not 0 <= amount.fen <= MAX_FEN:
        raise ValueError(f"not in capitals: {amount}")
    yuan, rest = divmod(amount.fen, 100)
    jiao, fen = divmod(rest, 10)
    if not amount.fen:
        return "零元整"
    words = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        words += "零"
    return words + (f"{_DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    """A whole number above zero, group of four digits by group."""
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words, gap = "", False
    for at in range(len(groups) - 1, -1, -1):
        group = groups[at]
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += "零"
        words += _four(group) + _unit(groups, at)
        gap = False
    return words


def _unit(groups: list[int], at: int) -> str:
    """万亿 is said as 万 where 亿 follows anyway."""
    if at == 3:
        return "万" if groups[2] else "万亿"
    return _GROUPS[at]


def _four(number: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return words
