"""A file that proves what is written."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from grants.forms import PlainForm
from grants.programmes.models import Indicator, Section
from grants.reports.kinds import READ, TAKEN
from grants.reports.models import Evidence, Report

MEGABYTES = Evidence.MOST_BYTES // 1024 // 1024


class EvidenceForm(PlainForm, forms.Form):
    """The file; in the table of figures also the figure that it belongs to."""

    indicator = forms.ModelChoiceField(
        Indicator.objects.none(), label="Figure that it proves", required=False, empty_label="All figures"
    )
    file = forms.FileField(
        label="File", help_text=f"A{TAKEN.removeprefix('Choose a')}; at most {MEGABYTES} MB",
        max_length=1000, widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in READ)}),
    )  # fmt: skip

    def __init__(self, report: Report, section: Section, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if section.form == Section.Form.FIGURES:
            indicators = Indicator.objects.filter(targets__award=report.award)
            self.fields["indicator"].queryset = indicators  # type: ignore[attr-defined]
        else:
            del self.fields["indicator"]

    def clean_file(self) -> UploadedFile:
        """A file that is small enough to be looked into."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > Evidence.MOST_BYTES:
            raise forms.ValidationError(f"This file is larger than {MEGABYTES} MB. Make it smaller, or split it")
        return file
