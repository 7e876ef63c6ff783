"""What is asked in each part of a report, and of those who review it."""

from grants.reports.forms.activities import ActivitiesNoteForm, ActivityForm
from grants.reports.forms.answers import JudgementForm, NarrativeForm
from grants.reports.forms.asking import (
    AnswerForm,
    AskForm,
    SettleForm,
)
from grants.reports.forms.comments import CommentForm
from grants.reports.forms.decision import (
    ApproveForm,
    DecisionForm,
    NoteForm,
)
from grants.reports.forms.evidence import EvidenceForm
from grants.reports.forms.figures import FiguresForm
from grants.reports.forms.marking import MarkForm, ReplyForm
from grants.reports.forms.members import MemberForm
from grants.reports.forms.risks import RisksForm
from grants.reports.forms.rows import RowForms
from grants.reports.forms.since import SinceForm
from grants.reports.forms.spend import SpendForm
from grants.reports.forms.workbook import PutInForm, WorkbookForm

__all__ = [
    "ActivitiesNoteForm",
    "ActivityForm",
    "AnswerForm",
    "ApproveForm",
    "AskForm",
    "CommentForm",
    "DecisionForm",
    "EvidenceForm",
    "FiguresForm",
    "JudgementForm",
    "MarkForm",
    "MemberForm",
    "NarrativeForm",
    "NoteForm",
    "PutInForm",
    "ReplyForm",
    "RisksForm",
    "RowForms",
    "SettleForm",
    "SinceForm",
    "SpendForm",
    "WorkbookForm",
]
