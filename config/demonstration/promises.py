"""What each award promises, as the two import files say it: milestones, payments, targets, budgets.

All amounts are illustrative.
"""

from dataclasses import dataclass
from datetime import date

day = date.fromisoformat


@dataclass(frozen=True)
class Stage:
    """A milestone: its period, when it opens and is due, and what will have been done by then."""

    start: str
    end: str
    opens: str
    due: str
    promise: str = ""
    kind: str = "report"


@dataclass(frozen=True)
class Promise:
    """An award as a file brings it in."""

    reference: str
    body: str
    amount: int
    awarded: str
    starts: str
    ends: str
    stages: tuple[Stage, ...]
    parts: tuple[int, ...]
    """The payments: on acceptance, then one for each milestone."""
    targets: dict[str, int]
    budget: dict[str, int]
    community: str = ""
    funder: str = ""
    """Who pays it all; empty: the programme's funders by their shares."""
    paid: str = ""
    """When the first payment was sent; empty: it is released, and not yet paid."""
    state: str = "active"
    """Left empty where the award ends later on: then the file can be brought in again and changes nothing."""

    @property
    def strand(self) -> str:
        """The strand's code, which the reference begins with."""
        return self.reference[:2]

    @property
    def managed(self) -> bool:
        """Whether a managing body runs it itself."""
        return self.body in ("accesshe", "bath")


def _exemplar(*promises: str, later: bool = False) -> tuple[Stage, ...]:
    """The milestones of the exemplar projects; one of them goes on into the autumn."""
    first = Stage("2012-01-09", "2012-03-31", "2012-04-01", "2012-04-16", promises[0])
    second = Stage("2012-04-01", "2012-07-31", "2012-08-01", "2012-08-17", promises[1])
    if later:
        third = Stage("2012-08-01", "2012-10-31", "2012-11-01", "2012-11-23", promises[2])
        last = Stage("2012-11-01", "2013-01-31", "2013-02-01", "2013-02-28", promises[3], "evaluation")
        return first, second, third, last
    last = Stage("2012-08-01", "2012-08-31", "2012-09-01", "2012-11-30", promises[2], "evaluation")
    return first, second, last


def _community(*promises: str) -> tuple[Stage, ...]:
    """The milestones of the regional communities, across 2012/13."""
    return (
        Stage("2012-08-01", "2012-10-31", "2012-11-01", "2012-11-23", promises[0]),
        Stage("2012-11-01", "2013-01-31", "2013-02-01", "2013-02-22", promises[1]),
        Stage("2013-02-01", "2013-04-30", "2013-05-01", "2013-05-24", promises[2]),
        Stage("2013-05-01", "2013-07-31", "2013-07-01", "2013-07-31", promises[3], "evaluation"),
    )


def _regional(reference: str, body: str, community: str, promise: str, targets: str, budget: dict[str, int]) -> Promise:
    """A community's award: they differ in what the first milestone promises, in targets and in the budget."""
    values = map(int, targets.split())
    return Promise(
        reference, body, 12000, "2012-07-26", "2012-08-01", "2013-07-31", community=community, paid="2012-08-09",
        stages=_community(promise, *JOINT),
        parts=(4800, 2400, 2400, 1200, 1200),
        targets=dict(zip(("learners", "target-groups", "schools", "resources", "attendances"), values, strict=True)),
        budget=budget,
    )  # fmt: skip


EX = {"awarded": "2012-01-06", "starts": "2012-01-09", "ends": "2012-11-30", "paid": "2012-01-20"}
SHARED = {"Coordination": 5000, "Joint outreach": 5000, "Events and travel": 2000}
JOINT = (
    "Two further joint activities held", "Resources published; sustaining agreed",
    "What was achieved, with the evidence for it",
)  # fmt: skip

