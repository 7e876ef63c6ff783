"""Pages of an award: calls, the application, the plan of an offer, and the steps."""

from grants.awards.views.agreeing import ActionView, ConflictView
from grants.awards.views.applications import ApplicationView, CallsView
from grants.awards.views.extensions import ExtensionView
from grants.awards.views.plans import PlanView
from grants.awards.views.steps import STEPS, AwardStepView, step_url
from grants.awards.views.watching import JudgementView, ManagersView, NotesView

__all__ = [
    "STEPS",
    "ActionView",
    "ApplicationView",
    "AwardStepView",
    "CallsView",
    "ConflictView",
    "ExtensionView",
    "JudgementView",
    "ManagersView",
    "NotesView",
    "PlanView",
    "step_url",
]
