"""How each form of part is shown, read and stored. The page around them is in writing.py."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, partial
from typing import Any, ClassVar

from django.forms import BaseForm

from grants.programmes.models import Section
from grants.reports import services
from grants.reports.figures import figures_of, spend_of, total_of
from grants.reports.forms import (
    ActivitiesNoteForm,
    FiguresForm,
    JudgementForm,
    NarrativeForm,
    RisksForm,
    RowForms,
    SinceForm,
    SpendForm,
)
from grants.reports.models import Answer, Report
from grants.reports.parts import word_count
from grants.reports.record import activities_in, risks_in
from grants.reports.since import items_of
from grants.reports.views.asking import requests_of
from grants.reports.views.common import Reading, activities_on

Data = Mapping[str, Any]


class Writer(ABC):
    """One part before the person who writes it. Every writer has a mark: what the page knew when it was shown."""

    template_name: ClassVar[str]

    def __init__(self, reading: Reading, section: Section) -> None:
        self.reading = reading
        self.report = reading.report
        self.section = section

    @cached_property
    def answer(self) -> Answer | None:
        """What is stored, in words; of a table it says who wrote last, and when."""
        return next((part.answer for part in self.reading.parts if part.section == self.section), None)

    @property
    def words(self) -> int:
        """How many words are stored."""
        return word_count(self.answer.text) if self.answer else 0

    @abstractmethod
    def form(self, data: Data | None = None) -> Any:
        """The part's form, as it is stored or as it was typed."""

    @abstractmethod
    def forms(self, form: Any) -> Sequence[BaseForm]:
        """The forms that it consists of."""

    @abstractmethod
    def mark(self) -> str:
        """What the page sends back, so that nobody writes over what somebody else wrote meanwhile."""

    @abstractmethod
    def save(self, form: Any, mark: str) -> None:
        """Store what a valid form has; raises Refused."""

    def context(self) -> dict[str, Any]:
        """What else its template shows."""
        return {}

    def to_confirm(self) -> int:
        """How many numbers are stored that are odd, and that nobody said are right."""
        return 0

    def moved_questions(self, before: Any) -> list[Any]:
        """The rows whose question about an odd number came, went or was answered, since the form that was sent."""
        return []


class Words(Writer):
    """A narrative or a judgement."""

    form_class: ClassVar[type[NarrativeForm]] = NarrativeForm
    template_name = "reports/part_words.html"

    @cached_property
    def earlier(self) -> dict[str, Any] | None:
        """What the last approved report said in the same part, and which report that was."""
        last = self.reading.last_approved
        if last is None or last.approved_version is None:
            return None
        said = next(
            (row for row in last.approved_version.content["sections"] if row["code"] == self.section.code), None
        )
        return {"report": last, "text": said["text"], "choice": said["choice"]} if said and said["text"] else None

    def form(self, data: Data | None = None) -> NarrativeForm:
        initial = {"text": self.answer.text, "choice": self.answer.choice} if self.answer else {}
        return self.form_class(self.section, data, initial=initial)

    def forms(self, form: NarrativeForm) -> Sequence[BaseForm]:
        return [form]

    def with_earlier(self, data: Data) -> NarrativeForm:
        """The form with the last report's text put under what was typed. Nothing is stored."""
        typed = str(data.get("text", "")).rstrip()
        earlier = self.earlier["text"] if self.earlier else ""
        text = typed if earlier in typed else f"{typed}\n\n{earlier}".strip()
        return self.form_class(self.section, initial={"text": text, "choice": data.get("choice", "")})

    def mark(self) -> str:
        return self.answer.saved_at.isoformat() if self.answer else ""

    def save(self, form: NarrativeForm, mark: str) -> None:
        given = form.cleaned_data
        services.save_answer(
            self.report.pk,
            self.section,
            by=self.reading.user,
            text=given["text"],
            choice=given.get("choice", ""),
            seen_at=mark,
        )

    def context(self) -> dict[str, Any]:
        return {
            "earlier": self.earlier,
            "promise": self.report.milestone.promise,
            "words": self.words,
        }


class Judgement(Words):
    """Whether the project is on course."""

    form_class = JudgementForm


class Table(Writer):
    """A form for each row."""

    def forms(self, form: RowForms[Any]) -> Sequence[BaseForm]:
        return form.rows


