"""Pages for those who write reports, sign them and review them."""

from grants.reports.views.checking import check_page
from grants.reports.views.glance import report_page
from grants.reports.views.listing import ReportsView
from grants.reports.views.reviewing import review_page
from grants.reports.views.steps import ReportStep
from grants.reports.views.writing import part_page

__all__ = ["ReportStep", "ReportsView", "check_page", "part_page", "report_page", "review_page"]
