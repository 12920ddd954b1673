"""Pictures of production: private files, sent to the two sides of an order."""

from __future__ import annotations

from django.http import FileResponse

from pifa.kernel.actors import Actor
from pifa.trade.staged.queries import production_picture


def picture_answer(actor: Actor, number: str, picture_id: int) -> FileResponse:
    """A picture that the seller of an order showed; `NotFound` for a stranger."""
    path = production_picture(actor, number, picture_id)
    answer = FileResponse(path.open("rb"), content_type=f"image/{path.suffix.removeprefix('.')}")
    answer["Cache-Control"] = "private, max-age=86400"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
