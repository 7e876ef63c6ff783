"""What is asked when a funder report is requested."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms

from grants.awards.models import Award
from grants.formats import date_words, local_today
from grants.forms import DayField, PlainForm
from grants.people.models import Community, Organisation, Role, User
from grants.programmes.models import FunderShare, Programme, Strand
from reporting.models import About, FunderReport
from reporting.snapshot.records import COUNTED


def parts_of(programmes: Collection[int]) -> dict[str, About]:
    """The strands, communities and awards of some programmes, by what the form calls them."""
    awards = Award.objects.filter(strand__programme__in=programmes, state__in=COUNTED).order_by("reference")
    strands = Strand.objects.filter(programme__in=programmes).order_by("programme", "pk")
    communities = Community.objects.filter(awards__in=awards).distinct().order_by("name")
    parts: list[tuple[str, Iterable[About]]] = [("strand", strands), ("community", communities), ("award", awards)]
    return {f"{kind}-{one.pk}": one for kind, some in parts for one in some}


def choices_of(parts: Mapping[str, About]) -> list[tuple[str, Any]]:
    """The kinds about the whole, then the parts kind by kind."""
    kind = FunderReport.Kind
    choices: list[tuple[str, Any]] = [(one.value, one.label) for one in (kind.PORTFOLIO, kind.TRUSTEES, kind.FINAL)]
    for name in FunderReport.PARTS:
        some = [(key, str(part)) for key, part in parts.items() if key.startswith(f"{name}-")]
        choices += [(kind(name).label, some)] if some else []
    return choices


class RequestForm(PlainForm, forms.Form):
    """Programme, funder and period of a funder report."""

    share = forms.ModelChoiceField(
        label="Programme and funder", queryset=FunderShare.objects.none(), empty_label="Choose one"
    )
    what = forms.ChoiceField(
        label="What it is about",
        help_text="A part of a programme in which the funder pays for something",
        initial=FunderReport.Kind.PORTFOLIO,
    )
    period_start = DayField(label="Period from")
    period_end = DayField(label="Period to")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["share"]
        field.queryset = FunderShare.objects.filter(
            programme__managing_body__in=user.organisations_as(Role.REVIEWER, Role.APPROVER)
        ).select_related("programme", "funder")
        field.label_from_instance = lambda share: f"{share.programme}: {share.funder}"
        about: Any = self.fields["what"]
        self.parts = parts_of([share.programme_id for share in field.queryset])
        about.choices = choices_of(self.parts)

    def clean(self) -> dict[str, Any]:
        """The period must be in order, within the programme, and over."""
        data = super().clean() or self.cleaned_data
        start, end = data.get("period_start"), data.get("period_end")
        share = data.get("share")
        if start and end and end < start:
            self.add_error("period_end", "The period ends before it starts: give a later end")
        elif end and end > local_today():
            self.add_error("period_end", "The period ends in the future: give a day that has come")
        elif share and start and start < share.programme.starts:
            day = date_words(share.programme.starts)
            self.add_error("period_start", f"The programme began on {day}: give that day or a later one")
        return data

    @property
    def kind(self) -> str:
        """The kind of report chosen."""
        return self.cleaned_data["what"].partition("-")[0]

    @property
    def about(self) -> About | None:
        """The part of the programme that it is about."""
        return self.parts.get(self.cleaned_data["what"])

    @property
    def programme(self) -> Programme:
        """The programme chosen."""
        return self.cleaned_data["share"].programme

    @property
    def funder(self) -> Organisation:
        """The funder chosen."""
        return self.cleaned_data["share"].funder
