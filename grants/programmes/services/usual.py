"""What the reports of a strand usually ask, and the sets of it that are stored."""

from dataclasses import dataclass

from django.db import transaction

from grants.programmes.models import ActivityType, Section, SectionSet, Size, Strand

Form = Section.Form


@dataclass(frozen=True)
class Asked:
    """One part that a report asks, before it is stored."""

    code: str
    title: str
    form: str = Form.NARRATIVE
    guidance: str = ""
    asked_from: str = Size.STANDARD
    required: bool = True
    minutes: int = 15
    readers: str = Section.Readers.FUNDER


FIGURES = Asked(
    "figures",
    "Figures",
    Form.FIGURES,
    "Leave a figure blank where you do not know it. Blank is never zero.",
    asked_from=Size.LIGHT,
    minutes=20,
)
SPEND = Asked(
    "spend", "Spend", Form.SPEND, "What was spent in this period, in pounds, by budget line.", asked_from=Size.LIGHT
)
ACTIVITIES = Asked(
    "activities",
    "Activities",
    Form.ACTIVITIES,
    "What took place in this period, an activity a row. What several of you did together is one row.",
    minutes=20,
)
RISKS = Asked(
    "risks",
    "Risks",
    Form.RISKS,
    "What could keep you from what was promised, and what is done about it.",
    asked_from=Size.FULL,
)
SINCE = Asked(
    "since",
    "Since last time",
    Form.FOLLOW_UP,
    "What became of what was promised and agreed. Where nothing is open, there is nothing to write.",
    minutes=10,
)
JUDGEMENT = Asked(
    "judgement",
    "Is the project on course?",
    Form.JUDGEMENT,
    "If it is not, say why, and what is being done.",
    asked_from=Size.LIGHT,
    minutes=5,
)

REPORT = (
    Asked(
        "done",
        "What you planned and did",
        guidance="What was planned for this period, and what happened.",
        asked_from=Size.LIGHT,
        minutes=20,
    ),
    FIGURES,
    SPEND,
    ACTIVITIES,
    SINCE,
    Asked(
        "changes",
        "Changes to the plan",
        guidance="In staff, partners, dates or activities. None is an answer.",
        minutes=10,
    ),
    Asked("learned", "What was hard, what you learned", guidance="What you would do differently."),
    Asked(
        "copy",
        "What others can copy",
        guidance="Materials, methods, agreements: where are they to be found?",
        minutes=10,
    ),
    RISKS,
    JUDGEMENT,
    Asked("next", "Next period", guidance="What happens next, and what you need from us.", required=False, minutes=10),
)

# The seven things that each regional community was asked to do.
COMMUNITY_REPORT = (
    Asked(
        "done",
        "Bringing people together",
        guidance="STEM academics, outreach workers and third sector organisations: who met, how often, to do what.",
        asked_from=Size.LIGHT,
        minutes=20,
    ),
    Asked("challenge", "The regional challenge", guidance="Which challenge you named, and how you tackle it."),
    FIGURES,
    SPEND,
    ACTIVITIES,
    SINCE,
    Asked(
        "sharing",
        "Sharing good practice and resources",
        guidance="Within the region, with other communities, on the website.",
    ),
    Asked(
        "learned",
        "Joint outreach and better ways of working",
        guidance="New or better activities across the year, and what you learned.",
    ),
    Asked(
        "copy",
        "What others can copy",
        guidance="Materials, methods, agreements: where are they to be found?",
        minutes=10,
    ),
    Asked(
        "next",
        "Sustaining and embedding it",
        guidance="How the collaboration goes on, and in which strategic documents it stands.",
        required=False,
    ),
    JUDGEMENT,
)

EVALUATION = (
    Asked(
        "case",
        "Case study",
        guidance="Title, leader, department, institution, other institutions, and an abstract: the head of a case study.",
    ),
    Asked(
        "done",
        "What was achieved",
        guidance="Outcomes against what was promised, with the evidence for each claim.",
        asked_from=Size.LIGHT,
        minutes=30,
    ),
    FIGURES,
    SPEND,
    Asked(
        "learned",
        "What was learned",
        guidance="What worked, what did not, and for whom.",
        asked_from=Size.LIGHT,
        minutes=20,
    ),
    Asked("copy", "What could be replicated, and how", guidance="By whom, at what cost, with what help."),
    Asked(
        "sustain",
        "What goes on after the award",
        guidance="What continues, who does it, who pays for it.",
        minutes=10,
    ),
    Asked(
        "public",
        "Learning for others, to be published",
        guidance="What others should know. By writing it you agree that it is published; leave it empty if you do not.",
        required=False,
        minutes=20,
        readers=Section.Readers.PUBLIC,
    ),
    JUDGEMENT,
)

ACTIVITY_TYPES = (
    "Mentoring",
    "Counselling, coaching and role models",
    "Information, advice and guidance",
    "Summer school",
    "Campus visit",
    "Subject taster",
    "Workshop",
    "Multi-intervention",
    "Resource",
    "Event",
    "Teacher training",
)


@transaction.atomic
def ask(strand: Strand, kind: str, parts: tuple[Asked, ...]) -> SectionSet:
    """Store what reports of a kind ("report" or "evaluation") ask in a strand from now on, as its next numbered set."""
    number = strand.section_sets.filter(kind=kind).count() + 1
    chosen = SectionSet.objects.create(strand=strand, kind=kind, number=number)
    Section.objects.bulk_create(
        Section(
            section_set=chosen,
            code=part.code,
            title=part.title,
            form=part.form,
            guidance=part.guidance,
            asked_from=part.asked_from,
            minutes=part.minutes,
            readers=part.readers,
            required=part.required,
            position=position,
        )
        for position, part in enumerate(parts, 1)
    )
    return chosen


def ask_the_usual(strand: Strand) -> None:
    """Give a strand that asks nothing yet the usual milestone report and final evaluation, and its programme, if it tells
    none apart yet, the usual types of activity.
    """
    if not strand.section_sets.exists():
        ask(strand, "report", COMMUNITY_REPORT if strand.kind == Strand.Kind.COMMUNITIES else REPORT)
        ask(strand, "evaluation", EVALUATION)
    if not strand.programme.activity_types.exists():
        ActivityType.objects.bulk_create(
            ActivityType(programme=strand.programme, title=title, position=position)
            for position, title in enumerate(ACTIVITY_TYPES, 1)
        )
