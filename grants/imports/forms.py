"""What an import asks for: a programme and a file."""

from pathlib import PurePath
from typing import cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from grants.forms import PlainForm
from grants.imports.services import MOST_BYTES
from grants.people.models import Role, User
from grants.programmes.models import Programme

READ = (".xlsx", ".csv")


def programmes_of(user: User) -> QuerySet[Programme]:
    """The programmes whose managing body the person administers."""
    bodies = user.organisations_as(Role.ADMINISTRATOR)
    return Programme.objects.filter(managing_body__in=bodies).select_related("managing_body")


def check_file(file: UploadedFile) -> UploadedFile:
    """Refuse by name and size, before anything is read."""
    if PurePath(file.name or "").suffix.lower() not in READ:
        raise forms.ValidationError("Choose an XLSX or a CSV file")
    if (file.size or 0) > MOST_BYTES:
        raise forms.ValidationError(f"Choose a file of at most {MOST_BYTES // 1024 // 1024} MB, or split it")
    return file


class UploadForm(PlainForm, forms.Form):
    """The programme into which awards come, and the file."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label="Programme", empty_label="Choose a programme")
    file = forms.FileField(
        label="Workbook or CSV file",
        help_text="XLSX or CSV, with 360Giving titles in the first row; at most 20 MB and 20,000 rows",
        widget=forms.FileInput(attrs={"accept": ",".join(READ)}),
    )

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        choices = programmes_of(user)
        programme = cast("forms.ModelChoiceField", self.fields["programme"])
        programme.queryset = choices
        if len(choices) == 1:
            programme.initial = choices[0]

    def clean_file(self) -> UploadedFile:
        """The file, where its name and size will do."""
        return check_file(self.cleaned_data["file"])