class Figures(Table):
    """The table of figures."""

    template_name = "reports/part_figures.html"

    def form(self, data: Data | None = None) -> FiguresForm:
        asked, figures = self.report.asked_indicators, figures_of(self.report)
        asked_of = cache(partial(requests_of, self.report))
        return FiguresForm([one for one in figures if asked is None or one.indicator.pk in asked], data, asked_of)

    def mark(self) -> str:
        return services.mark_of(self.report, self.section.form)

    def save(self, form: FiguresForm, mark: str) -> None:
        services.save_results(
            self.report.pk, by=self.reading.user, rows=[row.row() for row in form.rows], seen_mark=mark
        )

    @cached_property
    def odd(self) -> dict[Any, tuple[str, bool]]:
        """What is stored as odd, and whether it was confirmed, by indicator."""
        rows = self.report.results.exclude(odd="").values_list("indicator", "odd", "confirmed")
        return {indicator: (odd, confirmed) for indicator, odd, confirmed in rows}

    def moved_questions(self, before: FiguresForm) -> list[Any]:
        was = {row.key: (row.odd, bool(row["confirmed"].value())) for row in before.rows if row.odd}
        return [
            row.asking(*self.odd.get(row.key, ("", False)))
            for row in before.rows
            if was.get(row.key) != self.odd.get(row.key)
        ]

    def to_confirm(self) -> int:
        return sum(not confirmed for _, confirmed in self.odd.values())


class Spending(Table):
    """The table of what was spent."""

    template_name = "reports/part_spend.html"

    def form(self, data: Data | None = None) -> SpendForm:
        return SpendForm(spend_of(self.report), data)

    def mark(self) -> str:
        return services.mark_of(self.report, self.section.form)

    def save(self, form: SpendForm, mark: str) -> None:
        lines = {line.pk: line for line in self.report.award.budget_lines.all()}
        rows = [(lines[row.spent.line_id], *row.row()) for row in form.rows if row.spent.line_id in lines]
        services.save_spend(self.report.pk, by=self.reading.user, rows=rows, seen_mark=mark)

    def context(self) -> dict[str, Any]:
        return {"total": total_of(spend_of(self.report))}


class Activities(Words):
    """What took place: each activity has a page of its own, and here stands a word on all of them."""

    form_class = ActivitiesNoteForm
    template_name = "reports/part_activities.html"

    def context(self) -> dict[str, Any]:
        return {**activities_on(self.reading.page, {"activities": activities_in(self.report)}), "words": self.words}


class Risks(Table):
    """What could keep the project from what it promised; those of the last approved report stand there to begin with."""

    template_name = "reports/part_risks.html"

    @cached_property
    def carried_over(self) -> Report | None:
        """The report whose risks are shown, as long as nothing is stored here; the first save writes them."""
        last = self.reading.last_approved if self.answer is None else None
        return last if last and last.approved_version and last.approved_version.content.get("risks") else None

    def form(self, data: Data | None = None) -> RisksForm:
        stored = risks_in(self.report)
        if self.carried_over is not None and self.carried_over.approved_version is not None:
            stored = self.carried_over.approved_version.content["risks"]
        return RisksForm(stored, data)

    def mark(self) -> str:
        return services.mark_of(self.report, self.section.form)

    def save(self, form: RisksForm, mark: str) -> None:
        services.save_risks(self.report.pk, by=self.reading.user, rows=[row.row() for row in form.rows], seen_mark=mark)

    def context(self) -> dict[str, Any]:
        return {"carried_over": self.carried_over, "stored_risks": lambda: risks_in(self.report)}


class Since(Table):
    """What became of what was promised and agreed."""

    template_name = "reports/part_follow_up.html"

    def form(self, data: Data | None = None) -> SinceForm:
        return SinceForm(items_of(self.report), data)

    def mark(self) -> str:
        return services.mark_of(self.report, self.section.form)

    def save(self, form: SinceForm, mark: str) -> None:
        services.save_follow_ups(self.report.pk, by=self.reading.user, given=form.given(), seen_mark=mark)


WRITERS: dict[str, type[Writer]] = {
    Section.Form.NARRATIVE: Words,
    Section.Form.JUDGEMENT: Judgement,
    Section.Form.FIGURES: Figures,
    Section.Form.SPEND: Spending,
    Section.Form.ACTIVITIES: Activities,
    Section.Form.RISKS: Risks,
    Section.Form.FOLLOW_UP: Since,
}
