"""Awards as a list: its columns and its filter. The page of all awards and the page of a programme show the same."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Any

import django_filters
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.html import format_html

from grants.awards.models import Award, Judgement
from grants.awards.models.finding import AwardQuerySet
from grants.desk.kinds import MANAGING_BODY, kinds_of
from grants.desk.overview import NOT_SAID, course_in, next_of
from grants.formats import local_today
from grants.lists import (
    DayColumn,
    Filter,
    PoundsColumn,
    RecordColumn,
    SeveralFilter,
    StateColumn,
    Table,
    TextColumn,
    WordsFilter,
)
from grants.people.models import Membership, Role
from grants.programmes.models import Programme, Strand
from grants.tags import status

COURSES = dict(Judgement.Course.choices)
in_pounds = "{},\N{NO-BREAK SPACE}£".format
WORST_FIRST = ("off_course", "at_risk", "on_course")
LATE, MINE, NOBODY = "late", "mine", "nobody"
WITHIN = [(LATE, "Late"), ("7", "Within 7 days"), ("30", "Within 30 days"), ("90", "Within 90 days")]


# ---- The columns -------------------------------------------------------------------------------------------------


def name_of(award: Award) -> str:
    """What stands under an award's title: whose it is, and its reference."""
    return format_html('{}, <span class="ref">{}</span>', award.recipient, award.reference)


def asked_for(award: Any) -> str:
    """What stands under an amount that is asked for."""
    return "asked for" if award.awarded is None else ""


class TitleColumn(RecordColumn):
    """An award's title; an application may have none yet."""

    def words(self, value: Any) -> str:
        return str(value or "Untitled application")


class NextColumn(DayColumn):
    """The next day by which something must be done, and under it what: marked where it is late."""

    def render(self, record: Any, value: Any) -> str:
        ahead = next_of(record, local_today())
        if not ahead.word:
            return ahead.what
        said = f"{ahead.what}, {ahead.word}"
        hint = status(ahead.state, said) if ahead.state else format_html('<span class="hint">{}</span>', said)
        return format_html("{}{}", self.words(value), hint)

    def value(self, value: Any) -> Any:
        return super().value(value) if value else None


class JudgedColumn(TextColumn):
    """On course, at risk or off course; sorted, what is worst stands first."""

    def render(self, record: Any, value: Any) -> str:
        return self.hinted(record, status(value, COURSES[value]))

    def value(self, value: Any) -> str:
        return str(COURSES[value])

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        rank = Case(*(When(**{self.accessor: word}, then=Value(n)) for n, word in enumerate(WORST_FIRST)), default=None)
        way = rank.desc(nulls_last=True) if is_descending else rank.asc(nulls_last=True)
        return queryset.order_by(way), True


def judged_by(award: Any) -> str:
    """What stands under an award's course where the managing body judged it: that it did, and what the grantee says."""
    if award.ours is None:
        return ""
    if award.theirs in (None, award.ours):
        return "our judgement"
    return f"our judgement; the grantee says {COURSES[award.theirs].lower()}"


class AwardTable(Table):
    """Awards `with_overview`. A file has more columns than the page."""

    reference = TextColumn(visible=False)
    award = TitleColumn(accessor="title", verbose_name="Award", hint=name_of, empty_values=())
    recipient = TextColumn(visible=False, orderable=False)
    organisation = TextColumn(visible=False, accessor="organisation__name", verbose_name="Organisation")
    place = TextColumn(visible=False)
    programme = TextColumn(visible=False, accessor="strand__programme__title", verbose_name="Programme")
    strand = TextColumn(accessor="strand__title", verbose_name="Strand", whole=True)
    state = StateColumn()
    starts = DayColumn(visible=False)
    ends = DayColumn(visible=False)
    asked = PoundsColumn(visible=False, accessor="amount_applied_for", verbose_name=in_pounds("Applied for"))
    awarded = PoundsColumn(visible=False, verbose_name=in_pounds("Awarded"))
    amount = PoundsColumn(
        accessor="amount_shown", verbose_name=in_pounds("Amount"), hint=asked_for, exclude_from_export=True
    )
    paid = PoundsColumn(verbose_name=in_pounds("Paid"))
    next_on = NextColumn(verbose_name="Next deadline", empty_values=(), attrs={"td": {"class": "half"}})
    next_step = TextColumn(visible=False, accessor="pk", verbose_name="What is due")
    course = JudgedColumn(accessor="course", hint=judged_by, exclude_from_export=True)
    theirs = JudgedColumn(visible=False, accessor="theirs", verbose_name="The grantee says")
    ours = JudgedColumn(visible=False, accessor="ours", verbose_name="Our judgement")
    manager = TextColumn(accessor="manager__name", verbose_name="Manager")

    class Meta(Table.Meta):
        caption = "Awards: strand, state, money in pounds, what comes next, and whether they are on course"

    narrow = "1.3fr 1fr 1fr"
    wide = True

    def value_next_step(self, record: Any) -> str:
        return next_of(record, local_today()).what


