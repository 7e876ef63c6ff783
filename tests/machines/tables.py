"""Who may do what from where, written by hand from the design: the tests hold the code against these tables.

For each state: what can be done from it, where it leads, and the parts of the cast that may do it. What is not here is
refused: NotNow where the state has no such move, NotYou where it has and the person may not.
"""

Moves = dict[str, dict[str, tuple[str, tuple[str, ...]]]]

SIGNATORIES = ("signatory", "second_signatory")
GRANTEES = ("editor", *SIGNATORIES)
APPROVERS = ("approver", "second_approver")
REVIEWERS = ("reviewer", *APPROVERS)
FINANCE = ("finance",)
ADMINISTRATORS = ("administrator", "system")  # a command on the server brings in files, too
SYSTEM_ONLY = ("system",)
APPROVERS_OR_SYSTEM = (*APPROVERS, "system")
EVERYBODY = (*GRANTEES, *REVIEWERS, "finance", "administrator", "viewer", "stranger", "outsider", "system")

# The guards of each state are met: an application is complete, an offer is planned and can still be accepted.
AWARD: Moves = {
    "draft": {
        "submit": ("submitted", SIGNATORIES),
        "withdraw": ("withdrawn", SIGNATORIES),
    },
    "submitted": {
        "start_review": ("in_review", REVIEWERS),
        "withdraw": ("withdrawn", SIGNATORIES),
    },
    "in_review": {
        "send_back": ("returned", REVIEWERS),
        "decline": ("declined", APPROVERS),
        "offer": ("offered", APPROVERS),
        "withdraw": ("withdrawn", SIGNATORIES),
    },
    "returned": {
        "submit": ("submitted", SIGNATORIES),
        "withdraw": ("withdrawn", SIGNATORIES),
    },
    "declined": {},
    "offered": {
        "accept": ("active", SIGNATORIES),
        "lapse": ("withdrawn", SYSTEM_ONLY),
        "withdraw": ("withdrawn", SIGNATORIES),
    },
    "active": {
        "begin_evaluation": ("evaluating", SYSTEM_ONLY),
        "suspend": ("suspended", APPROVERS),
        "terminate": ("terminated", APPROVERS),
    },
    "evaluating": {
        "go_back": ("active", SYSTEM_ONLY),
        "close": ("closed", APPROVERS),
        "suspend": ("suspended", APPROVERS),
        "terminate": ("terminated", APPROVERS),
    },
    "suspended": {
        "resume": ("active", APPROVERS),
        "terminate": ("terminated", APPROVERS),
    },
    "closed": {},
    "terminated": {},
    "withdrawn": {},
}

_ENDS_OF_REPORTS = {"waive": ("waived", APPROVERS), "abandon": ("abandoned", SYSTEM_ONLY)}

# Of a correction, from wherever it is open: it is not waived, and its grantee may give it up.
ENDS_OF_CORRECTIONS = {"waive": ("waived", ()), "abandon": ("abandoned", (*GRANTEES, "system"))}

# The editor wrote the report and asked for the signature; the signatory signed.
REPORT: Moves = {
    "draft": {
        "ask_for_sign_off": ("awaiting_sign_off", GRANTEES),
        **_ENDS_OF_REPORTS,
    },
    "awaiting_sign_off": {
        "recall": ("draft", ("editor",)),
        "decline_sign_off": ("draft", SIGNATORIES),
        "submit": ("submitted", SIGNATORIES),
        **_ENDS_OF_REPORTS,
    },
    "submitted": {
        "recall_submission": ("draft", SIGNATORIES),
        "start_review": ("in_review", REVIEWERS),
        **_ENDS_OF_REPORTS,
    },
    "in_review": {
        "send_back": ("returned", REVIEWERS),
        "approve": ("approved", APPROVERS),
        **_ENDS_OF_REPORTS,
    },
    "returned": {
        "ask_for_sign_off": ("awaiting_sign_off", GRANTEES),
        **_ENDS_OF_REPORTS,
    },
    "approved": {"supersede": ("superseded", SYSTEM_ONLY)},
    "waived": {},
    "abandoned": {},
    "superseded": {},
}

# The milestone of the payment is settled.
TRANCHE: Moves = {
    "scheduled": {
        "release": ("released", APPROVERS_OR_SYSTEM),
        "hold": ("held", APPROVERS),
        "cancel": ("cancelled", APPROVERS_OR_SYSTEM),
    },
    "held": {
        "unhold": ("scheduled", APPROVERS),
        "cancel": ("cancelled", APPROVERS_OR_SYSTEM),
    },
    "released": {
        "pay": ("paid", FINANCE),
        "cancel": ("cancelled", APPROVERS_OR_SYSTEM),
    },
    "paid": {},
    "cancelled": {},
}

IMPORT: Moves = {
    "uploaded": {"check_file": ("checking", SYSTEM_ONLY)},
    "checking": {
        "find_faults": ("faulty", SYSTEM_ONLY),
        "find_good": ("ready", SYSTEM_ONLY),
    },
    "faulty": {"discard": ("discarded", ADMINISTRATORS)},
    "ready": {
        "apply": ("applying", ADMINISTRATORS),
        "discard": ("discarded", ADMINISTRATORS),
    },
    "applying": {
        "finish": ("applied", SYSTEM_ONLY),
        "fail": ("failed", SYSTEM_ONLY),
    },
    "applied": {},
    "failed": {"retry": ("ready", ADMINISTRATORS)},
    "discarded": {},
}

FUNDER_REPORT: Moves = {
    "requested": {
        "build": ("building", SYSTEM_ONLY),
        "cancel": ("cancelled", REVIEWERS),
    },
    "building": {
        "finish": ("built", SYSTEM_ONLY),
        "fail": ("failed", SYSTEM_ONLY),
        "cancel": ("cancelled", REVIEWERS),
    },
    "built": {"release": ("released", APPROVERS)},
    "released": {
        "withdraw": ("withdrawn", APPROVERS),
        "supersede": ("superseded", SYSTEM_ONLY),
    },
    "withdrawn": {},
    "superseded": {},
    "cancelled": {},
    "failed": {"retry": ("requested", REVIEWERS)},
}

BORN = {
    "Award": {"draft", "active", "evaluating", "closed", "terminated"},
    "Report": {"draft"},
    "Tranche": {"scheduled", "released", "paid", "cancelled"},
    "Import": {"uploaded"},
    "FunderReport": {"requested"},
}
