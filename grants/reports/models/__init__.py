"""Reports, what they consist of, and the Versions that are the record."""

from grants.reports.models.content import Answer, Result, Spend, Version
from grants.reports.models.report import Report

__all__ = ["Answer", "Report", "Result", "Spend", "Version"]
