"""What an administrator sets up in a programme."""

from dataclasses import dataclass

from django.db import transaction

from grants.programmes.models import Section, SectionSet, Strand

Form = Section.Form


@dataclass(frozen=True)
class Asked:
    """One part that a report asks, before it is stored."""

    code: str
    title: str
    form: str = Form.NARRATIVE
    guidance: str = ""
    light: bool = False
    required: bool = True


FIGURES = Asked(
    "figures",
    "Figures",
    Form.FIGURES,
    "Leave a figure blank where you do not know it. Blank is never zero.",
    light=True,
)
SPEND = Asked("spend", "Spend", Form.SPEND, "What was spent in this period, in pounds, by budget line.", light=True)
JUDGEMENT = Asked(
    "judgement",
    "Is the project on course?",
    Form.JUDGEMENT,
    "If it is not, say why, and what is being done.",
    light=True,
)

REPORT = (
    Asked(
        "done", "What you planned and did", guidance="What was planned for this period, and what happened.", light=True
    ),
    FIGURES,
    SPEND,
    Asked("changes", "Changes to the plan", guidance="In staff, partners, dates or activities. None is an answer."),
    Asked("learned", "What was hard, what you learned", guidance="What you would do differently."),
    Asked("copy", "What others can copy", guidance="Materials, methods, agreements: where are they to be found?"),
    JUDGEMENT,
    Asked("next", "Next period", guidance="What happens next, and what you need from us.", required=False),
)

# The seven things that each regional community was asked to do.
COMMUNITY_REPORT = (
    Asked(
        "done",
        "Bringing people together",
        guidance="STEM academics, outreach workers and third sector organisations: who met, how often, to do what.",
        light=True,
    ),
    Asked("challenge", "The regional challenge", guidance="Which challenge you named, and how you tackle it."),
    FIGURES,
    SPEND,
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
    Asked("copy", "What others can copy", guidance="Materials, methods, agreements: where are they to be found?"),
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
        "done",
        "What was achieved",
        guidance="Outcomes against what was promised, with the evidence for each claim.",
        light=True,
    ),
    FIGURES,
    SPEND,
    Asked("learned", "What was learned", guidance="What worked, what did not, and for whom.", light=True),
    Asked("copy", "What could be replicated, and how", guidance="By whom, at what cost, with what help."),
    Asked("sustain", "What goes on after the award", guidance="What continues, who does it, who pays for it."),
    JUDGEMENT,
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
            light=part.light,
            required=part.required,
            position=position,
        )
        for position, part in enumerate(parts, 1)
    )
    return chosen


def ask_the_usual(strand: Strand) -> None:
    """Give a strand that asks nothing yet the usual milestone report and final evaluation."""
    if not strand.section_sets.exists():
        ask(strand, "report", COMMUNITY_REPORT if strand.kind == Strand.Kind.COMMUNITIES else REPORT)
        ask(strand, "evaluation", EVALUATION)
