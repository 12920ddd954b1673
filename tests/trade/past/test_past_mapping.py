"""Column mappings: what may stand in them, what is said when something else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.trade.past.fields import Field
from pifa.trade.past.mapping import (
    ColumnsMissing,
    ColumnTwice,
    Mapping,
    MappingInvalid,
    MappingUnknown,
    builtin_names,
    dump,
    guess,
    load,
    parse,
)

EXPORT_COLUMNS = [
    *(
        "订单号",
        "买家公司",
        "买家会员",
        "卖家公司",
        "卖家会员",
        "货款",
        "运费",
        "涨价或折扣",
        "实付",
    ),
    *("状态", "创建时间", "付款时间", "发货方", "收货人", "收货地址", "邮编", "固定电话", "手机"),
]
RETAIL = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
]


def test_shipped_mappings_read_and_survive_being_written() -> None:
    assert builtin_names() == ["line-export", "order-sheet"]
    for name in builtin_names():
        mapping = load(name)
        assert mapping.name == name
        assert parse(dump(mapping)) == mapping


def test_the_order_sheet_binds_every_column_that_the_desk_exports() -> None:
    bound = load("order-sheet").bind(EXPORT_COLUMNS, "订单.xlsx")
    assert sorted(bound.values()) == list(range(18))
    assert bound[Field.PAID] == 8


def test_the_order_sheet_binds_english_headers_and_lines() -> None:
    headers = ["Order No.", "Created at", "PAID", "货号", "单价（元）", "数量", "Remarks"]
    bound = load("order-sheet").bind(headers, "orders.csv")
    assert bound[Field.ORDER_NO] == 0
    assert bound[Field.UNIT_PRICE] == 4


def test_missing_columns_are_named_with_the_headers_they_may_have() -> None:
    with pytest.raises(ColumnsMissing) as caught:
        load("line-export").bind(["InvoiceNo", "Quantity", "InvoiceDate"], "x.csv")
    assert "UnitPrice" in str(caught.value)
    assert "InvoiceNo, Quantity, InvoiceDate" in str(caught.value)
    with pytest.raises(ColumnsMissing):
        load("order-sheet").bind(["订单号", "创建时间"], "x.csv")


def test_a_header_that_stands_twice_matters_only_where_it_is_used() -> None:
    mapping = load("line-export")
    mapping.bind([*RETAIL, "Remark", "Remark"], "x.csv")
    with pytest.raises(ColumnTwice):
        mapping.bind([*RETAIL, "Quantity"], "x.csv")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('name = "x"', "[columns]"),
        ('name = "x"\n[columns]\norder = "No"', "columns.order"),
        ('name = "x"\n[columns]\norder_no = 3', "columns.order_no"),
        ('name = "x"\n[columns]\norder_no = ["No", ""]', "columns.order_no"),
        ('[columns]\norder_no = "No"', "name"),
        ('name = "x"\nfoo = 1\n[columns]\norder_no = "No"', "foo"),
        ('name = "x"\ncolumns = 3', "[columns]"),
        ('name = "x"\n[columns]\norder_no = "No"\n[file]\nencoding = "big5"', "file.encoding"),
        ('name = "x"\n[columns]\norder_no = "No"\n[file]\nheader_row = 0', "file.header_row"),
        ('name = "x"\n[columns]\norder_no = "No"\n[file]\nheader_row = true', "file.header_row"),
        ('name = "x"\n[columns]\norder_no = "No"\n[file]\ndelimiter = ",,"', "file.delimiter"),
        ('name = "x"\n[columns]\norder_no = "No"\n[values]\ndecimal = ";"', "values.decimal"),
        ('name = "x"\n[columns]\norder_no = "No"\n[values]\ndates = ["%H:%M"]', "values.dates"),
        ('name = "x"\n[columns]\norder_no = "No"\n[values]\ndates = ["%Q"]', "values.dates"),
        ('name = "x"\n[columns]\norder_no = "No"\n[statuses]\n"好" = "good"', 'statuses."好"'),
        ('name = "x', "(at"),
    ],
)
def test_what_is_wrong_is_said_with_file_key_and_expectation(text: str, key: str) -> None:
    with pytest.raises(MappingInvalid) as caught:
        parse(text, "mine.toml")
    message = str(caught.value)
    assert "mine.toml" in message
    assert key in str(caught.value.figures["key"])
    assert "{" not in message


def test_files_and_unknown_names(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\n[columns]\norder_no = "No"\n', "utf-8")
    assert load(path).columns == {Field.ORDER_NO: ("No",)}
    assert load(str(path)).title == "mine"
    with pytest.raises(MappingUnknown) as caught:
        load("nonsense")
    assert "line-export" in str(caught.value)
    path.write_bytes(b"name = \xff\xff")
    with pytest.raises(MappingInvalid):
        load(path)


def test_guessing_knows_the_headers_of_shipped_mappings() -> None:
    assert set(guess(RETAIL).bind(RETAIL, "x")) == {
        Field.ORDER_NO,
        Field.CODE,
        Field.DESCRIPTION,
        Field.QUANTITY,
        Field.CREATED_AT,
        Field.UNIT_PRICE,
        Field.CUSTOMER,
        Field.COUNTRY,
    }
    assert len(guess(EXPORT_COLUMNS).bind(EXPORT_COLUMNS, "x")) == 18
    assert guess(["甲", "乙", ""]).columns == {}


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).map(str.strip).filter(bool)


@given(
    name=words,
    title=words,
    columns=st.dictionaries(
        st.sampled_from(Field), st.lists(words, max_size=3).map(tuple), min_size=1
    ),
    delimiter=st.none() | st.characters(codec="utf-8", exclude_characters='"\r\n'),
    statuses=st.dictionaries(words, st.sampled_from(["completed", "closed"])),
    header_row=st.none() | st.integers(1, 9),
)
def test_any_mapping_survives_being_written(
    name: str,
    title: str,
    columns: dict[Field, tuple[str, ...]],
    delimiter: str | None,
    statuses: dict[str, str],
    header_row: int | None,
) -> None:
    mapping = Mapping(
        name=name,
        title=title,
        columns=columns,
        delimiter=delimiter,
        statuses=statuses,
        header_row=header_row,
        dates=("%d/%m/%Y",),
        decimal=",",
        continued_rows=True,
    )
    assert parse(dump(mapping)) == mapping
