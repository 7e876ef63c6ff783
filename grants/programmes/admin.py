"""What administrators set up in a programme, in the Django admin. What reports ask and what is measured have pages of their own."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from grants.lifecycle.admin import AdministratorAdmin, OfAdministrators
from grants.lifecycle.uses import in_use
from grants.people.models import Organisation
from grants.programmes.models import ActivityType, Breakdown, Call, Category, FunderShare, Programme, Strand
from grants.programmes.services import ask_the_usual

KIND = Organisation.Kind


class PartInline(OfAdministrators):
    """Rows on the page of a record: whoever may change the record may change them."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who may change the record."""
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who may change the record."""
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who may change the record."""
        return self._may(request, obj)

    def _may(self, request: HttpRequest, obj: Any) -> bool:
        site: Any = self.admin_site  # type: ignore[attr-defined]
        owner = site.get_model_admin(self.parent_model)  # type: ignore[attr-defined]
        return bool(owner.has_change_permission(request, obj))


class ShareInline(PartInline, admin.TabularInline):
    """The parts of the money that funders give."""

    model = FunderShare

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only funders give."""
        if db_field.name == "funder":
            kwargs["queryset"] = Organisation.objects.filter(kind=KIND.FUNDER)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class StrandInline(PartInline, admin.StackedInline):
    """The parts of a programme. One that was added stays: awards, calls and reports hang on it."""

    model = Strand
    can_delete = False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only managing bodies manage."""
        if db_field.name == "managing_body":
            kwargs["queryset"] = Organisation.objects.filter(kind=KIND.MANAGING_BODY)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Programme)
class ProgrammeAdmin(AdministratorAdmin):
    """Programmes, with their funders' shares and their strands."""

    body = "managing_body"
    parts = (FunderShare,)
    list_display = ["title", "code", "managing_body", "starts", "ends"]
    list_select_related = ["managing_body"]
    search_fields = ["code", "title"]
    inlines = [ShareInline, StrandInline]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only managing bodies manage."""
        if db_field.name == "managing_body":
            kwargs["queryset"] = Organisation.objects.filter(kind=KIND.MANAGING_BODY)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """A new strand asks the usual in its reports from the start."""
        super().save_related(request, form, formsets, change)
        for strand in form.instance.strands.filter(section_sets=None):
            ask_the_usual(strand)


@admin.register(Call)
class CallAdmin(AdministratorAdmin):
    """Windows in which strands take applications."""

    body = "strand__managing_body"
    list_display = ["title", "strand", "opens_at", "closes_at", "at_most"]
    list_select_related = ["strand"]
    list_filter = ["strand"]
    search_fields = ["title"]


@admin.register(ActivityType)
class ActivityTypeAdmin(AdministratorAdmin):
    """The types of activity that reports tell apart. One that is in use stays in its programme; its title can be bettered."""

    body = "programme__managing_body"
    list_display = ["title", "programme", "position"]
    list_select_related = ["programme"]
    list_filter = ["programme"]
    search_fields = ["title"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Its programme, once an activity is of this type."""
        return ("programme",) if obj and in_use(obj) else ()


class CategoryInline(PartInline, admin.TabularInline):
    """The groups of a breakdown."""

    model = Category


@admin.register(Breakdown)
class BreakdownAdmin(AdministratorAdmin):
    """How what is counted is told apart. Targets that are set from then on ask it; once one does, its rules stand."""

    body = "indicator__programme__managing_body"
    parts = (Category,)
    list_display = ["title", "indicator", "code", "kind"]
    list_select_related = ["indicator__programme"]
    list_filter = ["indicator__programme", "kind"]
    search_fields = ["code", "title"]
    inlines = [CategoryInline]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only what counts is broken down."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "indicator":
            field.queryset = field.queryset.filter(measure__in=["people", "count"])
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Indicator, code and kind, once a target asks it."""
        return ("indicator", "code", "kind") if obj and in_use(obj, Category) else ()
