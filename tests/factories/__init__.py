"""Real rows for tests, in the field's words. States are reached through the services, as people reach them.

`cast()` gives everybody who has a part in a programme; most other functions take it as `who`, and make one where none
is given.
"""

from tests.factories.awards import (
    AMOUNT,
    LIGHT,
    application,
    award_again,
    award_in,
    draft_award,
    plan,
    settle_all_and_pay,
)
from tests.factories.people import PASSWORD, Cast, a_call, a_community, a_programme, cast, member, organisation, person
from tests.factories.records import (
    BUILT,
    STATES,
    funder_report_in,
    import_in,
    milestone_of,
    report_in,
    tranche_in,
    walk,
)
from tests.factories.reports import REASON, RISK, TEXT, activity, figures, fill, move_report, send_back

__all__ = [
    "AMOUNT",
    "BUILT",
    "LIGHT",
    "PASSWORD",
    "REASON",
    "RISK",
    "STATES",
    "TEXT",
    "Cast",
    "a_call",
    "a_community",
    "a_programme",
    "activity",
    "application",
    "award_again",
    "award_in",
    "cast",
    "draft_award",
    "figures",
    "fill",
    "funder_report_in",
    "import_in",
    "member",
    "milestone_of",
    "move_report",
    "organisation",
    "person",
    "plan",
    "report_in",
    "send_back",
    "settle_all_and_pay",
    "tranche_in",
    "walk",
]
