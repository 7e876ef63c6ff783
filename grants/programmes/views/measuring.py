"""What a programme measures: its indicators, and one of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property

from grants.lifecycle.door import Refused
from grants.lifecycle.uses import in_use
from grants.programmes import permissions, services
from grants.programmes.forms import IndicatorForm
from grants.programmes.models import Breakdown, Indicator
from grants.programmes.services.measuring import USED
from grants.programmes.views.common import SetUpView

TITLE = "Indicators"


class Measuring(SetUpView):
    """A page for whoever administers the programme itself."""

    def may_come(self) -> bool:
        return permissions.administrator(self.programme, self.request.user)


class IndicatorsView(Measuring):
    """The indicators, each with its rules."""

    template_name = "programmes/indicators.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show them."""
        return self.page(
            title=TITLE,
            under=self.programme.title,
            trail=self.trail((TITLE, "")),
            indicators=[(one, self.url("indicator", one.pk)) for one in self.programme.indicators.all()],
            new_url=self.url("new-indicator"),
            asked_url=self.url("asked"),
        )


class IndicatorView(Measuring):
    """One indicator, new or to be changed."""

    template_name = "programmes/indicator.html"

    @cached_property
    def indicator(self) -> Indicator | None:
        """The indicator; None for a new one."""
        key = self.kwargs.get("pk")
        return None if key is None else get_object_or_404(self.programme.indicators, pk=key)

    @cached_property
    def stands(self) -> bool:
        """Whether its rules stand."""
        return self.indicator is not None and in_use(self.indicator, Breakdown)

    def get(self, request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
        """Show the form."""
        return self._page(self._form())

    def post(self, request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
        """Store it, or take it out."""
        by = request.user
        form = self._form(request.POST)
        try:
            if self.indicator is not None and request.POST.get("what") == "remove":
                services.remove_indicator(self.indicator.pk, by=by)  # type: ignore[arg-type]
                messages.success(request, f"“{self.indicator}” is taken out.")
                return redirect(self.url("indicators"))
            if not form.is_valid():
                return self._page(form, status=422)
            values = form.cleaned_data
            if self.indicator is None:
                saved = services.add_indicator(self.programme, by=by, values=values)  # type: ignore[arg-type]
            else:
                saved = services.change_indicator(self.indicator.pk, by=by, values=values)  # type: ignore[arg-type]
        except Refused as refusal:
            return self._page(form, refusal)
        messages.success(request, f"Saved: {saved}.")
        return redirect(self.url("indicators"))

    def _form(self, *data: object) -> IndicatorForm:
        return IndicatorForm(*data, instance=self.indicator, stands=self.stands)

    def _page(self, form: IndicatorForm, refusal: Refused | None = None, *, status: int = 200) -> HttpResponse:
        stored = Indicator.objects.filter(pk=self.indicator.pk).first() if self.indicator else None
        title = f"Change “{stored}”" if stored else "Add an indicator"
        return self.page(
            refusal,
            status=status,
            title=title,
            under=self.programme.title,
            trail=self.trail((TITLE, self.url("indicators")), (title, "")),
            form=form,
            stands=USED if self.stands else "",
            removable=stored is not None and not self.stands,
            back=self.url("indicators"),
        )