# ---- The filter --------------------------------------------------------------------------------------------------


class AwardFilter(Filter):
    """Asked by GET. A choice that could narrow nothing, or is no business of the person's, is not offered."""

    words = WordsFilter(label="Words or reference", method="_words")
    programme = django_filters.ChoiceFilter(
        label="Programme", field_name="strand__programme__code", empty_label="Every programme"
    )
    strand = django_filters.ChoiceFilter(empty_label="Every strand")
    state = SeveralFilter(choices=Award.State.choices)
    course = SeveralFilter(
        label="Course", choices=[*Judgement.Course.choices, (NOT_SAID, "Not judged")], method="_course"
    )
    due = django_filters.ChoiceFilter(label="Next deadline", choices=WITHIN, empty_label="Any day", method="_due")
    manager = django_filters.ChoiceFilter(empty_label="Anybody", method="_manager")

    def __init__(self, *args: Any, programme: Programme | None = None, **kwargs: Any) -> None:
        """`programme` narrows what is offered to one; its awards alone are in the queryset then."""
        super().__init__(*args, **kwargs)
        user: Any = self.request.user
        seen = Award.objects.visible_to(user)
        if programme:
            seen = seen.filter(strand__programme=programme)
        found = strands_of(seen)
        self._offer("programme", [(one.code, one.title) for one, _ in found])
        strands = [(one.title, [(strand.pk, strand.title) for strand in own]) for one, own in found]
        self._offer("strand", strands if len(strands) > 1 else [pair for _, pairs in strands for pair in pairs])
        bodies = {strand.managing_body_id for _, own in found for strand in own}
        people = managers_at(bodies) if MANAGING_BODY in kinds_of(user) else []
        self._offer("manager", [(MINE, "You, also as cover"), (NOBODY, "Nobody yet"), *people] if people else [])

    def _offer(self, name: str, choices: list[Any]) -> None:
        if len(choices) > 1:
            self.filters[name].extra["choices"] = choices
        else:
            del self.filters[name]

    def _words(self, awards: AwardQuerySet, name: str, words: str) -> AwardQuerySet:
        return awards.matching(words)

    def _course(self, awards: QuerySet[Any], name: str, choices: list[str]) -> QuerySet[Any]:
        return awards.filter(course_in(choices, self.request.user)) if choices else awards

    def _due(self, awards: QuerySet[Any], name: str, within: str) -> QuerySet[Any]:
        today = local_today()
        if within == LATE:
            return awards.filter(next_on__lt=today)
        return awards.filter(next_on__lte=today + timedelta(days=int(within)))

    def _manager(self, awards: QuerySet[Any], name: str, who: str) -> QuerySet[Any]:
        if who == MINE:
            return awards.filter(Q(manager=self.request.user) | Q(cover=self.request.user))
        return awards.filter(manager=None if who == NOBODY else who)


def strands_of(awards: AwardQuerySet) -> list[tuple[Programme, list[Strand]]]:
    """The programmes in which some awards are, the newest first, each with their strands."""
    # One look into an index for each of a few strands; as EXISTS, PostgreSQL would read all awards
    one = Subquery(awards.order_by("state").filter(strand=OuterRef("pk")).values("pk")[:1])
    strands = Strand.objects.alias(award=one).filter(award__isnull=False).select_related("programme")
    strands = strands.order_by("-programme__starts", "programme__code", "pk")
    return [(programme, list(own)) for programme, own in groupby(strands, key=lambda strand: strand.programme)]


def managers_at(bodies: Iterable[int]) -> list[tuple[int, str]]:
    """Who can manage awards at these bodies, or could, as choices."""
    held = Membership.objects.filter(organisation__in=bodies, role__in=[Role.REVIEWER, Role.APPROVER])
    return list(held.order_by("person__name", "person").values_list("person", "person__name").distinct())
