"""The public page that says whether a document is genuine, and nothing else of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reporting.verifying import VERDICTS, Verdict, by_mark


@never_cache
@require_safe
def verify(request: HttpRequest, reference: str, mark: str) -> HttpResponse:
    """What a document's own address says, to anybody: genuine, superseded or withdrawn; 404 where none was released with it."""
    report = by_mark(reference, mark)
    context = {"title": "This document is not known here", "report": report}
    if report is not None:
        verdict = VERDICTS[report.state]
        said = "is genuine" if verdict is Verdict.GENUINE else f"was {verdict}"
        context |= {"title": f"This document {said}", "verdict": verdict}
    return render(request, "reporting/verify.html", context, status=200 if report else 404)
