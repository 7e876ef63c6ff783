"""Pages of funder reports: the list, one report, asking for one, its steps, and the PDF."""

from reporting.views.listing import FunderReportsView
from reporting.views.one import STEPS, ReportStep, document, funder_report, new
from reporting.views.preview import preview
from reporting.views.verifying import verify

__all__ = ["STEPS", "FunderReportsView", "ReportStep", "document", "funder_report", "new", "preview", "verify"]
