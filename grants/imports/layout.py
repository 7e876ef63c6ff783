"""The sheets that an import reads, and the titles of their columns: those of the 360Giving standard, and our own."""

from dataclasses import dataclass
from typing import Final

IDENTIFIER: Final = "Identifier"


@dataclass(frozen=True)
class Layout:
    """One sheet: its name, the columns that it must have, those that it may have. Any other column is passed over."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        """Every column that is read."""
        return self.required + self.optional


GRANTS = Layout(
    "grants",
    required=(
        IDENTIFIER,
        "Title",
        "Description",
        "Currency",
        "Amount Awarded",
        "Award Date",
        "Planned Dates:Start Date",
        "Planned Dates:End Date",
        "Recipient Org:Identifier",
        "Recipient Org:Name",
        "Funding Org:Identifier",
        "Funding Org:Name",
    ),
    optional=(
        "Amount Applied For",
        "Recipient Ind:Identifier",
        "Recipient Ind:Name",
        "Recipient Org:Charity Number",
        "Recipient Org:Company Number",
        "Recipient Org:City",
        "Recipient Org:Description",
        "Recipient Org:Web Address",
        "Beneficiary Location:Name",
        "From An Open Call?",
        "Strand",
        "State",
        "Ended On",
        "Manager",
        "Community",
        "Managed",
    ),
)
MILESTONES = Layout(
    "milestones",
    required=(IDENTIFIER, "Number", "Period From", "Period To", "Due On"),
    optional=("Kind", "Title", "Opens On", "Promise", "Settled On"),
)
TRANCHES = Layout(
    "tranches",
    required=(IDENTIFIER, "Number", "Amount"),
    optional=("Milestone", "State", "Paid On", "Reference"),
)
TARGETS = Layout("targets", required=(IDENTIFIER, "Indicator", "Value"))
FUNDINGS = Layout("fundings", required=(IDENTIFIER, "Funder", "Amount"))
BUDGET = Layout("budget", required=(IDENTIFIER, "Heading", "Amount"))

LINKED: Final = (MILESTONES, TRANCHES, TARGETS, FUNDINGS, BUDGET)
SHEETS: Final = frozenset({GRANTS.name, *(layout.name for layout in LINKED)})


def plain(title: object) -> str:
    """A title as it is compared: without regard to case and stray spaces."""
    return " ".join(str(title).split()).casefold()
