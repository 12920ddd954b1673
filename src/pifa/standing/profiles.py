"""What companies are on a day, beside what they did: members, sellers, shops, goods on sale."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from pifa.catalog.models import Offer, Shop
from pifa.kernel import bulk, clock
from pifa.parties.models import Company
from pifa.rulebook.rules import Figure
from pifa.standing.models import Profile


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """What a company is; `medal_system` is empty for who does not sell."""

    is_seller: bool = False
    medal_system: str = ""
    member_since: date | None = None
    member_until: date | None = None
    mobile_shop: bool = False
    tradable_offers: int = 0
    corporate_transfer: bool = False
    ka_certified: bool = False

    def figures(self, day: date) -> dict[str, Figure]:
        """The profile as rules ask for it on the day of a rating.

        The day before it is looked at: that is the last day of every window.
        """
        seen = day - timedelta(days=1)
        since, until = self.member_since, self.member_until
        return {
            "member": until is not None and until >= seen and (since is None or since <= seen),
            "mobile_shop": self.mobile_shop,
            "tradable_offers": self.tradable_offers,
            "corporate_transfer": self.corporate_transfer,
            "ka_certified": self.ka_certified,
        }


FIELDS = tuple(ProfileRow.__dataclass_fields__)


def present(company_ids: Collection[int] | None = None) -> dict[int, ProfileRow]:
    """What companies are now, by id; all of them unless some are named. Three statements."""
    companies = Company.objects.order_by("id")
    shops = Shop.objects.all()
    offers = Offer.objects.filter(state=Offer.State.ONLINE)
    if company_ids is not None:
        companies = companies.filter(pk__in=company_ids)
        shops = shops.filter(company__in=company_ids)
        offers = offers.filter(seller__in=company_ids)
    opened = {
        company_id: (system, mobile)
        for company_id, system, mobile in shops.values_list(
            "company_id", "main_category__medal_system", "mobile_open"
        )
    }
    selling = dict(offers.values("seller").annotate(n=Count("id")).values_list("seller", "n"))
    certified = _certified(company_ids)
    found = {}
    for company_id, sells, since, until in companies.values_list(
        "id", "is_seller", "member_since", "member_until"
    ):
        system, mobile = opened.get(company_id, ("", False))
        found[company_id] = ProfileRow(
            is_seller=sells,
            medal_system=system if sells else "",
            member_since=since,
            member_until=until,
            mobile_shop=mobile,
            tradable_offers=selling.get(company_id, 0),
            ka_certified=company_id in certified,
        )
    return found


def _certified(company_ids: Collection[int] | None) -> set[int]:
    """The sellers that an operator certified as strong offline: kept on their latest profile."""
    rows = Profile.objects.filter(ka_certified=True)
    if company_ids is not None:
        rows = rows.filter(company__in=company_ids)
    return set(_latest(rows, None).values_list("company_id", flat=True))


def note(day: date) -> int:
    """Keep what companies are as their profile from a day on, where it changed; how many did.

    Done at the beginning of the day of a rating, before anything of that day happens.
    """
    now = present()
    before = profiles_on(day)
    changed = {company_id: row for company_id, row in now.items() if before.get(company_id) != row}
    _write(day, changed)
    return len(changed)


def _write(day: date, rows: Mapping[int, ProfileRow]) -> None:
    Profile.objects.filter(since=day, company__in=list(rows)).delete()
    bulk.insert(
        Profile,
        [{"company_id": key, "since": day, **asdict(row)} for key, row in sorted(rows.items())],
        returning=None,
    )


def profiles_on(day: date, company_ids: Collection[int] | None = None) -> dict[int, ProfileRow]:
    """What companies were on a day; the first thing known of those that were not rated yet.

    Companies that joined on the day or later are not in it.
    """
    rows = Profile.objects.filter(company__created_at__lt=clock.start_of_day(day))
    if company_ids is not None:
        rows = rows.filter(company__in=company_ids)
    known = _rows_of(_latest(rows, day))
    earlier = Profile.objects.filter(company=OuterRef("company"), since__lte=day)
    unknown = rows.filter(since__gt=day).exclude(Exists(earlier))
    # Of several the earliest comes last, and stays.
    return _rows_of(unknown.order_by("-since")) | known


def _latest(rows: QuerySet[Profile], day: date | None) -> QuerySet[Profile]:
    """Each company's last row up to a day (ever)."""
    until = Q() if day is None else Q(since__lte=day)
    later = Profile.objects.filter(until, company=OuterRef("company"), since__gt=OuterRef("since"))
    return rows.filter(until).exclude(Exists(later))


def _rows_of(rows: QuerySet[Profile]) -> dict[int, ProfileRow]:
    return {
        row["company_id"]: ProfileRow(**{name: row[name] for name in FIELDS})
        for row in rows.values("company_id", *FIELDS)
    }
