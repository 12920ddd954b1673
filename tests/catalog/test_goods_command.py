"""`pifa goods`: import, dry run, export, as an operator of the server uses them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from pifa.catalog.models import Offer, Sku
from pifa.cli.goods import group
from pifa.kernel.models import AuditEntry
from tests.catalog import market

pytestmark = pytest.mark.django_db

SHEET = """货号,标题,类目,起批量,SKU编码,规格,阶梯价,库存,图片
LS-1,外六角螺栓,紧固件,100,LS-1-30,尺寸:M8×30,100:0.35;1000:0.31,500,a.png
LS-1,,,,LS-1-40,尺寸:M8×40,100:0.42;1000:0.385,300,
BAD,螺母,没有的类目,,,,0.08,5,
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(group, [str(argument) for argument in arguments])


@pytest.fixture
def login() -> str:
    market.category("紧固件")
    return market.seller().login


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "goods.csv"
    path.write_text(SHEET, "utf-8")
    Image.new("RGB", (20, 20), "red").save(tmp_path / "a.png")
    return path


def test_a_dry_run_tells_and_an_import_does(login: str, sheet: Path) -> None:
    arguments = ("import", sheet, "--seller", login, "--pictures", sheet.parent)
    dry = run(*arguments, "--dry-run")
    assert "1 to create" in dry.output
    assert not Offer.objects.exists()
    done = run(*arguments)
    assert (dry.exit_code, done.exit_code) == (1, 1)
    assert "1 created" in done.output
    assert "第 4 行 类目" in done.output
    assert "没有的类目" in (sheet.parent / "goods-rejected.csv").read_text("utf-8-sig")
    assert Sku.objects.count() == 2
    entry = AuditEntry.objects.get(action="offer.create")
    assert (entry.actor_kind, entry.company_id) == ("system", Offer.objects.get().seller_id)
    assert "0 created, 0 changed, 1 unchanged" in run(*arguments).output


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_an_export_can_be_imported(login: str, sheet: Path, name: str) -> None:
    run("import", sheet, "--seller", login, "--pictures", sheet.parent)
    out = sheet.parent / name
    assert "2 SKUs" in run("export", out, "--seller", login).output
    again = run("import", out, "--seller", login)
    assert (again.exit_code, "1 unchanged" in again.output) == (0, True)


def test_who_is_no_seller_is_told_so(sheet: Path) -> None:
    buyer = market.company()
    for login in (buyer.login, "nobody"):
        refused = run("import", sheet, "--seller", login)
        assert refused.exit_code == 1
        assert refused.exception is None or isinstance(refused.exception, SystemExit)


def test_a_file_that_is_no_sheet_is_told_so(login: str, tmp_path: Path) -> None:
    path = tmp_path / "goods.xlsx"
    path.write_bytes(b"PK\x03\x04 not really")
    refused = run("import", path, "--seller", login)
    assert refused.exit_code == 1
    assert "goods.xlsx" in refused.output


def test_the_sample_names_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "sample.xlsx"
    assert run("sample", path).exit_code == 0
    assert path.stat().st_size > 1000
