"""Pages of an award: calls, the application, the plan of an offer, and the steps."""

from grants.awards.views.applications import ApplicationView, CallsView
from grants.awards.views.plans import PlanView
from grants.awards.views.steps import STEPS, AwardStepView, step_url

__all__ = ["STEPS", "ApplicationView", "AwardStepView", "CallsView", "PlanView", "step_url"]
