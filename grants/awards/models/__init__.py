"""The award, what was promised in it, and its money."""

from grants.awards.models.agreeing import Action, Conflict
from grants.awards.models.award import Award
from grants.awards.models.extensions import Extension
from grants.awards.models.money import (
    BudgetLine,
    Funding,
    Tranche,
)
from grants.awards.models.promises import Milestone, Target
from grants.awards.models.watching import ContactNote, Judgement

__all__ = [
    "Action",
    "Award",
    "BudgetLine",
    "Conflict",
    "ContactNote",
    "Extension",
    "Funding",
    "Judgement",
    "Milestone",
    "Target",
    "Tranche",
]
