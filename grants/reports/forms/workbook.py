"""What is asked of somebody who puts a workbook into a report."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from grants.forms import PlainForm

MOST_BYTES = 5 * 1024 * 1024


class WorkbookForm(PlainForm, forms.Form):
    """The workbook, filled in."""

    file = forms.FileField(
        label="Filled workbook",
        help_text="The XLSX that you downloaded here, at most 5 MB",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> UploadedFile:
        """The file, where its name and size will do."""
        file: UploadedFile = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() != ".xlsx":
            raise forms.ValidationError("Choose an XLSX file: the workbook that you downloaded here")
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError("Choose a file of at most 5 MB")
        return file


class PutInForm(PlainForm, forms.Form):
    """Which parts of a workbook that was looked through are put into the report."""

    mark_optional = False
    parts = forms.MultipleChoiceField(
        label="Put in",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one part to put in"},
    )
    given = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = choices  # type: ignore[attr-defined]
