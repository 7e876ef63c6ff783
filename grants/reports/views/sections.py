"""The parts of a version under review: what changed in each, how it was read, what was asked, what the last report said."""

from dataclasses import dataclass
from typing import Any

from grants.differences import compare
from grants.formats import plural
from grants.reports.forms import MarkForm
from grants.reports.models import Mark, Question, Report, Version
from grants.reports.views.common import Reading, files_at
from grants.reports.views.comparing import changes_in as changed_rows_in

VERSION, REPORT, NONE = "version", "report", "none"


@dataclass(frozen=True)
class Since:
    """Since when changes are shown: the version before, the last approved report, or not at all."""

    what: str
    earlier: Version | None
    """The version before; of a correction what it corrects"""
    last: Report | None
    """The last approved report"""

    @classmethod
    def asked(cls, reading: Reading, what: str) -> "Since":
        """As the address has it; else since the version before, where there is one."""
        earlier, last = reading.compared_with, reading.last_approved
        offered = {VERSION: earlier is not None, REPORT: last is not None, NONE: True}
        chosen = what if offered.get(what) else VERSION if earlier is not None and what != "0" else NONE
        return cls(chosen, earlier, last)

    @property
    def content(self) -> dict[str, Any] | None:
        """With what the version is compared; None where no changes are shown."""
        if self.what == VERSION and self.earlier:
            return self.earlier.content
        return self.last_content if self.what == REPORT else None

    @property
    def last_content(self) -> dict[str, Any] | None:
        """What the last approved report says."""
        return self.last.approved_version.content if self.last and self.last.approved_version else None

    @property
    def switch(self) -> list[tuple[str, str]]:
        """The words of each choice that there is, by its name in the address."""
        choices = []
        if self.earlier:
            choices.append((VERSION, f"Since version {self.earlier.number}"))
        if self.last:
            choices.append((REPORT, "Since the last report"))
        return [*choices, (NONE, "No changes shown")] if choices else []

    @property
    def words(self) -> str:
        """Since version 1, for the label of what changed."""
        return dict(self.switch).get(self.what, "")


def sections_of(
    reading: Reading, content: dict[str, Any], since: Since, figures: list[tuple[str, str]], marking: MarkForm | None
) -> list[dict[str, Any]]:
    """Each part with its changes, its mark and its questions; `marking` is the form of one that was sent with faults."""
    before = since.content
    said_last = {row["code"]: row for row in (since.last_content or {"sections": []})["sections"]}
    rows = []
    for section in content["sections"]:
        code = section["code"]
        changes = changes_in(section, content, before) if before is not None else {}
        questions = [one for one in reading.questions if one.section.code == code]
        mark = reading.marks.get(code)
        row = {
            **section,
            "paragraphs": [],
            "was_choice": "",
            "changes": [],
            "follow_up": content.get("follow_up", []),
            "files": files_at(code, content),
            **changes,
            "last": said_last.get(code),
            "last_report": since.last,
            "mark": mark,
            "questions": questions,
            "form_of_mark": marking_form(section, reading, mark, figures, marking),
        }
        row["link"] = link_of(row, compared=before is not None)
        rows.append(row)
    return rows


def marking_form(
    section: dict[str, Any], reading: Reading, mark: Mark | None, figures: list[tuple[str, str]], sent: MarkForm | None
) -> MarkForm:
    """The form in which a part is marked: as it was sent, or as the part is marked. A question that was put is not put again."""
    code = section["code"]
    if sent is not None and sent.code == code:
        return sent
    initial: dict[str, Any] = {"version": reading.versions[-1].number}
    if mark is not None and mark.verdict != Mark.Verdict.ASK:
        initial |= {"verdict": mark.verdict, "words": mark.words}
    return MarkForm(code, figures if section["form"] == "figures" else [], initial=initial)


def changes_in(section: dict[str, Any], content: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """What is not in a part as it was before."""
    was = next((row for row in before["sections"] if row["code"] == section["code"]), None)
    found: dict[str, Any] = {
        "paragraphs": compare(was["text"] if was else "", section["text"]),
        "was_choice": was["choice"] if was and was["choice"] != section["choice"] else "",
        "is_new": was is None,
    }
    changed = was is None or (was["text"], was["choice"]) != (section["text"], section["choice"])
    found["changes"] = changed_rows_in(section, before, content)
    changed = changed or bool(found["changes"])
    if section["form"] == "follow_up":
        now, old = content.get("follow_up", []), {row["key"]: row for row in before.get("follow_up", [])}
        found["follow_up"] = [
            row | {"paragraphs": compare(old[row["key"]]["text"] if row["key"] in old else "", row["text"])}
            for row in now
        ]
        changed = changed or now != list(old.values())
    return found | {"is_changed": changed}


def link_of(row: dict[str, Any], *, compared: bool) -> dict[str, str]:
    """The state of a part in the list of parts: how it was read and what is asked, before whether it changed."""
    words = []
    if compared:
        words.append("New" if row["is_new"] else "Changed" if row["is_changed"] else "Same")
    state = "changed" if compared and row["is_changed"] else "ready" if compared else ""
    waiting = unanswered(row["questions"])
    mark: Mark | None = row["mark"]
    if mark is not None and mark.verdict == Mark.Verdict.CHANGE:
        state, words = "needs-change", [*words, "needs change"]
    elif mark is not None and mark.verdict == Mark.Verdict.FINE:
        state, words = "ready", [*words, "fine"]
    if waiting:
        words.append(plural(waiting, "question"))
        state = "question" if state != "needs-change" else state
    elif row["questions"]:
        words.append("answered")
        state = state or "done"
    said = ", ".join(words)
    return {"state": state, "word": said[:1].upper() + said[1:]} if said else {}


def unanswered(questions: list[Question]) -> int:
    """How many of the questions wait for an answer."""
    return sum(question.answer is None for question in questions)
