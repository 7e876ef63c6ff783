"""Where an award stands in its life: applied, offered, accepted, each milestone, closed, in a row."""

from dataclasses import dataclass, field

from grants.awards.models import Award
from grants.desk.milestones import SETTLED, Standing
from grants.formats import date_words
from grants.lifecycle.models import HistoryEntry

MOST = 8  # stages that stand side by side on a wide screen
APPLYING = ("draft", "submitted", "in_review", "returned")
REFUSED = ("declined", "withdrawn")
NOT_YET = "Not yet"


@dataclass
class Stage:
    """One stage as the row draws it."""

    title: str
    state: str
    lines: list[str] = field(default_factory=list)


def life(award: Award, stand: list[Standing], came: HistoryEntry | None) -> list[Stage]:
    """The stages in order. `came` is how the award came to its state, where that is known."""
    before, after = _before(award), _after(award, came)
    if award.state in REFUSED:
        return [*before, *after]
    room = MOST - len(before) - len(after)
    return [*before, *_with_suspension(award, _milestones(award, stand, room), came), *after]


def _before(award: Award) -> list[Stage]:
    """Application, offer and acceptance; of an award that was imported only that it was given."""
    applied = award.submitted_at is not None or award.state in APPLYING or award.state in REFUSED
    if not applied and award.accepted_at is None:
        return [Stage("Awarded", "approved", _day(award.award_date or award.starts))]
    stages = [_application(award)] if applied else []
    offered = award.state in Award.FROM_OFFER_ON or award.offer_act_id is not None
    if award.state in REFUSED and not offered:
        return stages
    waiting = award.state == "offered" and award.acceptance_due is not None
    by = [f"Accept by {date_words(award.acceptance_due)}"] if waiting and award.acceptance_due else []
    stages.append(
        Stage("Offered", "offered" if award.state == "offered" else "approved", _day(award.award_date) + by)
        if offered
        else Stage("Offer", "not_due", [NOT_YET])
    )
    if award.state in REFUSED:
        return stages
    accepted = award.accepted_at is not None
    words = _day(award.accepted_at) if accepted else [NOT_YET]
    return [*stages, Stage("Accepted" if accepted else "Acceptance", "approved" if accepted else "not_due", words)]


def _application(award: Award) -> Stage:
    if award.state == "draft":
        closes = [f"The call closes {date_words(award.call.closes_at)}"] if award.call else []
        return Stage("Application", "draft", ["Being written", *closes])
    title = "Applied" if award.submitted_at else "Application"
    state = award.state if award.state in APPLYING else "approved" if award.submitted_at else "draft"
    word = [award.get_state_display()] if award.state in APPLYING and award.state != "submitted" else []
    return Stage(title, state, _day(award.submitted_at) + word)


def _milestones(award: Award, stand: list[Standing], room: int) -> list[Stage]:
    """A stage each. Where they are too many to stand in a row, those settled are one, and those far ahead another."""
    if not stand:
        return [Stage("Reports", "not_due", [NOT_YET])] if award.state in APPLYING else []
    stages = [Stage(one.title, one.state, one.lines) for one in stand]
    if len(stages) <= room:
        return stages
    done = next((number for number, one in enumerate(stand) if one.state not in SETTLED), len(stand))
    if done > 1:
        last = stand[done - 1].lines[:1]
        stages[:done] = [Stage(f"{done} of {len(stand)} reports settled", "approved", last)]
    if len(stages) > room:
        kept = max(room - 1, 1)
        due = date_words(stand[-1].milestone.due_on)
        stages[kept:] = [Stage(f"{len(stages) - kept} more reports", "not_due", [f"The last due {due}"])]
    return stages


def _with_suspension(award: Award, stages: list[Stage], came: HistoryEntry | None) -> list[Stage]:
    if award.state != "suspended":
        return stages
    ahead = next((number for number, one in enumerate(stages) if one.state not in SETTLED), len(stages))
    since = [f"Since {date_words(came.at)}"] if came else []
    return [*stages[:ahead], Stage("Suspended", "suspended", since), *stages[ahead:]]


def _after(award: Award, came: HistoryEntry | None) -> list[Stage]:
    """How the award ends, or ended."""
    if award.state in REFUSED:
        return [Stage(award.get_state_display(), award.state, _day(came.at) if came else [])]
    if award.state == "terminated":
        return [Stage("Ended early", award.state, _day(award.ended_on))]
    if award.state == "closed":
        return [Stage("Closed", award.state, _day(award.ended_on))]
    runs = [f"Runs to {date_words(award.ends)}"] if award.ends and award.state not in APPLYING else [NOT_YET]
    return [Stage("Close", "not_due", runs)]


def _day(moment: object) -> list[str]:
    return [date_words(moment)] if moment else []  # type: ignore[arg-type]
