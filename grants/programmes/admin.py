"""What administrators set up in a programme, in the Django admin."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from grants.lifecycle.admin import AdministratorAdmin, OfAdministrators, in_use
from grants.people.models import Organisation
from grants.programmes.models import Call, FunderShare, Indicator, Programme, Section, SectionSet, Strand
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


@admin.register(Indicator)
class IndicatorAdmin(AdministratorAdmin):
    """What is measured. The rules of one that is in use stand: figures were given and added under them."""

    body = "programme__managing_body"
    list_display = ["title", "code", "programme", "unit", "measure", "over_time", "across"]
    list_select_related = ["programme"]
    list_filter = ["programme", "measure"]
    search_fields = ["code", "title"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Programme, code, unit, measure and rules, once something uses it."""
        return ("programme", "code", "unit", "measure", "over_time", "across") if obj and in_use(obj) else ()


class SectionInline(PartInline, admin.StackedInline):
    """The parts that a report asks."""

    model = Section


@admin.register(SectionSet)
class SectionSetAdmin(AdministratorAdmin):
    """What reports ask: numbered; one that a report uses is only looked at."""

    body = "strand__managing_body"
    parts = (Section,)
    list_display = ["strand", "kind", "number"]
    list_select_related = ["strand"]
    list_filter = ["strand", "kind"]
    readonly_fields = ["number"]
    inlines = [SectionInline]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators of the strand's body, until a report has begun with it."""
        return super().has_change_permission(request, obj) and (obj is None or not in_use(obj, Section))

    def save_model(self, request: HttpRequest, obj: SectionSet, form: ModelForm, change: bool) -> None:
        """A new set takes the next number: reports that begin from now on are asked its parts."""
        if not change:
            last = SectionSet.objects.filter(strand=obj.strand, kind=obj.kind).order_by("-number").first()
            obj.number = last.number + 1 if last else 1
        super().save_model(request, obj, form, change)
