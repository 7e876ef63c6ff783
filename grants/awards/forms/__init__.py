"""What is typed about an award: the application, the plan of an offer, and what steps ask."""

from grants.awards.forms.applications import ApplicationForm, BeginForm
from grants.awards.forms.plans import PlanForms
from grants.awards.forms.steps import NoteForm, OfferForm, OptionalReasonForm
from grants.awards.forms.watching import PEOPLE, ContactNoteForm, JudgementForm, ManagersForm

__all__ = [
    "PEOPLE",
    "ApplicationForm",
    "BeginForm",
    "ContactNoteForm",
    "JudgementForm",
    "ManagersForm",
    "NoteForm",
    "OfferForm",
    "OptionalReasonForm",
    "PlanForms",
]
