"""What a funder pays for, as a list: its part, and what is known of the award. It sees no award's own page."""

from typing import Any

from django.db.models import QuerySet

from grants.awards.models import Award, Funding
from grants.desk.listing import in_pounds, name_of
from grants.lists import (
    DayColumn,
    Filter,
    OneFilter,
    PoundsColumn,
    RecordColumn,
    SeveralFilter,
    StateColumn,
    Table,
    TextColumn,
    WordsFilter,
)
from grants.people.models import Organisation, Role, User
from grants.programmes.models import Programme


def fundings_of(user: User) -> QuerySet[Funding]:
    """What the funders for which the person looks pay for, once it is offered."""
    own = user.organisations_as(Role.VIEWER)
    fundings = Funding.objects.filter(funder__in=own, award__state__in=Award.FROM_OFFER_ON)
    return fundings.select_related("funder", "award__organisation", "award__community", "award__strand__programme")


def _programmes(request: Any) -> QuerySet[Programme]:
    return Programme.objects.filter(strands__awards__fundings__in=fundings_of(request.user)).distinct()


def _funders(request: Any) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=request.user.organisations_as(Role.VIEWER))


class FundingTable(Table):
    """A file has more columns than the page."""

    reference = TextColumn(visible=False, accessor="award__reference", verbose_name="Reference")
    award = RecordColumn(
        footer="All awards",
        accessor="award__title",
        verbose_name="Award",
        hint=lambda funding: name_of(funding.award),
        linkify=False,
    )
    recipient = TextColumn(visible=False, orderable=False, accessor="award__recipient", verbose_name="Recipient")
    programme = TextColumn(visible=False, accessor="award__strand__programme__title", verbose_name="Programme")
    strand = TextColumn(accessor="award__strand__title", verbose_name="Strand")
    place = TextColumn(accessor="award__place", verbose_name="Place")
    state = StateColumn(accessor="award__state", verbose_name="State")
    starts = DayColumn(visible=False, accessor="award__starts", verbose_name="Starts")
    ends = DayColumn(accessor="award__ends", verbose_name="Ends")
    funder = TextColumn(accessor="funder__name", verbose_name="Funder")
    whole = PoundsColumn(accessor="award__amount", verbose_name=in_pounds("Whole amount"))
    amount = PoundsColumn(verbose_name=in_pounds("Your part"), total=True)

    class Meta(Table.Meta):
        caption = "Awards that you fund: strand, place, state, and the money in pounds"


class FundingFilter(Filter):
    """Asked by GET."""

    words = WordsFilter(label="Words or reference", method="_words")
    programme = OneFilter(
        label="Programme",
        field_name="award__strand__programme",
        queryset=_programmes,
        to_field_name="code",
        empty_label="Every programme",
    )
    funder = OneFilter(queryset=_funders, empty_label="Every funder")
    state = SeveralFilter(
        label="State",
        field_name="award__state",
        choices=[one for one in Award.State.choices if one[0] in Award.FROM_OFFER_ON],
    )

    def _words(self, fundings: QuerySet[Funding], name: str, words: str) -> QuerySet[Funding]:
        return fundings.filter(award__in=Award.objects.order_by().matching(words))
