"""A new import: which programme, which file; and the empty workbook to begin with."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View
from django.views.decorators.http import require_safe

from grants.imports import services
from grants.imports.forms import UploadForm, programmes_of
from grants.imports.sheets import blank_workbook
from grants.imports.views.common import administrator
from grants.lifecycle.door import NotYou

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NewImportView(LoginRequiredMixin, View):
    """A new import: which programme, which file."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._page(request, UploadForm(user=administrator(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check the file and show what came of it; or say why it could not be read."""
        form = UploadForm(request.POST, request.FILES, user=administrator(request))
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                record = services.upload(form.cleaned_data["programme"], file.name, file.read(), administrator(request))
                return redirect(record)
            except services.Unreadable as fault:
                form.add_error("file", str(fault))
            except NotYou as refusal:
                form.add_error(None, str(refusal))
        return self._page(request, form, status=422)

    @staticmethod
    def _page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
        context = {
            "title": "Import awards",
            "under": "Nothing is stored before you have seen what the file says.",
            "trail": [("Home", reverse("home")), ("Imports", reverse("imports:imports")), ("New", "")],
            "form": form,
            "none": not programmes_of(administrator(request)).exists(),
        }
        return render(request, "imports/new.html", context, status=status)


@login_required
@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """An empty workbook with every sheet and title that an import reads."""
    administrator(request)
    response = HttpResponse(blank_workbook(), content_type=SPREADSHEET)
    response["Content-Disposition"] = 'attachment; filename="awards.xlsx"'
    return response
