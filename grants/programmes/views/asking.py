"""What the reports of a programme ask: its strands with their sets, one set as grantees see it, one part of it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property

from grants.formats import about_minutes, plural
from grants.lifecycle.door import Refused
from grants.lifecycle.machine import key_of
from grants.lifecycle.models import HistoryEntry
from grants.programmes import services
from grants.programmes.forms import SectionForm
from grants.programmes.models import Programme, Section, SectionSet
from grants.programmes.services.asking import KINDS
from grants.programmes.views.common import SetUpView

LINES_OF_HISTORY = 10
TITLE = "What reports ask"


class AskedView(SetUpView):
    """The strands, each with its sets: their number, their kind, and since when they are used."""

    template_name = "programmes/asked.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show them."""
        return self._page()

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Ask the usual where nothing is asked yet: `strand` and `kind` say of what."""
        strand = next((one for one in self.strands() if str(one.pk) == request.POST.get("strand")), None)
        if strand is None:
            raise Http404
        try:
            made = services.first_set(strand, request.POST.get("kind", ""), by=request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            return self._page(refusal)
        messages.success(request, "Set 1 is made: the usual parts. Change them before a report begins with them.")
        return redirect(self.url("set", made.pk))

    def _page(self, refusal: Refused | None = None) -> HttpResponse:
        strands = self.strands()
        sets: QuerySet[SectionSet] = SectionSet.objects.filter(strand__in=strands).prefetch_related("sections")
        found: dict[tuple[int, str], list[dict[str, Any]]] = {}
        for chosen in sets.order_by("strand", "kind", "-number"):
            rows = found.setdefault((chosen.strand_id, chosen.kind), [])
            rows.append(_row(chosen, newest=not rows) | {"url": self.url("set", chosen.pk)})
        kinds = dict(SectionSet._meta.get_field("kind").choices or ())
        history = HistoryEntry.objects.filter(root=key_of(Programme, self.programme.pk), what="asking")
        return self.page(
            refusal,
            title=TITLE,
            under=self.programme.title,
            trail=self.trail((TITLE, "")),
            strands=[
                (strand, [(kind, kinds[kind], found.get((strand.pk, kind), [])) for kind in KINDS])
                for strand in strands
            ],
            indicators_url=self.url("indicators"),
            history=history[:LINES_OF_HISTORY],
        )


def _row(chosen: SectionSet, *, newest: bool) -> dict[str, Any]:
    """A set as a line of the list."""
    word = "Asked of reports that begin now" if newest else "Earlier"
    parts = chosen.sections.all()
    takes = about_minutes(sum(part.minutes for part in parts))
    return {"set": chosen, "word": word, "state": "active" if newest else "closed",
            "hint": f"{plural(len(parts), 'part')}, {takes} in full"}  # fmt: skip


class OfASet(SetUpView):
    """A page of one set, of a strand that the person administers."""

    @cached_property
    def chosen(self) -> SectionSet:
        """The set."""
        sets = SectionSet.objects.filter(strand__in=self.strands()).select_related("strand")
        return get_object_or_404(sets.prefetch_related("sections"), pk=self.kwargs["pk"])

    @property
    def name(self) -> str:
        """What the set is called on pages."""
        return f"{self.chosen.get_kind_display()}, set {self.chosen.number}"


class SetView(OfASet):
    """One set as grantees see it. While no report has begun with it, its parts are changed, moved and taken out here."""

    template_name = "programmes/set.html"

    def get(self, request: HttpRequest, code: str, pk: int) -> HttpResponse:
        """Show it."""
        return self._page()

    def post(self, request: HttpRequest, code: str, pk: int) -> HttpResponse:
        """Do what a button says: make the next set, take this one out, move a part or take it out."""
        what, by = request.POST.get("what", ""), request.user
        chosen: Any = self.chosen
        try:
            if what == "next":
                made = services.next_set(chosen.pk, by=by)  # type: ignore[arg-type]
                messages.success(request, f"Set {made.number} is made. Reports that begin from now on are asked this.")
                return redirect(self.url("set", made.pk))
            if what == "take-out":
                services.take_out(chosen.pk, by=by)  # type: ignore[arg-type]
                messages.success(request, f"Set {chosen.number} is taken out.")
                return redirect(self.url("asked"))
            section = self._section(request)
            if what == "remove":
                services.remove_section(chosen.pk, by=by, section=section.pk)  # type: ignore[arg-type]
                messages.success(request, f"“{section}” is taken out.")
            elif what in ("up", "down"):
                services.move_section(chosen.pk, by=by, section=section.pk, up=what == "up")  # type: ignore[arg-type]
            else:
                raise Http404
        except Refused as refusal:
            return self._page(refusal)
        return redirect(f"{self.url('set', chosen.pk)}#parts")

    def _section(self, request: HttpRequest) -> Section:
        found = [part for part in self.chosen.sections.all() if str(part.pk) == request.POST.get("section")]
        if not found:
            raise Http404
        return found[0]

    def _page(self, refusal: Refused | None = None) -> HttpResponse:
        chosen: Any = self.chosen
        parts = list(chosen.sections.all())
        sets = SectionSet.objects.filter(strand=chosen.strand, kind=chosen.kind)
        return self.page(
            refusal,
            title=self.name,
            under=f"{chosen.strand}, {self.programme}",
            trail=self.trail((TITLE, self.url("asked")), (self.name, "")),
            chosen=chosen,
            stands=services.why_it_stands(chosen),
            is_newest=not sets.filter(number__gt=chosen.number).exists(),
            is_only=not sets.exclude(pk=chosen.pk).exists(),
            parts=[(part, self.url("section", chosen.pk, part.pk)) for part in parts],
            sizes=[
                {
                    "label": f"{label} award",
                    "value": plural(number, "part"),
                    "note": about_minutes(minutes).capitalize(),
                }
                for label, number, minutes in services.lasts(chosen)
            ],
            new_url=self.url("new-section", chosen.pk),
        )


class SectionView(OfASet):
    """One part of a set, new or to be changed."""

    template_name = "programmes/section.html"

    @cached_property
    def section(self) -> Section | None:
        """The part; None for a new one."""
        key = self.kwargs.get("section")
        return None if key is None else get_object_or_404(self.chosen.sections, pk=key)

    def get(self, request: HttpRequest, code: str, pk: int, section: int | None = None) -> HttpResponse:
        """Show the form; of a set that stands there is nothing to change."""
        if sentence := services.why_it_stands(self.chosen):
            messages.warning(request, sentence)
            return redirect(self.url("set", pk))
        return self._page(SectionForm(instance=self.section))

    def post(self, request: HttpRequest, code: str, pk: int, section: int | None = None) -> HttpResponse:
        """Store the part."""
        form = SectionForm(request.POST, instance=self.section)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            part = services.save_section(self.chosen.pk, by=request.user, section=section, values=form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            return self._page(form, refusal)
        messages.success(request, f"Saved: {part}.")
        return redirect(f"{self.url('set', pk)}#part-{part.pk}")

    def _page(self, form: SectionForm, refusal: Refused | None = None, *, status: int = 200) -> HttpResponse:
        stored = Section.objects.filter(pk=self.section.pk).first() if self.section else None
        title = f"Change “{stored}”" if stored else "Add a part"
        return self.page(
            refusal,
            status=status,
            title=title,
            under=f"{self.name}, {self.chosen.strand}",
            trail=self.trail((TITLE, self.url("asked")), (self.name, self.url("set", self.chosen.pk)), (title, "")),
            form=form,
            back=self.url("set", self.chosen.pk),
        )
