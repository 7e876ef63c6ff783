"""What happens, day by day, from January to today: a table of the reports, and beside it everything else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from config.demonstration import communities, verbs
from config.demonstration.promises import day

SUMMER, AUTUMN = date(2012, 7, 31), date(2012, 10, 31)
"""The last days of the two periods on which the Spoke gets a report."""


@dataclass(frozen=True)
class Event:
    """Something that happens on a day."""

    on: date
    happen: Callable[[], None]


# Award, milestone; then the days on which the report was written, a signature asked for, signed, read, approved, paid.
# Where the days end, the report stands.
REPORTS = """
EX-2012-01 1  2012-04-03 2012-04-11 2012-04-12 2012-04-18 2012-04-24 2012-05-04
EX-2012-01 2  2012-08-06 2012-08-09 2012-08-10 2012-08-16 2012-08-22 2012-08-31
EX-2012-01 3  2012-09-19 2012-09-26 2012-09-27 2012-10-03 2012-10-10 2012-10-19
EX-2012-02 1  2012-04-05 2012-04-13 2012-04-16 2012-04-20 2012-04-26 2012-05-04
EX-2012-02 2  2012-08-07 2012-08-14 2012-08-15 2012-08-20 2012-08-27 2012-09-07
EX-2012-02 3  2012-10-24 2012-10-31 2012-11-01 2012-11-09
EX-2012-03 1  2012-04-04 2012-04-12 2012-04-13 2012-04-18 2012-04-24 2012-05-04
EX-2012-03 2  2012-08-08 2012-08-15 2012-08-16 2012-08-21 2012-08-28 2012-09-07
EX-2012-03 3  2012-11-08
EX-2012-04 1  2012-04-02 2012-04-10 2012-04-11 2012-04-17 2012-04-23 2012-05-04
EX-2012-04 2  2012-08-06 2012-08-13 2012-08-14 2012-08-20 2012-08-27 2012-09-07
EX-2012-04 3  2012-11-09
EX-2012-05 1  2012-04-05 2012-04-12 2012-04-13 2012-04-19 2012-04-25 2012-05-04
EX-2012-05 2  2012-08-09 2012-08-15 2012-08-17 2012-08-22 2012-08-29 2012-09-07
EX-2012-05 3  2012-10-17 2012-10-24 2012-10-25 2012-10-31 2012-11-08
EX-2012-06 1  2012-05-08 2012-05-10 2012-05-11 2012-05-17 2012-05-24 2012-06-01
EX-2012-07 1  2012-04-10 2012-04-13 2012-04-16 2012-04-23 2012-04-27 2012-05-04
EX-2012-07 2  2012-08-01
EX-2012-08 1  2012-04-26 2012-04-30 2012-05-02 2012-05-09 2012-05-16
PU-2012-01 1  2012-08-07 2012-08-13 2012-08-14 2012-08-23 2012-08-28 2012-09-07
CO-2012-01 1  2012-08-06 2012-08-08 2012-08-09 2012-08-16 2012-08-22 2012-08-31
CO-2012-01 2  2012-09-17 2012-09-20 2012-09-21 2012-09-27 2012-10-05 2012-10-12
CP-2012-01 1  2012-11-01 2012-11-02 2012-11-05 2012-11-07
CP-2012-02 1  2012-11-07 2012-11-12 2012-11-13
CP-2012-03 1  2012-11-08 2012-11-13
CP-2012-05 1  2012-11-02 2012-11-07 2012-11-08 2012-11-12
CP-2012-06 1  2012-11-01 2012-11-02 2012-11-05 2012-11-08
"""
COURSE: tuple[Callable[..., None], ...] = (verbs.write, verbs.ask, verbs.sign, verbs.review, verbs.approve, verbs.pay)


def _reports() -> Iterator[Event]:
    for line in REPORTS.strip().splitlines():
        reference, number, *days = line.split()
        for when, verb in zip(days, COURSE, strict=False):
            yield Event(day(when), partial(verb, reference, int(number)))


# Who covers, what was said on the telephone, and how the managing body judges it for itself
_WATCHING: tuple[tuple[Any, ...], ...] = (
    ("2012-02-06", verbs.name_cover, "EX-2012-02"),
    ("2012-02-06", verbs.name_cover, "EX-2012-03"),
    ("2012-02-06", verbs.name_cover, "EX-2012-06"),
    ("2012-02-06", verbs.name_cover, "EX-2012-07"),
    ("2012-08-20", verbs.name_cover, "CP-2012-01"),
    (
        "2012-05-07", verbs.talk, "EX-2012-08", "Signatory, Example Outreach Network",
        "The host organisation closes at the end of June. Four others were asked; two have said no.",
    ),
    (
        "2012-05-16", verbs.judge, "EX-2012-08", "off_course",
        "No host after June, and nobody who could finish the work.",
        "The approver decides on 29 June whether the award goes on.",
    ),
    (
        "2012-06-26", verbs.talk, "EX-2012-06", "Editor, Example Science Trust",
        ("Seven of ten schools have not been visited. The post is advertised until 20 July.\n\n"
        "Agreed: a new timetable by 31 August; the university lends two doctoral students."),
    ),
    (
        "2012-06-28", verbs.judge, "EX-2012-06", "at_risk",
        "Seven of ten schools have not been visited, and the post is empty.",
        "The payment is held. We ask for the new timetable on 31 August (Reviewer).",
    ),
    (
        "2012-07-31", verbs.talk, "EX-2012-07", "Signatory, Example Robotics Club",
        "The insurer wants a risk assessment for each club. It is being written.",
    ),
    (
        "2012-08-02", verbs.judge, "EX-2012-07", "at_risk",
        "The clubs stand still until they are insured.", "We call on the first of each month (Reviewer).",
    ),
    ("2012-09-03", verbs.judge, "EX-2012-03", "on_course"),
    (
        "2012-10-22", verbs.talk, "EX-2012-06", "Signatory, Example Science Trust",
        "No timetable yet, and milestone 2 is nine weeks late. The new workshop leader begins on 12 November.",
    ),
    (
        "2012-10-23", verbs.judge, "EX-2012-06", "off_course",
        "The report is nine weeks late, and the schools cannot all be visited before the end.",
        "We meet on 19 November to agree a shorter list of schools (Reviewer, Approver).",
    ),
    (
        "2012-11-12", verbs.judge, "CP-2012-06", "at_risk",
        "Two of three meetings did not take place.", "New days by 23 November (Editor of the lead).",
    ),
)  # fmt: skip


# What the grantee's people ask for, and say to each other
_TOGETHER: tuple[tuple[Any, ...], ...] = (
    (
        "2012-04-12", verbs.ask_for_later, "EX-2012-06", 1, date(2012, 5, 11),
        "Two schools break up early, and send their registers after Easter.",
    ),
    ("2012-04-13", verbs.grant_later, "EX-2012-06", 1, "Gladly. The payment waits for the report."),
    (
        "2012-11-12", verbs.ask_for_later, "EX-2012-06", 2, date(2012, 12, 14),
        "The new workshop leader began today, and needs a month to gather what was done.",
    ),
    (
        "2012-08-03", verbs.comment, "EX-2012-07", 2, "done", "signatory",
        "Say that the clubs stand still since July, and why.",
    ),
    (
        "2012-08-06", verbs.comment, "EX-2012-07", 2, "done", "signatory",
        "The contest: do we still promise it for September?",
    ),
    ("2012-08-07", verbs.resolve, "EX-2012-07", 2, "editor"),
)  # fmt: skip


# What was found wrong after approval, and a figure that came: one correction is approved, one is under way, and an update
# waits for its review
_CORRECTING: tuple[tuple[Any, ...], ...] = (
    (
        "2012-05-10", verbs.correct, "EX-2012-07", 1,
        "One session in February stood in the registers of both clubs and was counted twice.", {"attendances": 98},
    ),
    ("2012-05-11", verbs.ask, "EX-2012-07", 1),
    ("2012-05-14", verbs.sign, "EX-2012-07", 1),
    ("2012-05-17", verbs.review, "EX-2012-07", 1),
    ("2012-05-22", verbs.approve, "EX-2012-07", 1),
    (
        "2012-07-30", verbs.correct, "EX-2012-07", 1,
        "One learner changed from the first club to the second in March, and was counted in both.", {"learners": 23},
    ),
    ("2012-11-09", verbs.update, "EX-2012-06", 1, {"target-groups": (12, 21)}),
    ("2012-11-12", verbs.ask, "EX-2012-06", 1),
    ("2012-11-13", verbs.sign, "EX-2012-06", 1),
)  # fmt: skip


# What is decided with an action, returned with two of its parts, or asked: of this the second question is not answered yet
_REVIEWING: tuple[tuple[Any, ...], ...] = (
    (
        "2012-11-12", partial(verbs.approve, "CP-2012-01", 1,
            ("Send us the agreement between the partners when the last of them has signed.", "signatory", date(2012, 12, 14)),
            ("Bring the community together with that of the next region.", "reviewer", date(2012, 11, 30)),
        ),
    ),
    (
        "2012-11-12", partial(verbs.send_back, "CP-2012-06", 1,
            done="Please say of each of the two meetings that did not take place when it will, and who will be there.",
            judgement="Please give the dates in December and January that you say are fixed.",
            figures="Please ask your members: these are the figures of one meeting alone.",
            spend="Please add what your members have spent.",
            activities="Please add what your members held, each once.",
        ),
    ),
    (
        "2012-11-13", partial(communities.give, "CP-2012-06", 1, "example-university",
            {"schools": 0, "attendances": 7}, (400, 0, 90),
        ),
    ),
    (
        "2012-11-13", partial(communities.give, "CP-2012-06", 1, "example-science-centre",
            {"learners": 46, "target-groups": (21, 40), "schools": 2, "attendances": 71}, (0, 180, 35),
            "Six cards were blank.", confirmed=True,
        ),
    ),
    (
        "2012-11-13", partial(communities.give, "CP-2012-06", 1, "example-youth-partnership",
            {"learners": 18, "target-groups": (15, 18), "schools": 1, "attendances": 18}, (0, 95, 0), confirmed=True,
        ),
    ),
    ("2012-11-13", communities.nudge, "CP-2012-06", 1, "example-robotics-club"),
    ("2012-11-13", verbs.mark, "CP-2012-05", 1, "done", "fine"),
    ("2012-11-13", verbs.mark, "CP-2012-05", 1, "figures", "ask", "Were the learners counted once, or at each activity?"),
    ("2012-11-13", verbs.answer, "CP-2012-05", 1, "figures", "Once each, from the registers of the schools."),
    ("2012-11-13", verbs.mark, "CP-2012-05", 1, "copy", "ask", "Where can others find what you wrote down?"),
    ("2012-11-13", verbs.mark, "CP-2012-05", 1, "learned", "change", "Please say what you would do differently."),
)  # fmt: skip


def _others() -> Iterator[Event]:
    for when, verb, *facts in (
        ("2012-01-30", verbs.bring_in, "stem-tso-january-2012.xlsx"),
        ("2012-08-13", verbs.bring_in, "stem-tso-august-2012.xlsx"),
        (
            "2012-05-09", verbs.hold, "EX-2012-08", 1,
            "The host organisation closes in June: nothing further is paid until another host is found.",
        ),
        (
            "2012-06-28", verbs.hold, "EX-2012-06", 2,
            "Seven of ten schools have not been visited. Held until a workshop leader is in post.",
        ),
        (
            "2012-07-06", verbs.terminate, "EX-2012-08",
            "No other host was found before the host organisation closed at the end of June.",
        ),
        (
            "2012-08-02", verbs.suspend, "EX-2012-07",
            "The clubs are not insured at the moment. The award goes on when a certificate is here.",
        ),
        (
            "2012-08-28", verbs.waive, "WE-2012-01", 1,
            "The website opened at the conference, whose report says what there is to say of this period.",
        ),
        ("2012-09-07", verbs.pay, "WE-2012-01", 1),
        ("2012-09-10", verbs.request, SUMMER),
        ("2012-10-19", verbs.close, "CO-2012-01"),
        ("2012-10-26", verbs.close, "EX-2012-01"),
        ("2012-10-03", verbs.begin, "example-engineers"),
        ("2012-10-08", verbs.begin, "example-rocket-society"),
        ("2012-10-09", verbs.begin, "example-star-parties"),
        ("2012-10-15", verbs.begin, "example-coding-collective"),
        ("2012-10-17", verbs.begin, "example-field-studies"),
        ("2012-10-29", verbs.begin, "example-maths-circle"),
        ("2012-11-06", verbs.begin, "example-makers"),
        ("2012-10-25", verbs.submit, "example-engineers"),
        ("2012-10-15", verbs.submit, "example-rocket-society"),
        ("2012-10-16", verbs.submit, "example-star-parties"),
        ("2012-11-01", verbs.submit, "example-coding-collective"),
        ("2012-10-26", verbs.submit, "example-field-studies"),
        ("2012-11-12", verbs.submit, "example-maths-circle"),
        ("2012-10-29", verbs.read, "example-engineers"),
        ("2012-10-18", verbs.read, "example-rocket-society"),
        ("2012-11-05", verbs.read, "example-coding-collective"),
        ("2012-11-02", verbs.read, "example-field-studies"),
        ("2012-10-25", verbs.withdraw, "example-star-parties", "Our telescope was damaged; we hope to apply again."),
        (
            "2012-10-29", verbs.decline, "example-rocket-society",
            ("One afternoon at each school leaves little behind, as the first round showed. We would gladly read an"
            " application in which the same learners are met several times."),
        ),
        ("2012-11-05", verbs.recommend, "example-engineers"),
        ("2012-11-07", verbs.offer, "example-engineers", date(2012, 11, 28)),
        ("2012-11-13", verbs.recommend, "example-coding-collective"),
        (
            "2012-11-09", verbs.return_it, "example-field-studies",
            "Please say what you will do if the landowner does not agree, and which criteria the learners meet.",
        ),
        *_REVIEWING,
        (
            "2012-11-12", verbs.ask_for_figure, "EX-2012-03", 3, "target-groups", "University of Bradford",
            "outreach@bradford.example",
            "Of those whom you counted at the stands, how many meet one of the criteria, and of how many do you know?",
            date(2012, 11, 20),
        ),
        (
            "2012-11-12", verbs.ask_for_figure, "EX-2012-04", 3, "attendances", "Example High School",
            "office@example-high-school.example", "How many times did your learners take part in a visit since August?",
            date(2012, 11, 23),
        ),
        (
            "2012-11-13", verbs.answer_for_figure, "EX-2012-03", 3, "target-groups", "Outreach officer",
            "From the cards that visitors filled in; 33 cards were blank.", (71, 131),
        ),
        ("2012-11-14", verbs.request, AUTUMN),
        *_WATCHING,
        *_TOGETHER,
        *_CORRECTING,
    ):  # fmt: skip
        yield Event(day(when), partial(verb, *facts))


def events() -> list[Event]:
    """Everything that happens, in order. Of what happens on one day, what stands first here comes first."""
    return sorted([*_others(), *_reports()], key=lambda event: event.on)
