"""The steps of one import."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from grants.formats import plural
from grants.imports import services
from grants.imports.models import Import
from grants.lifecycle.steps import Step, StepView


@dataclass(frozen=True)
class ApplyStep(Step):
    """Applying passes two states at once: the message is about the second."""

    def words(self, record: Any) -> tuple[str, str]:
        """The words of the button, and of the message after it."""
        return "Apply", "The file was applied: every award in it is stored"


STEPS = {
    "apply": ApplyStep(
        "apply",
        services.apply_import,
        "The file is checked once more, and then everything in it is written, or nothing. "
        "Live awards get their reports, and each award's history names this file and the row.",
    ),
    "retry": Step("retry", services.retry_import, "The file can then be applied again, or discarded."),
    "discard": Step(
        "discard",
        services.discard_import,
        "The file is put away. Nothing of it is stored; a corrected one can be sent at any time.",
        refuses=True,
    ),
}


class ImportStepView(StepView):
    """One step of an import."""

    steps = STEPS

    def record_for(self, request: HttpRequest, **where: Any) -> Import:
        """The import, where the person may see it."""
        user: Any = request.user
        return get_object_or_404(Import.objects.visible_to(user).select_related("programme"), pk=where["pk"])

    def trail(self, record: Any) -> list[tuple[str, str]]:
        """By way of the list."""
        return [
            ("Home", reverse("home")),
            ("Imports", reverse("imports:imports")),
            (record.name, record.get_absolute_url()),
        ]

    def consequences(self, request: HttpRequest, record: Any, verb: str) -> list[str]:
        """What applying makes and changes, as the check found it."""
        if verb != "apply":
            return []
        counts = record.counts
        kept = f"{counts.get('changed', 0):,} changed, {counts.get('unchanged', 0):,} left as they are"
        return [
            f"{plural(counts.get('made', 0), 'award')} new, {kept}, in {record.programme}.",
            (
                "What the file calls released can be paid at once, and so can the whole amount of a live award for which it has "
                "no sheet of tranches."
            ),
        ]
