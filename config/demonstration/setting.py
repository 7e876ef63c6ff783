"""The setting: bodies and their people, the programme with its funders, strands and indicators, communities, the call.

People are roles, never names; whatever stands in bad light here belongs to a body whose name begins with "Example".
"""

from datetime import date, datetime
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from grants.clock import LONDON
from grants.people.models import Community, Membership, Organisation, Role, User
from grants.programmes.models import Breakdown, Call, Category, FunderShare, Indicator, Programme, Strand
from grants.programmes.services import ask_the_usual

CODE = "STEM-TSO"
PASSWORD = "exemplar-2012-demo"  # noqa: S105  no secret: it is printed at every start
BEGINS = date(2011, 12, 1)
ENDS = date(2013, 7, 31)
TODAY = date(2012, 11, 14)

GRANTEE = "editor signatory"
MANAGING = "reviewer approver finance administrator"
THIRD, HIGHER = "third_sector", "higher_education"

# Short name (in e-mail addresses), name, kind, identifier (empty: a local one), city, roles, telephone
# The telephone numbers are those that Ofcom keeps free for fiction.
BODIES = (
    ("accesshe", "AccessHE", "managing_body", "", "London", f"{MANAGING} {GRANTEE}", "020 7946 0112"),
    (
        "bath",
        "University of Bath",
        "managing_body",
        "GB-UKPRN-10007850",
        "Bath",
        f"{MANAGING} {GRANTEE}",
        "01632 960112",
    ),
    ("sw-spoke", "National HE STEM Programme, South West Spoke", "funder", "", "Bath", "viewer", ""),
    ("example-foundation", "Example Education Foundation", "funder", "", "London", "viewer", ""),
    ("generating-genius", "Generating Genius", THIRD, "", "London", GRANTEE, ""),
    ("slcsw", "Science Learning Centre South West", THIRD, "", "Bristol", GRANTEE, ""),
    ("space-connections", "Space Connections", THIRD, "", "Bradford", GRANTEE, ""),
    ("teach-first", "Teach First", THIRD, "", "London", GRANTEE, ""),
    ("villiers-park", "Villiers Park Educational Trust", THIRD, "", "Cambridge", GRANTEE, ""),
    ("kings-college-london", "King's College London", HIGHER, "GB-UKPRN-10003645", "London", "", ""),
    ("bradford", "University of Bradford", HIGHER, "GB-UKPRN-10007785", "Bradford", GRANTEE, ""),
    ("mmu", "Manchester Metropolitan University", HIGHER, "GB-UKPRN-10004180", "Manchester", GRANTEE, ""),
    ("wolverhampton", "University of Wolverhampton", HIGHER, "GB-UKPRN-10007166", "Wolverhampton", GRANTEE, ""),
    ("cardiff", "Cardiff University", HIGHER, "GB-UKPRN-10007814", "Cardiff", GRANTEE, ""),
    ("science-alliance-cymru", "Science Alliance Cymru", THIRD, "", "Cardiff", "editor", ""),
    ("example-science-trust", "Example Science Trust", THIRD, "", "Anytown", GRANTEE, ""),
    ("example-robotics-club", "Example Robotics Club", THIRD, "", "Anytown", GRANTEE, ""),
    ("example-outreach-network", "Example Outreach Network", THIRD, "", "Anytown", GRANTEE, ""),
    ("example-university", "Example University", HIGHER, "", "Anytown", GRANTEE, ""),
    ("example-science-centre", "Example Northern Science Centre", THIRD, "", "Anytown", "editor", ""),
    ("example-youth-partnership", "Example Youth Partnership", THIRD, "", "Anytown", "editor", ""),
    ("example-makers", "Example Makers", THIRD, "", "Anytown", GRANTEE, ""),
    ("example-maths-circle", "Example Maths Circle", THIRD, "", "Anytown", GRANTEE, ""),
    ("example-coding-collective", "Example Coding Collective", THIRD, "", "Anytown", GRANTEE, ""),
    ("example-field-studies", "Example Field Studies Group", THIRD, "", "Anytown", GRANTEE, ""),
    ("example-rocket-society", "Example Rocket Society", THIRD, "", "Anytown", GRANTEE, ""),
    ("example-engineers", "Example Young Engineers", THIRD, "", "Anytown", GRANTEE, ""),
    ("example-star-parties", "Example Star Parties", THIRD, "", "Anytown", GRANTEE, ""),
)

STRANDS = (
    ("EX", "National exemplar projects", "exemplars", "accesshe"),
    ("CP", "Regional communities of practice", "communities", "bath"),
    ("FO", "National forum", "managed", "accesshe"),
    ("WE", "Website", "managed", "accesshe"),
    ("PU", "Publication", "managed", "accesshe"),
    ("CO", "National conference", "managed", "accesshe"),
)

