"""What is asked in each part of a report, and of those who review it."""

from grants.reports.forms.answers import JudgementForm, NarrativeForm
from grants.reports.forms.decision import ApproveForm, DecisionForm, NoteForm
from grants.reports.forms.figures import FiguresForm
from grants.reports.forms.rows import RowForms
from grants.reports.forms.spend import SpendForm

__all__ = [
    "ApproveForm",
    "DecisionForm",
    "FiguresForm",
    "JudgementForm",
    "NarrativeForm",
    "NoteForm",
    "RowForms",
    "SpendForm",
]
