"""Reports, what they consist of, and the Versions that are the record."""

from grants.reports.models.activities import Activity, ActivityOrganiser
from grants.reports.models.asked import FigureRequest
from grants.reports.models.comments import Comment
from grants.reports.models.content import (
    Answer,
    Result,
    Spend,
    Version,
)
from grants.reports.models.evidence import Evidence
from grants.reports.models.members import MemberFigure, MemberPart, MemberSpend
from grants.reports.models.of_whom import ResultPart
from grants.reports.models.report import Report
from grants.reports.models.reviewing import (
    Mark,
    Question,
    Reply,
    ReturnedSection,
)
from grants.reports.models.risks import Risk
from grants.reports.models.since import FollowUp

__all__ = [
    "Activity",
    "ActivityOrganiser",
    "Answer",
    "Comment",
    "Evidence",
    "FigureRequest",
    "FollowUp",
    "Mark",
    "MemberFigure",
    "MemberPart",
    "MemberSpend",
    "Question",
    "Reply",
    "Report",
    "Result",
    "ResultPart",
    "ReturnedSection",
    "Risk",
    "Spend",
    "Version",
]
