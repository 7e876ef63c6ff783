"""What was written in the applications of the second round, by applicant. All of them are invented."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from config.demonstration import setting
from config.demonstration.promises import day
from grants.awards.services import Plan
from grants.people.models import User
from grants.programmes.models import Indicator

STARTS, ENDS = date(2013, 1, 7), date(2013, 7, 31)

# Title, place, pounds, what it is for, what will be done
WRITTEN = {
    "example-makers": (
        "Circuits on the bus",
        "Anytown",
        14000,
        "Learners who spend an hour on the school bus build small circuits on the way.",
        "",
    ),
    "example-maths-circle": (
        "Saturday mathematics for whole families",
        "Anytown",
        9800,
        "Families who have never met a mathematician spend six Saturdays on hard puzzles.",
        (
            "Six Saturdays in a library, led by two lecturers and eight students. We repeat what the People's STEM"
            " PhD learned: no talks, and two questions before each answer. We count who comes back, and ask families"
            " before and after whether they would visit a university."
        ),
    ),
    "example-coding-collective": (
        "Code for the youth club",
        "Anytown",
        18000,
        "Young people write the booking system of their own youth club, with students as mentors.",
        (
            "Four youth clubs, one term each to learn and one to build. The mentors are trained with the pack of the"
            " first round. Each club ends with a system that is in use, and a page about what it took. Registers, a"
            " survey before and after, and the code itself are the evidence."
        ),
    ),
    "example-field-studies": (
        "A river through the year",
        "Anytown",
        12000,
        "Learners of three schools measure one river for a year and tell the council what they found.",
        (
            "Monthly measurements at four places, a day in the university's laboratory each term, and a public"
            " evening in July. The plan for the second term depends on an agreement with the landowner, which we"
            " expect in January."
        ),
    ),
    "example-rocket-society": (
        "Rockets over the playing field",
        "Anytown",
        24000,
        "A rocket launch at each of twelve schools.",
        "One afternoon at each school, with a launch at the end. We will count how many learners watch.",
    ),
    "example-engineers": (
        "Apprentices and students, side by side",
        "Anytown",
        16500,
        "Learners of Year 9 build a footbridge with an apprentice and a student, and hear how both came to it.",
        (
            "Five schools, six weeks each. Pairs of one apprentice and one student lead every session, as the West"
            " Midlands community suggests. The university lends its workshop for the last day. We follow the choice of"
            " subjects in the summer and compare it with that of the year before."
        ),
    ),
    "example-star-parties": (
        "Star parties in the park",
        "Anytown",
        8000,
        "Evenings under the stars for people who have never looked through a telescope.",
        (
            "Eight evenings in three parks, with students of physics at each telescope and a visit to the observatory"
            " for everybody who comes twice."
        ),
    ),
}

NOTE = "A clear plan, an honest way of measuring it, and a cost for each learner below that of the first round."


def values(short: str) -> Mapping[str, Any]:
    """What an applicant wrote."""
    title, place, pounds, description, plan = WRITTEN[short]
    return {
        "title": title,
        "description": description,
        "plan": plan,
        "place": place,
        "starts": STARTS,
        "ends": ENDS,
        "amount_applied_for": Decimal(pounds),
    }


def plan(short: str, manager: User) -> Plan:
    """What the offer promises: two milestones, and half of the money on acceptance."""
    pounds = Decimal(WRITTEN[short][2])
    indicators = {one.code: one for one in Indicator.objects.filter(programme__code=setting.CODE)}
    rows = (
        (1, "report", "2013-01-07", "2013-04-30", "2013-05-01", "2013-05-17", "Half of the sessions held"),
        (2, "evaluation", "2013-05-01", "2013-07-31", "2013-07-01", "2013-07-31", "What others can copy, and how"),
    )
    return Plan(
        amount=pounds,
        starts=STARTS,
        ends=ENDS,
        manager=manager,
        milestones=[
            {
                "number": number, "title": "", "kind": kind, "period_start": day(start), "period_end": day(end),
                "opens_on": day(opens), "due_on": day(due), "promise": promise,
            }
            for number, kind, start, end, opens, due, promise in rows
        ],
        tranches=[
            {"milestone": None, "amount": pounds / 2},
            {"milestone": 1, "amount": pounds / 4},
            {"milestone": 2, "amount": pounds / 4},
        ],
        targets=[(indicators["learners"], Decimal(120)), (indicators["target-groups"], Decimal(60))],
        budget=[("Staff", pounds * 2 / 3), ("Activities", pounds / 3)],
    )  # fmt: skip
