"""What took place in a report's period: an activity a row, counted once however many organisations held it together."""

from typing import Any, ClassVar
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F, Q

from grants.people.models import Organisation
from grants.programmes.models import ActivityType, Section
from grants.reports.models.content import frozen_with_report
from grants.reports.models.report import Report


def in_the_period() -> pgtrigger.Trigger:
    """A trigger that refuses an activity on a day outside its report's period."""
    return pgtrigger.Trigger(
        name="in_the_period",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NOT EXISTS (SELECT FROM reports_report JOIN awards_milestone ON awards_milestone.id = milestone_id
                           WHERE reports_report.id = NEW.report_id AND NEW.day BETWEEN period_start AND period_end) THEN
                RAISE EXCEPTION 'An activity on % is not in the period of report %', NEW.day, NEW.report_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_in_the_period';
            END IF;
            RETURN NEW;
        """,
    )


def frozen_with_activity() -> pgtrigger.Trigger:
    """A trigger that refuses any write to a row of an activity whose report is not being written."""
    return pgtrigger.Trigger(
        name="frozen_with_activity",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("report", "record"), ("returned", "integer")],
        func="""
            FOR report IN SELECT reports_report.id, state FROM reports_report
                JOIN reports_activity ON reports_activity.report_id = reports_report.id
                WHERE reports_activity.id IN (OLD.activity_id, NEW.activity_id) FOR SHARE OF reports_report LOOP
                IF report.state NOT IN ('draft', 'returned') THEN
                    RAISE EXCEPTION 'Report % is %: what is written in it cannot change', report.id, report.state
                    USING ERRCODE = 'restrict_violation';
                END IF;
                SELECT max(version) INTO returned FROM reports_returnedsection WHERE report_id = report.id;
                IF returned IS NOT NULL AND NOT EXISTS (
                    SELECT FROM reports_returnedsection AS named JOIN programmes_section AS part ON part.id = section_id
                    WHERE named.report_id = report.id AND version = returned AND part.form = 'activities') THEN
                    RAISE EXCEPTION 'The return of report % does not name this part: it cannot change', report.id
                    USING ERRCODE = 'restrict_violation';
                END IF;
            END LOOP;
            RETURN COALESCE(NEW, OLD);
        """,
    )


class Activity(models.Model):
    """Something that took place. Learners are different people; attendances count each time that somebody came."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="activities")
    key = models.UUIDField(default=uuid4, editable=False, help_text="The same in every version that has it")
    type = models.ForeignKey(ActivityType, on_delete=models.PROTECT, related_name="activities")
    title = models.CharField(max_length=200)
    day = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    partners = models.CharField(max_length=300, blank=True, help_text="Schools and others who took part")
    organisers: "models.ManyToManyField[Organisation, Any]" = models.ManyToManyField(
        Organisation, through="ActivityOrganiser", related_name="+"
    )
    hours = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    learners = models.PositiveIntegerField(null=True, blank=True)
    attendances = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["day", "pk"]
        verbose_name_plural = "activities"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "key"], name="activity_once"),
            models.CheckConstraint(condition=Q(hours=None) | Q(hours__gte=0), name="activity_hours_not_negative"),
            models.CheckConstraint(
                condition=Q(learners=None) | Q(attendances=None) | Q(learners__lte=F("attendances")),
                name="activity_learners_at_most_attendances",
            ),
        ]
        triggers: ClassVar = [frozen_with_report(Section.Form.ACTIVITIES), in_the_period()]

    def __str__(self) -> str:
        return f"{self.day}: {self.title}"


class ActivityOrganiser(models.Model):
    """An organisation that held an activity, perhaps with others."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="organisings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["activity", "organisation"], name="organiser_once"),
        ]
        triggers: ClassVar = [frozen_with_activity()]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.activity}"
