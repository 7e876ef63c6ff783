"""One activity, and what is said where there is none."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from grants.forms import DayField, PlainForm
from grants.people.models import Organisation
from grants.programmes.models import ActivityType, Section
from grants.reports.forms.answers import NarrativeForm
from grants.reports.forms.numbers import NumberField
from grants.reports.forms.rows import FEW_LINES
from grants.reports.models import Activity, Report
from grants.reports.services.activities import held_by, outside_the_period

MOST_HOURS = Decimal(2000)
MOST_PEOPLE = Decimal(1_000_000)


class ActivitiesNoteForm(NarrativeForm):
    """A word on all activities; where there is none, why."""

    def __init__(self, section: Section, *args: Any, **kwargs: Any) -> None:
        super().__init__(section, *args, **kwargs)
        self.fields["text"].label = "A word on them"
        self.fields["text"].help_text = "Only if you want to; where nothing took place, say why"
        self.fields["text"].widget.attrs |= FEW_LINES


class ActivityForm(PlainForm, forms.Form):
    """What took place, when, with whom, and how many came."""

    type = forms.ModelChoiceField(ActivityType.objects.none(), label="Type of activity", empty_label="Choose")
    title = forms.CharField(label="What it was", max_length=200)
    day = DayField(label="Day", help_text="For example, 3 July 2012; the first, where there were several")
    place = forms.CharField(label="Place", max_length=200, required=False)
    partners = forms.CharField(
        label="Partners", max_length=300, required=False, help_text="Schools, universities and others who took part"
    )
    organisers = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label="Held by", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="What several held together is one activity: choose all of them, and add it once",
    )  # fmt: skip
    hours = NumberField(label="Hours", required=False, help_text="How long it lasted for each learner")
    learners = NumberField(label="Learners", required=False, whole=True, help_text="How many different people")
    attendances = NumberField(
        label="Attendances", required=False, whole=True, help_text="Every time that somebody came, counted each time"
    )

    def __init__(
        self, report: Report, activity: Activity | None, data: Any = None, *, chosen: Sequence[Organisation] = ()
    ) -> None:
        """`chosen` are its organisers where nothing is stored yet."""
        self.report = report
        super().__init__(data, initial=_initial(activity) or {"organisers": list(chosen)})
        self.fields["type"].queryset = report.award.strand.programme.activity_types.all()  # type: ignore[attr-defined]
        parties = held_by(report.award, activity)
        self.fields["organisers"].queryset = parties  # type: ignore[attr-defined]
        if report.award.community_id is None and not (activity and activity.organisers.all()):
            del self.fields["organisers"]
        for name in ("hours", "learners", "attendances"):
            self.fields[name].widget.attrs["class"] = "narrow"

    def clean_day(self) -> Any:
        """A day in the period of the report."""
        day, milestone = self.cleaned_data["day"], self.report.milestone
        if day and not milestone.period_start <= day <= milestone.period_end:
            raise forms.ValidationError(outside_the_period(self.report))
        return day

    def clean(self) -> dict[str, Any]:
        """Numbers that can be, and no more learners than attendances."""
        data = super().clean() or {}
        for name, most in (("hours", MOST_HOURS), ("learners", MOST_PEOPLE), ("attendances", MOST_PEOPLE)):
            if (data.get(name) or 0) > most:
                self.add_error(name, f"Check this number: at most {most:,} is believed")
        learners, attendances = data.get("learners"), data.get("attendances")
        if learners is not None and attendances is not None and learners > attendances:
            self.add_error(
                "learners", "These are more than the attendances, and each learner came at least once. Check both"
            )
        return data

    def values(self) -> dict[str, Any]:
        """What services.save_activity wants of a valid form."""
        return dict(self.cleaned_data)


def _initial(activity: Activity | None) -> dict[str, Any]:
    """What the form shows of an activity that is stored."""
    if activity is None:
        return {}
    names = ("type", "title", "day", "place", "partners", "hours")
    counts = {name: getattr(activity, name) for name in ("learners", "attendances")}
    return {
        **{name: getattr(activity, name) for name in names},
        **{name: None if count is None else Decimal(count) for name, count in counts.items()},
        "organisers": list(activity.organisers.all()),
    }
