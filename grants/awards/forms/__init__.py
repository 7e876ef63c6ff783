"""What is typed about an award: the application, the plan of an offer, and what steps ask."""

from grants.awards.forms.applications import ApplicationForm, BeginForm
from grants.awards.forms.plans import PlanForms
from grants.awards.forms.steps import NoteForm, OfferForm, OptionalReasonForm

__all__ = ["ApplicationForm", "BeginForm", "NoteForm", "OfferForm", "OptionalReasonForm", "PlanForms"]
