"""Figures that an approved report said would come, and whose day is here."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from grants.programmes.models import Indicator
from grants.reports.models import Report, Result


def figures_to_come(today: date) -> QuerySet[Result]:
    """Those that are awaited by a day up to today, in the approved reports of awards that run.

    Not where a correction is open already, and not where a later report gave a later count of the same.
    """
    at_work = Report.objects.filter(milestone=OuterRef("report__milestone"), state__in=Report.OPEN)
    counted_since = Result.objects.filter(
        indicator=OuterRef("indicator"),
        indicator__over_time=Indicator.OverTime.LATEST,
        status__in=Result.KNOWN,
        report__state=Report.State.APPROVED,
        report__milestone__award=OuterRef("report__milestone__award"),
        report__milestone__number__gt=OuterRef("report__milestone__number"),
    )
    return Result.objects.filter(
        ~Exists(at_work),
        ~Exists(counted_since),
        status=Result.Status.AWAITED,
        awaited_by__lte=today,
        report__state=Report.State.APPROVED,
        report__milestone__award__state__in=["active", "evaluating"],
    )
