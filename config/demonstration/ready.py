"""What `make demo` prints at its end, and what scripts ask about the demonstration."""

from typing import Any

from config.demonstration import setting, story
from config.demonstration.loading import funder_report, wait_for
from grants.formats import date_words
from grants.programmes.models import Programme

PATIENCE = 90  # seconds for the worker to build the report

# Who signs in, and what waits for them
SIGN_INS = (
    ("editor@space-connections.example", "finish the report that is due on 23 November (EX-2012-03)"),
    ("signatory@wolverhampton.example", "sign the first report of the West Midlands (CP-2012-03)"),
    ("editor@cardiff.example", "begin the first report of South Wales (CP-2012-04)"),
    ("editor@example-university.example", "mend a report that was returned (CP-2012-06)"),
    ("editor@example-science-centre.example", "read the approved report of its community (CP-2012-01)"),
    ("signatory@example-engineers.example", "accept an offer by 28 November (EX-2012-09)"),
    ("editor@example-makers.example", "finish an application by 15 December (EX-2012-15)"),
    ("reviewer@accesshe.example", "start the review of an application (EX-2012-14)"),
    ("approver@accesshe.example", "approve a final evaluation (EX-2012-02), release the funder report"),
    ("finance@accesshe.example", "record a payment that is released (EX-2012-05)"),
    ("administrator@accesshe.example", "look at the two imports, look after people"),
    ("reviewer@bath.example", "start the review of the North West's report (CP-2012-02)"),
    ("approver@bath.example", "approve the report of the South West (CP-2012-05)"),
    ("finance@bath.example", "record the payment of the North East (CP-2012-01)"),
    ("editor@accesshe.example", "begin the evaluation of a managed award (PU-2012-01)"),
    ("viewer@sw-spoke.example", "read or download the report to 31 July"),
    ("viewer@example-foundation.example", "see the awards that it pays a quarter of"),
)


class NotLoadedError(Exception):
    """There is no demonstration in this database."""


def table() -> list[str]:
    """The lines that say as whom one can sign in, what each can do first, and the password."""
    first = max(len(email) for email, _ in SIGN_INS)
    lines = [f"{email:<{first}}  {what}" for email, what in (("Sign in as", "What to do first"), *SIGN_INS)]
    today = f"Today is {date_words(setting.TODAY)} here. The password of everybody: {setting.PASSWORD}"
    return [lines[0], "-" * max(map(len, lines)), *lines[1:], "", today]


def document(patience: float = PATIENCE) -> str:
    """A sentence on the report that a worker builds, once it is done or the time is up."""
    report = wait_for(story.AUTUMN, patience)
    if report is None:
        raise NotLoadedError("The demonstration is not loaded. Load it first: manage.py load_demo")
    named = f"The funder report {report.reference} to {date_words(report.period_end)}"
    if report.state == "failed":
        return f"{named} could not be built: {report.failure}"
    if report.state in ("requested", "building"):
        return f"{named} is not built after {patience:.0f} seconds. See worker.log in the data folder."
    return f"{named} is {report.get_state_display().lower()}."


def codes() -> dict[str, Any]:
    """The programme's code, its funders and the period of the latest funder report: what other commands ask for."""
    programme = Programme.objects.filter(code=setting.CODE).first()
    report = funder_report(story.AUTUMN)
    if programme is None or report is None:
        raise NotLoadedError("The demonstration is not loaded. Load it first: manage.py load_demo")
    shares = programme.shares.select_related("funder")
    return {
        "programme": programme.code,
        "funders": [{"identifier": share.funder.identifier, "name": share.funder.name} for share in shares],
        "period": {"from": report.period_start.isoformat(), "to": report.period_end.isoformat()},
    }
