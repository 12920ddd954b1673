"""What this floor announces, and what it does on others' events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pifa.kernel.events import Event, consumer
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice
from pifa.parties import queries as parties


@dataclass(frozen=True, kw_only=True)
class PostPublished(Event):
    """A seller told its customers something."""

    name: ClassVar[str] = "post.published"
    post_id: int
    seller_id: int


@dataclass(frozen=True, kw_only=True)
class PostRecalled(Event):
    """A seller took a post back."""

    name: ClassVar[str] = "post.recalled"
    post_id: int
    seller_id: int


@consumer("posts.notices", PostPublished.name)
def _tell_customers(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    from pifa.posts import queries

    seller_id, post_id = payload["seller_id"], payload["post_id"]
    company = parties.cards([seller_id])[seller_id].name
    told = queries.excerpt(post_id)
    messages.notify_all(
        [
            NewNotice(
                company_id=reader_id,
                kind="post_published",
                subject=f"post:{post_id}",
                params={"company": company, "excerpt": told},
                link=f"/channel/posts/{post_id}/",
            )
            for reader_id in queries.readers_meant(post_id)
        ]
    )
