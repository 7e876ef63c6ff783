"""Pages of funder reports: the list, one report, asking for one, its steps, and the PDF."""

from reporting.views.listing import FunderReportsView
from reporting.views.one import STEPS, ReportStep, funder_report, new, pdf
from reporting.views.preview import preview
from reporting.views.verifying import verify

__all__ = ["STEPS", "FunderReportsView", "ReportStep", "funder_report", "new", "pdf", "preview", "verify"]