CRITERIA = (
    "At least one of: free school meals, family income under £25,000, no parent at university, a school with over 30%"
    " disadvantaged learners at key stage 4."
)
INDICATORS = (
    (
        "learners", "Learners reached", "people", "people", "latest",
        "Each learner once, however often they come: the count to date.",
    ),
    (
        "target-groups", "Learners who meet a criterion", "% of learners", "ratio", "sum",
        CRITERIA,
    ),
    ("schools", "Schools taking part", "schools", "count", "latest", "Schools with a signed agreement, to date."),
    ("resources", "Resources published", "resources", "count", "latest", "Free to use and openly accessible, to date."),
    ("mentors", "Mentors and role models", "people", "people", "sum", "Trained in this period, each once."),
    ("attendances", "Attendances", "attendances", "count", "sum", "Every time that somebody takes part in a session."),
)  # fmt: skip

# Of whom the learners consist: code, title, whether each is in one category only, the categories
BREAKDOWNS = (
    (
        "year-group", "by year group", "exclusive",
        (
            ("years-7-9", "Years 7 to 9"), ("years-10-11", "Years 10 and 11"), ("years-12-13", "Years 12 and 13"),
            ("adults", "Adults"),
        ),
    ),
    (
        "characteristic", "by characteristic", "overlapping",
        (("free-school-meals", "Free school meals"), ("first-in-family", "First in family")),
    ),
)  # fmt: skip

COMMUNITIES = (
    ("North East", "North East", "bradford", ("example-science-centre",)),
    ("North West", "North West", "mmu", ("example-youth-partnership",)),
    ("West Midlands", "West Midlands", "wolverhampton", ()),
    ("South Wales", "South Wales", "cardiff", ("science-alliance-cymru",)),
    ("South West", "South West", "bath", ()),
    (
        "Example Region", "Example Region", "example-university",
        ("example-robotics-club", "example-science-centre", "example-youth-partnership"),
    ),
)  # fmt: skip


def identifier_of(short: str) -> str:
    """A body's identifier: of its register where it is known, else a local one."""
    return next((row[3] for row in BODIES if row[0] == short and row[3]), f"STEMTSO-{short.upper()}")


def body(short: str) -> Organisation:
    """A body by its short name."""
    return Organisation.objects.get(identifier=identifier_of(short))


def address(role: str, short: str) -> str:
    """The e-mail address of whoever has a role in a body."""
    return f"{role}@{short}.example"


def make() -> Programme:
    """Store it all."""
    _people()
    programme = _programme()
    for name, region, lead, members in COMMUNITIES:
        community = Community.objects.create(name=name, region=region, lead=body(lead))
        community.members.set([body(member) for member in members])
    return programme


def _people() -> None:
    secret = make_password(PASSWORD)  # hashing is slow on purpose: once for all
    for short, name, kind, _, city, roles, telephone in BODIES:
        made = Organisation.objects.create(name=name, kind=kind, identifier=identifier_of(short), city=city)
        for role in roles.split():
            person = User.objects.create(
                email=address(role, short), name=f"{Role(role).label}, {name}", telephone=telephone, password=secret
            )
            Membership.objects.create(person=person, organisation=made, role=role, starts=BEGINS)


def _programme() -> Programme:
    programme = Programme.objects.create(
        code=CODE,
        title="Collaborating with the Third Sector in STEM Outreach",
        description=(
            "A national widening participation project of the National HE STEM Programme: partnership between higher"
            " education and third sector organisations that helps people from under-represented groups to progress to"
            " higher education. Amounts and results shown here are illustrative."
        ),
        managing_body=body("accesshe"),
        starts=BEGINS,
        ends=ENDS,
    )
    for funder, per_cent in (("sw-spoke", 75), ("example-foundation", 25)):
        FunderShare.objects.create(programme=programme, funder=body(funder), per_cent=Decimal(per_cent))
    for code, title, kind, managing in STRANDS:
        strand = Strand.objects.create(
            programme=programme, code=code, title=title, kind=kind, managing_body=body(managing),
            recommended_from=Decimal(15000) if code == "EX" else None,
            full_from=Decimal(20000) if code == "EX" else None,
        )  # fmt: skip
        ask_the_usual(strand)
    for position, (code, title, unit, measure, over_time, definition) in enumerate(INDICATORS, 1):
        Indicator.objects.create(
            programme=programme, code=code, title=title, unit=unit, measure=measure, over_time=over_time, across="sum",
            definition=definition, position=position,
        )  # fmt: skip
    _break_down(programme.indicators.get(code="learners"))
    Call.objects.create(
        strand=programme.strands.get(code="EX"),
        title="Exemplar projects, second round",
        guidance=(
            "For third sector organisations that want to repeat, with a university, an activity that an exemplar"
            " project has tried. Say which one, what you change, and how you will know that it worked."
        ),
        opens_at=datetime(2012, 10, 1, 9, tzinfo=LONDON),
        closes_at=datetime(2012, 12, 15, 17, tzinfo=LONDON),
        at_most=Decimal(25000),
    )
    return programme


def _break_down(indicator: Indicator) -> None:
    for position, (code, title, kind, categories) in enumerate(BREAKDOWNS, 1):
        made = Breakdown.objects.create(indicator=indicator, code=code, title=title, kind=kind, position=position)
        for place, (name, called) in enumerate(categories, 1):
            Category.objects.create(breakdown=made, code=name, title=called, position=place)