JANUARY = (
    Promise(
        "EX-2012-01", "generating-genius", 24000, **EX, state="",
        stages=_exemplar(
            "Laboratories begun in two cities; 60 learners",
            "Summer projects and a residential week; 140 learners",
            "180 learners, 70% of whom meet a criterion",
        ),
        parts=(9600, 7200, 4800, 2400),
        targets={"learners": 180, "target-groups": 70, "schools": 12, "mentors": 30, "attendances": 900},
        budget={"Staff": 13000, "Activities": 7500, "Travel and materials": 2000, "Overheads": 1500},
    ),
    Promise(
        "EX-2012-02", "slcsw", 22000, **EX,
        stages=_exemplar("Eight schools; the first unit in use", "Four units tested", "Six units published"),
        parts=(8800, 6600, 4400, 2200),
        targets={"learners": 300, "target-groups": 50, "schools": 15, "resources": 6, "attendances": 600},
        budget={"Staff": 10000, "Teacher release": 6000, "Materials": 3500, "Overheads": 2500},
    ),
    Promise(
        "EX-2012-03", "space-connections", 20000, **(EX | {"ends": "2013-03-29"}),
        stages=_exemplar(
            "Groups, supervisors and questions in place", "Experiments designed and carried out",
            "Research shown at the Bradford Science Festival", "250 people have done research of their own",
            later=True,
        ),
        parts=(8000, 4000, 4000, 2000, 2000),
        targets={"learners": 250, "target-groups": 50, "mentors": 20, "resources": 3, "attendances": 1200},
        budget={"Staff": 9000, "Festival events": 6500, "Researchers' travel": 2500, "Overheads": 2000},
    ),
    Promise(
        "EX-2012-04", "teach-first", 26000, **EX,
        stages=_exemplar("First visits from six schools", "Laboratory days for ten schools", "Choices followed up"),
        parts=(10400, 7800, 5200, 2600),
        targets={"learners": 200, "target-groups": 65, "schools": 10, "mentors": 24, "attendances": 800},
        budget={"Staff": 14000, "University visits": 6000, "Materials": 3000, "Overheads": 3000},
    ),
    Promise(
        "EX-2012-05", "villiers-park", 18500, **EX,
        stages=_exemplar("Outline and two units", "Eight units tested by universities", "Twelve units published"),
        parts=(7400, 5550, 3700, 1850),
        targets={"learners": 120, "target-groups": 60, "schools": 8, "resources": 12},
        budget={"Staff": 9500, "Web resource": 5500, "Evaluation": 1500, "Overheads": 2000},
    ),
    Promise(
        "EX-2012-06", "example-science-trust", 16000, **EX,
        stages=_exemplar("Workshops in six schools", "Workshops in ten schools", "150 learners reached"),
        parts=(6400, 4800, 3200, 1600),
        targets={"learners": 150, "target-groups": 50, "schools": 10, "attendances": 450},
        budget={"Staff": 9000, "Workshops": 5000, "Overheads": 2000},
    ),
    Promise(
        "EX-2012-07", "example-robotics-club", 9000, **EX,
        stages=_exemplar("Clubs in two schools", "Clubs in three schools, a contest", "60 learners have built a robot"),
        parts=(4500, 2700, 900, 900),
        targets={"learners": 60, "schools": 3, "attendances": 300},
        budget={"Kits": 4000, "Sessions": 5000},
    ),
    Promise(
        "EX-2012-08", "example-outreach-network", 15000, **EX, state="",
        stages=_exemplar("A network of eight groups", "Two joint events", "200 learners reached by joint events"),
        parts=(6000, 4500, 3000, 1500),
        targets={"learners": 200, "target-groups": 50, "schools": 8, "attendances": 300},
        budget={"Staff": 9000, "Events": 4000, "Overheads": 2000},
    ),
    Promise(
        "WE-2012-01", "accesshe", 8000, "2012-01-16", "2012-02-01", "2013-07-31", paid="2012-01-24",
        stages=(
            Stage("2012-02-01", "2012-07-31", "2012-08-01", "2012-08-17", "Website open, with the first ten resources"),
            Stage("2012-08-01", "2013-01-31", "2013-02-01", "2013-02-22", "Pages of the regional communities"),
            Stage("2013-02-01", "2013-07-31", "2013-07-01", "2013-07-31", "40 resources, freely usable", "evaluation"),
        ),
        parts=(3200, 2400, 1600, 800),
        targets={"resources": 40},
        budget={"Design and programming": 5000, "Editing": 3000},
    ),
    Promise(
        "PU-2012-01", "accesshe", 14000, "2012-01-16", "2012-01-16", "2012-12-31", paid="2012-01-24", funder="sw-spoke",
        stages=(
            Stage("2012-01-16", "2012-07-31", "2012-08-01", "2012-08-17", "Publication launched at the conference"),
            Stage("2012-08-01", "2012-10-31", "2012-11-01", "2012-11-30", "How it is read and used", "evaluation"),
        ),
        parts=(7000, 5600, 1400),
        targets={"resources": 1, "attendances": 60},
        budget={"Staff": 7500, "Design and print": 5000, "Overheads": 1500},
    ),
    Promise(
        "CO-2012-01", "accesshe", 9500, "2012-01-16", "2012-02-01", "2012-09-30", paid="2012-01-24", state="",
        stages=(
            Stage("2012-02-01", "2012-07-31", "2012-08-01", "2012-08-17", "Conference of 70 delegates on 3 July"),
            Stage("2012-08-01", "2012-08-31", "2012-09-01", "2012-09-28", "What came of it", "evaluation"),
        ),
        parts=(5000, 3500, 1000),
        targets={"attendances": 70, "resources": 6},
        budget={"Venue and catering": 6550, "Speakers and materials": 2950},
    ),
)  # fmt: skip

AUGUST = (
    _regional(
        "CP-2012-01", "bradford", "North East", "Science and Society Day, Exciting Science Day",
        "600 50 20 9 900", SHARED,
    ),
    _regional(
        "CP-2012-02", "mmu", "North West", "Community STEM Awards opened; six commissions", "300 55 12 6 500",
        {"Coordination": 4000, "Community STEM Awards": 6500, "Events and travel": 1500},
    ),
    _regional(
        "CP-2012-03", "wolverhampton", "West Midlands", "A map of what partners offer; a first workshop",
        "250 60 10 4 400", SHARED,
    ),
    _regional(
        "CP-2012-04", "cardiff", "South Wales", "Partners met; bilingual activities chosen", "280 50 10 6 450", SHARED
    ),
    _regional(
        "CP-2012-05", "bath", "South West", "Two taster days; a student for each school", "240 50 8 5 420", SHARED
    ),
    _regional(
        "CP-2012-06", "example-university", "Example Region", "Three meetings and a joint activity",
        "200 50 8 3 300", SHARED,
    ),
    Promise(
        "FO-2012-01", "accesshe", 6000, "2012-08-06", "2012-09-03", "2013-07-31",
        stages=(
            Stage("2012-09-03", "2013-01-31", "2013-02-01", "2013-02-22", "Two meetings; a paper on collaboration"),
            Stage("2013-02-01", "2013-07-31", "2013-07-01", "2013-07-31", "Recommendations", "evaluation"),
        ),
        parts=(3000, 2000, 1000),
        targets={"attendances": 60, "resources": 2},
        budget={"Meetings": 3500, "Papers": 2500},
    ),
)  # fmt: skip
