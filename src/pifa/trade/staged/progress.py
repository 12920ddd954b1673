"""Production progress: a seller tells and shows how far an order is."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.pictures import CleanPicture, clean_picture
from pifa.trade import rules as orders
from pifa.trade.commands.loading import buyer_of, lock_order
from pifa.trade.events.facts import ProductionNoted
from pifa.trade.models import Order, ProductionNote, ProductionPicture
from pifa.trade.staged.rules import MAX_PICTURES


def note_progress(
    actor: Actor, number: str, percent: int, text: str = "", pictures: Sequence[bytes] = ()
) -> None:
    """Tell the buyer how far production is (the seller): 0 to 100 per cent, words, pictures.

    Every picture is proven to be one and written anew. `InvalidInput` for a percentage below the
    last one, without words and pictures, or for more than `MAX_PICTURES`; `PictureError`.
    """
    text = orders.optional_text(text, _("说明"), 500, "text")
    if len(pictures) > MAX_PICTURES:
        reason = _("一次最多 {limit} 张图片。").format(limit=MAX_PICTURES)
        raise InvalidInput(field="pictures", reason=reason)
    if not text and not pictures:
        raise InvalidInput(field="text", reason=_("请写几个字，或附上图片。"))
    cleaned = [clean_picture(data) for data in pictures]
    with transaction.atomic():
        order = lock_order(actor, number, "note_progress")
        _check_percent(order, percent)
        note = ProductionNote.objects.create(
            order=order, percent=percent, text=text, at=clock.now()
        )
        for position, picture in enumerate(cleaned):
            _keep(note, position, picture)
        audit.record(
            actor,
            "order.note_progress",
            order.subject,
            percent=percent,
            pictures=len(cleaned),
        )
        emit(
            ProductionNoted(
                number=order.number,
                buyer_id=buyer_of(order),
                seller_id=order.seller_id,
                percent=percent,
                pictures=len(cleaned),
            )
        )


def _check_percent(order: Order, percent: int) -> None:
    notes = ProductionNote.objects.filter(order=order)
    last = notes.aggregate(most=Max("percent"))["most"] or 0
    if not last <= percent <= 100:
        reason = _("进度须在 {last} 到 100 之间。").format(last=last)
        raise InvalidInput(field="percent", reason=reason)


def _keep(note: ProductionNote, position: int, picture: CleanPicture) -> None:
    name = f"{public_number('W')}-{position}.{picture.format}"
    row = ProductionPicture(
        note=note, position=position, width=picture.width, height=picture.height
    )
    row.file.save(name, ContentFile(picture.data), save=True)
