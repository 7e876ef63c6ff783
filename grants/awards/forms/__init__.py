"""What is typed about an award: the application, the plan of an offer, and what steps ask."""

from grants.awards.forms.agreeing import ConflictForm, DoneForm, agreed_forms
from grants.awards.forms.applications import ApplicationForm, BeginForm
from grants.awards.forms.extensions import AskForExtensionForm, DecideExtensionForm
from grants.awards.forms.plans import PlanForms
from grants.awards.forms.steps import NoteForm, OfferForm, OptionalReasonForm
from grants.awards.forms.watching import PEOPLE, ContactNoteForm, JudgementForm, ManagersForm

__all__ = [
    "PEOPLE",
    "ApplicationForm",
    "AskForExtensionForm",
    "BeginForm",
    "ConflictForm",
    "ContactNoteForm",
    "DecideExtensionForm",
    "DoneForm",
    "JudgementForm",
    "ManagersForm",
    "NoteForm",
    "OfferForm",
    "OptionalReasonForm",
    "PlanForms",
    "agreed_forms",
]
