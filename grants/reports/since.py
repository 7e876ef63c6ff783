"""Since last time: what the last report promised, what this milestone promises, and which actions of the grantee are open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from grants.formats import date_words

if TYPE_CHECKING:
    from grants.reports.models import Report

NEXT = "next"
"""The code of the part in which a report promises something for the next period."""


@dataclass(frozen=True)
class Item:
    """One thing that a report is asked about, with what is written of it."""

    key: str
    """last, milestone, or action-5"""
    about: str
    title: str
    asked: str
    text: str
    done: bool
    action_id: int | None = None

    @property
    def is_action(self) -> bool:
        """Whether it can be marked as done."""
        return self.about == "action"


def what_is_asked(report: "Report") -> dict[str, QuerySet[Any]]:
    """The rows that a report is asked about, by what they are, each with `given`: whether something is written of it.

    Actions that the report speaks of already stay, though they were done meanwhile. A correction is asked about what the report
    was asked about whose place it takes: what was promised or agreed since belongs into the next report. Of a promise in it the
    row is the correction itself, since its words stand in the version.
    """
    written, award = report.follow_ups, report.milestone.award
    about_action = written.filter(action=OuterRef("pk")).filter(~Q(text="") | Q(done=True))
    said = {about: Exists(written.filter(about=about).exclude(text="")) for about in ("last", "milestone")}
    if (asked := _asked_before(report)) is not None:
        itself = type(report)._default_manager.filter(pk=report.pk)
        abouts = {item["about"] for item in asked}
        promises = {about: (itself if about in abouts else itself.none()).annotate(given=said[about]) for about in said}
        actions = award.actions.filter(pk__in=[key for item in asked if (key := _action_in(item))])
        return {**promises, "action": actions.annotate(given=Exists(about_action))}
    earlier = (
        type(report)
        ._default_manager.filter(
            milestone__award=award, milestone__number__lt=report.milestone.number, state=report.State.APPROVED
        )
        .order_by("-milestone__number")
    )
    answers = report.answers.model._default_manager.filter(
        report=Subquery(earlier.values("pk")[:1]), section__code=NEXT
    ).exclude(text="")
    milestone = award.milestones.filter(pk=report.milestone_id).exclude(promise="")
    actions = award.actions.filter(Q(done_at=None) | Q(pk__in=written.values("action")), side="recipient")
    return {
        "last": answers.annotate(given=said["last"]),
        "milestone": milestone.annotate(given=said["milestone"]),
        "action": actions.annotate(given=Exists(about_action)),
    }


def _asked_before(report: "Report") -> list[Mapping[str, Any]] | None:
    """What the approved version speaks of whose place a correction takes; None of a report that corrects none."""
    if report.corrects is None or report.corrects.approved_version is None:
        return None
    found: list[Mapping[str, Any]] = report.corrects.approved_version.content.get("follow_up", [])
    return found


def _action_in(item: Mapping[str, Any]) -> int | None:
    """The key of the action of which a line of a version speaks; None where that is a promise."""
    return int(item["key"].removeprefix("action-")) if item["about"] == "action" else None


def items_of(report: "Report") -> list[Item]:
    """Everything that a report is asked about, in order, with what is written of it: in one query."""
    if (before := _asked_before(report)) is not None:
        return _items_again(report, before)
    asked, milestone = what_is_asked(report), report.milestone
    at = "report__milestone__"
    last = JSONObject(text="text", **{name: f"{at}{name}" for name in ("title", "kind", "number")})
    own = FilteredRelation("follow_ups", condition=Q(follow_ups__report=report))
    action = JSONObject(
        pk="pk", text="text", owner="owner__name", due="due_on", said=F("own__text"), done=F("own__done")
    )
    found = (
        type(report)
        ._default_manager.filter(pk=report.pk)
        .order_by()
        .values_list(
            Subquery(asked["last"].order_by().values(json=last)[:1]),
            ArraySubquery(asked["action"].annotate(own=own).values(json=action)),
            *(
                Subquery(report.follow_ups.filter(about=about).order_by().values("text")[:1])
                for about in ("last", "milestone")
            ),
        )
        .get()
    )
    promised, actions, of_last, of_milestone = found
    items = []
    if promised:
        words = promised.pop("text")
        title = f"Promised in the last report, {type(milestone)(**promised).name}"
        items.append(Item("last", "last", title, words, of_last or "", done=False))
    if milestone.promise:
        title = "Promised for this milestone"
        items.append(Item("milestone", "milestone", title, milestone.promise, of_milestone or "", done=False))
    for row in actions or []:  # an empty query gives none
        title = f"Agreed, {row['owner']}, by {date_words(date.fromisoformat(row['due']))}"
        key, said = f"action-{row['pk']}", row["said"] or ""
        items.append(Item(key, "action", title, row["text"], said, done=bool(row["done"]), action_id=row["pk"]))
    return items


def _items_again(report: "Report", before: list[Mapping[str, Any]]) -> list[Item]:
    """What a correction is asked about, in the words of the version, with what is written of it in the correction."""
    written = {(row.about, row.action_id): row for row in report.follow_ups.all()}
    items = []
    for asked in before:
        key = _action_in(asked)
        row = written.get((asked["about"], key))
        text, done = (row.text, row.done) if row else ("", False)
        items.append(Item(asked["key"], asked["about"], asked["title"], asked["asked"], text, done, key))
    return items


def follow_up_in(report: "Report") -> list[Mapping[str, Any]]:
    """What is written in a report of what was promised and agreed, with the words that it answers."""
    return [
        {
            "key": item.key,
            "about": item.about,
            "title": item.title,
            "asked": item.asked,
            "text": item.text,
            "done": item.done,
        }
        for item in items_of(report)
    ]
