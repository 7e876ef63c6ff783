"""Whether awards are on course: what the grantee says of it, and how the managing body judges it."""

from collections.abc import Iterable
from dataclasses import dataclass

from grants.awards.models import Judgement
from grants.reports.models import Answer


@dataclass(frozen=True)
class Course:
    """Both judgements of one award. `ours`, and what follows from it, is shown to the managing body only."""

    theirs: Answer | None
    """The overall judgement of the latest approved report: choice, text, report"""
    ours: Judgement | None
    """The latest that the managing body wrote: course, reason, next_step, by, at"""

    @property
    def state(self) -> str:
        """on_course, at_risk or off_course as the managing body sees it: its own judgement, else the grantee's."""
        return self.ours.course if self.ours else self.theirs.choice if self.theirs else ""

    @property
    def word(self) -> str:
        """The same as a word: On course."""
        if self.ours:
            return self.ours.get_course_display()
        return self.theirs.get_choice_display() if self.theirs else ""

    @property
    def reason(self) -> str:
        """Why, in the words of whoever judged."""
        if self.ours:
            return self.ours.reason
        return f"{self.theirs.report.milestone.name}: {self.theirs.text}" if self.theirs else ""


NOTHING_SAID = Course(None, None)


def courses(award_ids: Iterable[int]) -> dict[int, Course]:
    """What is said of each award's course, by the award's key; an award of which nothing is said is left out."""
    ids = list(award_ids)
    answers = (
        Answer.objects.filter(report__state="approved", report__milestone__award__in=ids)
        .exclude(choice="")
        .select_related("report__milestone")
        .order_by("report__milestone__award_id", "-report__milestone__number", "-report__approved_at")
        .distinct("report__milestone__award_id")
    )
    judgements = (
        Judgement.objects.filter(award__in=ids)
        .select_related("by")
        .order_by("award_id", "-at", "-pk")
        .distinct("award_id")
    )
    theirs = {answer.report.milestone.award_id: answer for answer in answers}
    ours = {judgement.award_id: judgement for judgement in judgements}
    return {pk: Course(theirs.get(pk), ours.get(pk)) for pk in theirs.keys() | ours.keys()}
