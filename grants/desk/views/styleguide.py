"""Every piece that pages are made of, in every state, drawn by the templates that the pages use. For staff."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants import clock
from grants.autosave import Difference
from grants.awards.models import Award, Tranche
from grants.faults import Fault
from grants.formats import local_today
from grants.forms import DayField, MoneyField, PlainForm, PlainFormSet
from grants.imports.models import Import
from grants.reports.models import Report

NAMES = ("ink", "muted", "line", "wash", "paper", "accent", "edge", "grey", "blue", "amber", "green", "red", "slate")
LONG = "The Association for the Advancement of Engineering among Young People of the Upper and Lower Valleys"
MACHINES = (("Award", Award), ("Report", Report), ("Payment", Tranche), ("Import", Import))
DUE = ("not_due", "due", "overdue", "very_late")
FIGURE = ("final", "provisional", "awaited", "not_collected", "not_applicable")
COURSE = ("on_course", "at_risk", "off_course")
PART = ("not_begun", "in_progress", "ready", "changed", "question", "needs_change")


class Specimen(PlainForm, forms.Form):
    """One field of each kind."""

    title = forms.CharField(max_length=20, help_text="What people call it")
    amount = MoneyField(label="Amount")
    due = DayField(label="Due")
    schools = forms.IntegerField(label="Schools")
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose one"), ("a", "Workshop"), ("b", "Mentoring")])
    course = forms.ChoiceField(
        label="Is it on course?", choices=[("on", "On course"), ("risk", "At risk")], widget=forms.RadioSelect
    )
    text = forms.CharField(label="What was hard?", widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label="We hold written consent for this story")


class Entries(PlainFormSet):
    """A table of entries."""

    entry_name = "Payment"


class Entry(PlainForm, forms.Form):
    """A row of it."""

    name = forms.CharField(label="Name")
    amount = MoneyField(label="Amount")


@login_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The style guide; 403 for whoever is no administrator."""
    user: Any = request.user
    if not user.is_staff:
        raise PermissionDenied("Administrators read the style guide.")
    wrong = {
        "title": "x" * 30,
        "amount": "many",
        "due": "soon",
        "schools": "nine",
        "kind": "",
        "course": "",
        "agreed": "",
    }
    entries = forms.formset_factory(Entry, formset=Entries, extra=2)
    context = {
        "title": "Style guide",
        "under": "Every piece that the pages are made of. Colours follow the system’s; data-theme on the page decides otherwise.",
        "trail": [("Home", "/"), ("Style guide", "")],
        "colours": NAMES,
        "states": [*((name, model.State.choices) for name, model in MACHINES), ("Due, from the clock", _words(DUE))],
        "statuses": [("A figure", _words(FIGURE)), ("The course", _words(COURSE)), ("A part", _words(PART))],
        "empty_form": Specimen(prefix="empty"),
        "wrong_form": Specimen(wrong, prefix="", auto_id="wrong_%s"),
        "entries": entries(prefix="entries"),
        "long": LONG,
        **_things(),
    }
    return render(request, "desk/styleguide.html", context)


def _words(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, "") for code in codes]


def _things() -> dict[str, Any]:
    """What the pieces show."""
    today, now = local_today(), clock.now()
    soon = today + timedelta(days=9)
    states = ("approved", "overdue", "in_review", "returned", "not_due")
    return {
        "milestones": [
            {"title": f"Milestone {number}", "state": state, "lines": ["3 July 2012", "£4,000"]}
            for number, state in enumerate(states, 1)
        ],
        "due": [
            {
                "date": None,
                "title": "Change the application",
                "url": "#due",
                "hint": "",
                "state": "returned",
                "word": "",
            },
            {"date": soon, "title": LONG, "url": "#due", "hint": "EX-2012-01", "state": "due", "word": "Due in 9 days"},
            {"date": today, "title": "Final evaluation", "url": "", "hint": "", "state": "very_late", "word": ""},
        ],
        "tasks": [
            {
                "title": code.replace("_", " ").capitalize(),
                "url": "#tasks",
                "hint": "Editor, 3 May",
                "state": code,
                "word": "",
            }
            for code in PART
        ],
        "summary": [
            {"term": "Recipient", "value": LONG, "url": "#summary", "change": "Change"},
            {"term": "State", "value": "Active", "state": "active"},
            {"term": "Amount", "value": "£16,000.00", "hint": "of which £4,000 is paid"},
        ],
        "figures": [
            {"label": "Awards", "value": 12, "note": "8 active, 4 closed"},
            {"label": "Paid", "value": "£1,250,000", "note": "48% of what is awarded"},
            {"label": "Not known", "value": None},
        ],
        "history": [
            {
                "at": now,
                "who": "Reviewer, AccessHE",
                "sentence": "Asked for changes.",
                "reason": LONG,
                "state": "returned",
            },
            {"at": now, "who": "Signatory", "sentence": "Signed and submitted the report.", "state": "submitted"},
        ],
        "page": Paginator(range(300), 25).page(6),
        "autosaves": _autosaves(),
    }


def _autosaves() -> list[dict[str, Any]]:
    """What a form that saves itself says."""
    texts = [Difference("What was hard?", "Ten schools took part.", "Nine schools took part in May.", is_text=True)]
    values = [Difference("Amount", "£4,000", "£4,500", is_text=False)]
    return [
        {"kind": "saved", "at": clock.now()},
        {"kind": "not_yet", "faults": [Fault("Amount: “4 x” is not an amount")]},
        {"kind": "signed_out"},
        {"kind": "refused", "sentences": ["The report is submitted: what is written in it cannot change now."]},
        {"kind": "stale", "sentences": [f"{LONG} saved this while you wrote."], "texts": texts, "values": values},
    ]
