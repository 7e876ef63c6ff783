"""Pages for those who write reports, sign them and review them."""

from grants.reports.views.activities import activity_page
from grants.reports.views.asking import (
    answer_page,
    answered_page,
    ask_page,
    request_page,
)
from grants.reports.views.checking import check_page
from grants.reports.views.comments import comments_page
from grants.reports.views.evidence import evidence_file, evidence_page
from grants.reports.views.extending import extension_page
from grants.reports.views.glance import report_page
from grants.reports.views.listing import ReportsView
from grants.reports.views.marking import mark_page, reply_page
from grants.reports.views.member_part import member_part_page
from grants.reports.views.members import members_page
from grants.reports.views.numbers import (
    number_page,
    number_proof,
    total_page,
    total_proof,
)
from grants.reports.views.reviewing import review_page
from grants.reports.views.steps import ReportStep
from grants.reports.views.workbooks import from_workbook, workbook
from grants.reports.views.writing import part_page

__all__ = [
    "ReportStep",
    "ReportsView",
    "activity_page",
    "answer_page",
    "answered_page",
    "ask_page",
    "check_page",
    "comments_page",
    "evidence_file",
    "evidence_page",
    "extension_page",
    "from_workbook",
    "mark_page",
    "member_part_page",
    "members_page",
    "number_page",
    "number_proof",
    "part_page",
    "reply_page",
    "report_page",
    "request_page",
    "review_page",
    "total_page",
    "total_proof",
    "workbook",
]
