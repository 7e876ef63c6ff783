"""What people do with a report: typed verbs around the door, and what follows from its moves."""

from grants.reports.services import following
from grants.reports.services.activities import (
    mark_of_activity,
    remove_activity,
    save_activity,
)
from grants.reports.services.asking import (
    MOST_OPEN,
    Gone,
    accept_answer,
    amount_of,
    answer_request,
    ask_for_figure,
    asks_for,
    brings_up_to_date,
    receiver_of,
    receivers,
    request_of,
    requests_about,
    set_answer_aside,
    withdraw_request,
)
from grants.reports.services.commenting import comment_on, resolve_comment
from grants.reports.services.correcting import (
    abandon_correction,
    begin_correction,
    begin_figure_update,
    hindrances,
)
from grants.reports.services.evidence import (
    add_evidence,
    content_of_file,
    remove_evidence,
)
from grants.reports.services.extending import ask_for_extension
from grants.reports.services.marking import answer_question, mark_section
from grants.reports.services.members import (
    confirm_member_part,
    mark_of_member,
    nudge_member,
    nudged,
    open_member_part,
    save_member_part,
    take_in,
    what_is_lacking,
)
from grants.reports.services.reviewing import (
    approve_report,
    recommend_report,
    return_report,
    start_report_review,
    waive_report,
)
from grants.reports.services.risks import save_risks
from grants.reports.services.signing import (
    ask_for_sign_off,
    decline_sign_off,
    recall_report,
    recall_submission,
    submit_report,
)
from grants.reports.services.writing import (
    mark_of,
    open_reports,
    save_answer,
    save_follow_ups,
    save_results,
    save_spend,
)

__all__ = [
    "MOST_OPEN",
    "Gone",
    "abandon_correction",
    "accept_answer",
    "add_evidence",
    "amount_of",
    "answer_question",
    "answer_request",
    "approve_report",
    "ask_for_extension",
    "ask_for_figure",
    "ask_for_sign_off",
    "asks_for",
    "begin_correction",
    "begin_figure_update",
    "brings_up_to_date",
    "comment_on",
    "confirm_member_part",
    "content_of_file",
    "decline_sign_off",
    "following",
    "hindrances",
    "mark_of",
    "mark_of_activity",
    "mark_of_member",
    "mark_section",
    "nudge_member",
    "nudged",
    "open_member_part",
    "open_reports",
    "recall_report",
    "recall_submission",
    "receiver_of",
    "receivers",
    "recommend_report",
    "remove_activity",
    "remove_evidence",
    "request_of",
    "requests_about",
    "resolve_comment",
    "return_report",
    "save_activity",
    "save_answer",
    "save_follow_ups",
    "save_member_part",
    "save_results",
    "save_risks",
    "save_spend",
    "set_answer_aside",
    "start_report_review",
    "submit_report",
    "take_in",
    "waive_report",
    "what_is_lacking",
    "withdraw_request",
]
