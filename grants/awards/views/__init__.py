"""Pages of an award: calls, the application, the plan of an offer, and the steps."""

from grants.awards.views.applications import ApplicationView, CallsView
from grants.awards.views.plans import PlanView
from grants.awards.views.steps import STEPS, AwardStepView, step_url
from grants.awards.views.watching import JudgementView, ManagersView, NotesView

__all__ = [
    "STEPS",
    "ApplicationView",
    "AwardStepView",
    "CallsView",
    "JudgementView",
    "ManagersView",
    "NotesView",
    "PlanView",
    "step_url",
]
