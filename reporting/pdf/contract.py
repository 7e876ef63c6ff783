"""The snapshot that a document is made of, as types: plain JSON data, the only thing that the renderer is given.

Dates are ISO strings. A `FigureKey` such as "F12" names one of the `figures`; no number is printed that is not one of
them. Keys that a snapshot may leave out are `NotRequired`.
"""

from typing import NotRequired, TypedDict

FigureKey = str


class Figure(TypedDict):
    """A number as it may be seen: rounded or suppressed already."""

    id: FigureKey
    kind: str  # people, money or plain
    shown: str
    unit: str


class Document(TypedDict):
    """What identifies this copy."""

    kind: NotRequired[str]  # portfolio, trustees, final, strand, community, award
    about: NotRequired[str]  # the part of the programme that it is about
    reference: str
    version: int
    date: str
    renderer: str
    profile: str
    illustrative: bool
    verify: NotRequired[str]  # what its address for verifying begins with; the first digits of the hash follow


class Programme(TypedDict):
    """What the funder pays for."""

    code: str
    title: str
    managing_body: str


class Funder(TypedDict):
    """The reader."""

    identifier: str
    name: str


Period = TypedDict("Period", {"from": str, "to": str})


class Indicator(TypedDict):
    """A measure over all awards: target, now, and at the end of the last period."""

    name: str
    unit: str
    target: FigureKey | None
    now: FigureKey | None
    before: FigureKey | None
    part: float | None
    before_part: float | None
    of_target: str
    note: str


class Concern(TypedDict):
    """An award that needs attention."""

    reference: str
    name: str
    state: str
    label: str
    wrong: str
    doing: str
    by: str | None


class Bar(TypedDict):
    """A part of the money, for the eye."""

    label: str
    part: float


class Money(TypedDict):
    """The money of the whole portfolio."""

    awarded: FigureKey | None
    paid: FigureKey | None
    released: FigureKey | None
    to_come: FigureKey | None
    cancelled: NotRequired[FigureKey | None]
    bars: list[Bar]


class Story(TypedDict):
    """One story, with consent."""

    reference: str
    name: str
    text: str
    note: str


class Summary(TypedDict):
    """What a busy trustee reads."""

    headline: str
    complete: str
    funder_part: FigureKey | None
    awarded: FigureKey | None
    indicators: list[Indicator]
    attention: list[Concern]
    money: Money | None
    story: Story | None


class Milestone(TypedDict):
    """What is due when, and where it stands."""

    name: str
    kind: str  # report or evaluation
    due: str
    state: str
    state_label: str


Report = TypedDict(
    "Report",
    {
        "name": str,
        "from": str,
        "to": str,
        "version": int,
        "approved": str,
        "approved_by": str,
        "members": NotRequired[str],  # of a community: who is in, and who is missing from it and from earlier reports
    },
)


class Judgement(TypedDict):
    """Whether the award is on course, and why somebody thinks so."""

    state: str
    label: str
    reason: str


class Result(TypedDict):
    """What was promised and what was reported."""

    name: str
    unit: str
    target: FigureKey | None
    value: FigureKey | None
    part: float | None
    status: str
    status_label: str
    note: str


class BudgetTotal(TypedDict):
    """Money planned and spent."""

    budget: FigureKey | None
    spent: FigureKey | None
    forecast: NotRequired[FigureKey | None]  # of the whole; light awards and final evaluations have none


class BudgetLine(BudgetTotal):
    """Money planned and spent under one heading."""

    name: str


class Answer(TypedDict):
    """What the grantee wrote under one heading: text of any length."""

    title: str
    text: str


class Award(TypedDict):
    """One award, with the approved report of the period where there is one."""

    reference: str
    title: str
    recipient: str
    strand: str
    place: str
    description: str
    state: str
    state_label: str
    course: str
    course_label: str
    starts: str
    ends: str
    amount: FigureKey | None
    funder_part: FigureKey | None
    paid: FigureKey | None
    milestones: list[Milestone]
    report: Report | None
    no_report: str
    judgement: Judgement | None
    our_judgement: NotRequired[Judgement | None]  # the managing body's
    promised: list[str]
    done: list[str]
    results: list[Result]
    budget: list[BudgetLine]
    budget_total: BudgetTotal | None
    answers: list[Answer]
    next: str


class Said(TypedDict):
    """What one award answered: text of any length."""

    reference: str
    name: str
    text: str


class Outcome(TypedDict):
    """A question of the final evaluations, with what each award answered."""

    title: str
    answers: list[Said]


class Source(TypedDict):
    """Where a figure comes from."""

    figure: FigureKey
    what: str
    reference: str
    version: str
    approved_by: str
    date: str
    rule: str
    rounding: str


class Snapshot(TypedDict):
    """Everything that a document prints."""

    schema: int
    document: Document
    programme: Programme
    funder: Funder
    period: Period
    summary: Summary
    awards: list[Award]
    outcomes: NotRequired[list[Outcome]]  # in a final report, in place of the answers on the awards' pages
    figures: dict[FigureKey, Figure]
    annex: list[Source]
    rules: list[list[str]]
