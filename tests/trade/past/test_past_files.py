"""An imported sheet holds a seller's customers: it is kept where no address leads."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings

from pifa.trade.past import commands
from pifa.trade.past.mapping import load
from tests.parties.people import company

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


@pytest.mark.django_db
def test_the_sheet_and_its_rejected_rows_lie_outside_the_public_media() -> None:
    seller = company("往来账存放厂", seller=True)
    sheet = BytesIO((HEAD + "1001,A1,bolt,many,2025-03-01 09:00:00,0.035,C1,North\n").encode())
    batch = commands.start_import(seller, sheet, "../../orders.csv", load("line-export"))
    commands.import_in_background.call(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.rejected) == ("done", 1)
    for kept in (batch.file, batch.rejected_file):
        path = Path(kept.path).resolve()
        assert path.exists()
        assert Path(settings.MEDIA_ROOT).resolve() not in path.parents
        assert path.parent.parts[-2:] == ("private", "imports")
        assert kept.url == ""
