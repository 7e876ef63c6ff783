"""Imports in the Django admin: to be looked at, and import-export's own way of uploading, previewing and confirming."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from import_export.admin import ImportMixin
from import_export.forms import ConfirmImportForm, ImportForm

from grants.imports.forms import check_file, programmes_of
from grants.imports.models import Import
from grants.imports.resources import CSV, XLSX, AwardResource, ImportResult
from grants.imports.services import Unreadable
from grants.lifecycle.admin import ReadOnlyAdmin
from grants.lifecycle.door import Refused
from grants.programmes.models import Programme


class AwardImportForm(ImportForm):
    """The file, its format, and the programme into which its awards come."""

    programme = forms.ModelChoiceField(Programme.objects.none(), empty_label="Choose a programme")
    field_order = ("resource", "programme", "import_file", "format")

    def clean_import_file(self) -> UploadedFile:
        """The file, where its name and size will do."""
        return check_file(self.cleaned_data["import_file"])


class AwardConfirmForm(ConfirmImportForm):
    """What the preview was made of."""

    programme = forms.ModelChoiceField(Programme.objects.none(), widget=forms.HiddenInput)


@admin.register(Import)
class ImportAdmin(ImportMixin, ReadOnlyAdmin):
    """Imports, and the way to a new one."""

    list_display = ("name", "programme", "state", "uploaded_by", "uploaded_at", "applied_at")
    list_filter = ("state", "programme")
    list_select_related = ("programme", "uploaded_by")
    exclude = ("content",)
    resource_classes = (AwardResource,)
    formats = (XLSX, CSV)
    import_form_class = AwardImportForm
    confirm_form_class = AwardConfirmForm
    import_template_name = "admin/imports/import.html"
    skip_admin_log = True  # each award's own history names the import, the row and the person

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the files themselves."""
        return super().get_queryset(request).defer("content")

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Administrators of some programme's managing body."""
        user: Any = request.user
        return programmes_of(user).exists()

    def create_import_form(self, request: HttpRequest) -> Any:
        """With the programmes that the person administers."""
        return self._with_programmes(super().create_import_form(request), request)

    def create_confirm_form(self, request: HttpRequest, import_form: Any = None) -> Any:
        """The same: the programme is chosen anew from what the person may choose."""
        return self._with_programmes(super().create_confirm_form(request, import_form=import_form), request)

    @staticmethod
    def _with_programmes(form: Any, request: HttpRequest) -> Any:
        user: Any = request.user
        form.fields["programme"].queryset = programmes_of(user)
        return form

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        """What was uploaded, and for which programme."""
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        return initial | ({"programme": import_form.cleaned_data["programme"].pk} if import_form else {})

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """The programme, once one is chosen."""
        form = kwargs.get("form")
        chosen = form.cleaned_data.get("programme") if form is not None and form.is_bound and form.is_valid() else None
        return {"programme": chosen}

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        """Our reader says itself what is the matter; anything else is a fault of ours."""
        if not isinstance(e, Unreadable):
            raise e
        form.add_error("import_file", str(e))

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Apply what was previewed; where that cannot be done, say why and leave everything as it is."""
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:
            reason = "This preview has been used or is no longer kept: upload the file again."
        except (Refused, Unreadable) as refusal:
            reason = str(refusal)
        messages.error(request, reason)
        return HttpResponseRedirect(reverse("admin:imports_import_import"))

    def process_result(self, result: ImportResult, request: HttpRequest) -> HttpResponse:
        """Say what was done; or, where the database has changed since the preview, what is the matter now."""
        if result.checked.faults:
            messages.error(request, "What is stored has changed since the preview: upload the file again.")
            return HttpResponseRedirect(reverse("admin:imports_import_import"))
        response: HttpResponse = super().process_result(result, request)
        return response

    def add_success_message(self, result: ImportResult, request: HttpRequest) -> None:
        """How many awards were made, changed and left as they are."""
        counts = result.checked.counts
        said = f"{counts['made']:,} awards made, {counts['changed']:,} changed, {counts['unchanged']:,} unchanged."
        messages.success(request, said)
