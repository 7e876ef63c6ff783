"""Whether awards are on course, as their last approved reports say."""

from collections.abc import Iterable

from grants.reports.models import Answer


def courses(award_ids: Iterable[int]) -> dict[int, Answer]:
    """The overall judgement of the latest approved report of each award, by the award's key."""
    answers = (
        Answer.objects.filter(report__state="approved", report__milestone__award__in=list(award_ids))
        .exclude(choice="")
        .select_related("report__milestone")
        .order_by("report__milestone__number", "report__approved_at")
    )
    return {answer.report.milestone.award_id: answer for answer in answers}
