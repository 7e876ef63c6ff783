"""How each form of part is shown, read and stored. The page around them is in writing.py."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.forms import BaseForm

from grants.programmes.models import Section
from grants.reports import services
from grants.reports.figures import figures_of, spend_of, total_of
from grants.reports.forms import FiguresForm, JudgementForm, NarrativeForm, RowForms, SpendForm
from grants.reports.models import Answer, Report
from grants.reports.parts import word_count
from grants.reports.views.common import Reading

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
        return self.report.answers.filter(section=self.section).select_related("saved_by").first()

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


class Words(Writer):
    """A narrative or a judgement."""

    form_class: ClassVar[type[NarrativeForm]] = NarrativeForm
    template_name = "reports/part_words.html"

    @cached_property
    def earlier(self) -> dict[str, Any] | None:
        """What the last approved report said in the same part, and which report that was."""
        last = last_approved(self.report)
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
        return FiguresForm(figures_of(self.report), data)

    def mark(self) -> str:
        return services.mark_of(self.report, self.section.form)

    def save(self, form: FiguresForm, mark: str) -> None:
        services.save_results(
            self.report.pk, by=self.reading.user, rows=[row.row() for row in form.rows], seen_mark=mark
        )


class Spending(Table):
    """The table of what was spent."""

    template_name = "reports/part_spend.html"

    def form(self, data: Data | None = None) -> SpendForm:
        return SpendForm(spend_of(self.report), data)

    def mark(self) -> str:
        return services.mark_of(self.report, self.section.form)

    def save(self, form: SpendForm, mark: str) -> None:
        lines = {line.pk: line for line in self.report.award.budget_lines.all()}
        rows = [
            (lines[row.spent.line_id], row.cleaned_data["amount"]) for row in form.rows if row.spent.line_id in lines
        ]
        services.save_spend(self.report.pk, by=self.reading.user, rows=rows, seen_mark=mark)

    def context(self) -> dict[str, Any]:
        return {"total": total_of(spend_of(self.report))}


WRITERS: dict[str, type[Writer]] = {
    Section.Form.NARRATIVE: Words,
    Section.Form.JUDGEMENT: Judgement,
    Section.Form.FIGURES: Figures,
    Section.Form.SPEND: Spending,
}


def last_approved(report: Report) -> Report | None:
    """The latest approved report of an earlier milestone of the same award."""
    return (
        Report.objects.filter(
            milestone__award=report.milestone.award_id,
            milestone__number__lt=report.milestone.number,
            state=Report.State.APPROVED,
        )
        .select_related("milestone", "approved_version")
        .order_by("-milestone__number")
        .first()
    )
