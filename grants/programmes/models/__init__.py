"""What is paid for, by whom, in which parts, how it is measured and what its reports ask. Visible to anyone signed in."""

from grants.programmes.models.asking import Section, SectionSet
from grants.programmes.models.measures import ActivityType, Breakdown, Category, Indicator
from grants.programmes.models.programme import Call, FunderShare, Programme, Size, Strand

__all__ = [
    "ActivityType",
    "Breakdown",
    "Call",
    "Category",
    "FunderShare",
    "Indicator",
    "Programme",
    "Section",
    "SectionSet",
    "Size",
    "Strand",
]
