"""Every address × every role × ownership, with real records. The test fails for an address that the matrix does not have."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from grants.formats import local_today
from grants.people.models import Membership
from tests.access.conftest import Look
from tests.factories import Cast

ROLES = ("editor", "signatory", "reviewer", "approver", "finance", "administrator", "viewer", "stranger", "outsider")
OWN = ("editor", "signatory")
BODY = ("reviewer", "approver", "finance", "administrator")
REVIEWING = ("reviewer", "approver")
ADMINISTRATING = ("administrator", "outsider")
OUTSIDE = ("viewer", "stranger", "outsider")


def all_with(status: int) -> dict[str, int]:
    return dict.fromkeys(ROLES, status)


def seen_by(*groups: tuple[str, ...], others: int = 404, own: int = 200) -> dict[str, int]:
    """`own` for the roles named, 404 for everybody else: a foreign record does not exist."""
    return all_with(others) | {role: own for group in groups for role in group}


# What GET answers, by the record's name in `records` and the address. "nobody" is redirected to sign in, but where it stands here.
MATRIX: dict[str, tuple[list[str], dict[str, int]]] = {
    "home": ([], all_with(200)),
    "programmes": ([], all_with(200)),
    "programme": (["programme"], all_with(200)),
    "awards": ([], all_with(200)),
    "portfolio": ([], all_with(200)),
    "award": (["active"], seen_by(OWN, BODY)),
    "award-history": (["active"], seen_by(OWN, BODY)),
    "award-messages": (["active"], seen_by(OWN, BODY)),
    "calendar": ([], all_with(200)),
    "calendar-feed": (["no-such-key"], {"nobody": 404} | all_with(404)),
    "help": (["awards"], all_with(200)),
    "styleguide": ([], seen_by(ADMINISTRATING, others=403)),
    "people:sign-in": ([], {"nobody": 200} | all_with(302)),
    "people:sign-out": ([], {"nobody": 405} | all_with(405)),
    "people:set-password": (["uid", "token"], {"nobody": 200} | all_with(200)),
    "people:forgot-password": ([], {"nobody": 200} | all_with(200)),
    "people:account": ([], all_with(200)),
    "people:change-password": ([], all_with(200)),
    "people:notices": ([], all_with(200)),
    "people:people": ([], seen_by(ADMINISTRATING, others=403)),
    "people:new": ([], seen_by(ADMINISTRATING, others=403)),
    "people:person": (["person"], seen_by(ADMINISTRATING, others=403)),
    "people:end-role": (["membership"], seen_by(ADMINISTRATING, others=403)),
    "programmes:asked": (["programme"], seen_by(("administrator",), others=403)),
    "programmes:set": (["programme", "set"], seen_by(("administrator",), others=403)),
    "programmes:new-section": (["programme", "set"], seen_by(("administrator",), others=403)),
    "programmes:section": (["programme", "set", "section"], seen_by(("administrator",), others=403)),
    "programmes:indicators": (["programme"], seen_by(("administrator",), others=403)),
    "programmes:new-indicator": (["programme"], seen_by(("administrator",), others=403)),
    "programmes:indicator": (["programme", "indicator"], seen_by(("administrator",), others=403)),
    "awards:calls": ([], all_with(200)),
    "awards:application": (["submitted"], seen_by(OWN, BODY)),
    "awards:plan": (["in_review"], seen_by(REVIEWING) | dict.fromkeys((*OWN, "finance", "administrator"), 403)),
    "awards:managers": (["active"], seen_by(REVIEWING) | dict.fromkeys(("finance", "administrator"), 403)),
    "awards:notes": (["active"], seen_by(BODY)),
    "awards:judge": (["active"], seen_by(BODY)),
    "awards:extension": (["active", "extension"], seen_by(OWN, BODY)),
    "awards:conflict": (["active"], seen_by(BODY)),
    "awards:action": (["active", "action"], seen_by(OWN, BODY)),
    "awards:step": (["submitted", "withdraw"], seen_by(OWN, BODY)),
    "money:payments": ([], all_with(200)),
    "money:step": (["released", "pay"], seen_by(OWN, BODY)),
    "reports:reports": ([], all_with(200)),
    "reports:report": (["report"], seen_by(OWN, BODY)),
    "reports:check": (["draft_report"], seen_by(OWN) | dict.fromkeys(BODY, 302)),
    "reports:part": (["draft_report", "part"], seen_by(OWN) | dict.fromkeys(BODY, 403)),
    "reports:members": (["community_report"], seen_by(OWN) | dict.fromkeys(BODY, 403)),
    "reports:member-part": (["community_report", "lead"], seen_by(OWN)),
    "reports:workbook": (["draft_report"], seen_by(OWN) | dict.fromkeys(BODY, 403)),
    "reports:from-workbook": (["draft_report"], seen_by(OWN) | dict.fromkeys(BODY, 403)),
    "reports:comments": (["draft_report", "part"], seen_by(OWN, own=302) | dict.fromkeys(BODY, 403)),
    "reports:extension": (["draft_report"], seen_by(OWN) | dict.fromkeys(BODY, 403)),
    "reports:activity-new": (["draft_report", "activities"], seen_by(OWN) | dict.fromkeys(BODY, 403)),
    "reports:activity": (["draft_report", "activities", "activity"], seen_by(OWN) | dict.fromkeys(BODY, 403)),
    "reports:evidence": (["draft_report", "part"], seen_by(OWN) | dict.fromkeys(BODY, 403)),
    "reports:evidence-file": (["report", "evidence"], seen_by(OWN, BODY)),
    "reports:ask": (["draft_report", "indicator"], seen_by(OWN) | dict.fromkeys(BODY, 403)),
    "reports:request": (["draft_report", "request"], seen_by(OWN) | dict.fromkeys(BODY, 403)),
    "reports:answer": (["token_to_answer"], {"nobody": 200} | all_with(200)),
    "reports:answered": (["token_answered"], {"nobody": 200} | all_with(200)),
    "reports:number": (["active", "learners"], seen_by(OWN, BODY)),
    "reports:number-proof": (["active", "learners"], seen_by(OWN, BODY)),
    "reports:total": (["programme", "learners"], seen_by(OWN, BODY)),
    "reports:total-proof": (["programme", "learners"], seen_by(OWN, BODY)),
    "reports:review": (["report"], seen_by(REVIEWING) | dict.fromkeys((*OWN, "finance", "administrator"), 403)),
    "reports:mark": (
        ["report", "part"],
        seen_by(REVIEWING, own=302) | dict.fromkeys((*OWN, "finance", "administrator"), 403),
    ),
    "reports:reply": (["report", "question"], seen_by(OWN) | dict.fromkeys(BODY, 403)),
    "reports:step": (["report", "approve"], seen_by(OWN, BODY)),
    "imports:imports": ([], seen_by(ADMINISTRATING)),
    "imports:new": ([], seen_by(ADMINISTRATING)),
    "imports:blank": ([], seen_by(ADMINISTRATING)),
    "imports:import": (["import"], seen_by(("administrator",))),
    "imports:step": (["import", "apply"], seen_by(("administrator",))),
    "reporting:funder-reports": ([], all_with(200)),
    "reporting:new": ([], seen_by(REVIEWING, ("outsider",))),
    "reporting:funder-report": (["funder_report"], seen_by(REVIEWING, ("viewer",))),
    "reporting:preview": (["draft_report"], seen_by(OWN) | dict.fromkeys(BODY, 302)),
    "reporting:pdf": (["funder_report"], seen_by(REVIEWING, ("viewer",))),
    "reporting:xlsx": (["funder_report"], seen_by(REVIEWING, ("viewer",))),
    "reporting:json": (["funder_report"], seen_by(REVIEWING, ("viewer",))),
    "verify": (["document", "mark"], {"nobody": 200} | all_with(200)),
    "reporting:step": (["funder_report", "withdraw"], seen_by(REVIEWING, ("viewer",))),
    "administration-sign-in": ([], all_with(403) | {"nobody": 302, "administrator": 302, "outsider": 302}),
    "health": ([], {"nobody": 200} | all_with(200)),
}


def names(resolver: Any = None, space: str = "") -> Iterator[str]:
    """Every named address, but those of Django's administration, which has tests of its own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"


def test_every_address_stands_in_the_matrix() -> None:
    assert set(names()) == set(MATRIX)


def address(name: str, records: dict[str, Any]) -> str:
    return reverse(name, args=[records.get(word, word) for word in MATRIX[name][0]])


@pytest.mark.parametrize("name", MATRIX)
def test_who_gets_what_from(name: str, look: Look, records: dict[str, Any]) -> None:
    url, expected = address(name, records), MATRIX[name][1]
    found = {role: look(url, role).status for role in expected}
    if name == "health":
        assert set(found.values()) <= {200, 503}
        return
    assert found == expected


@pytest.mark.parametrize("name", [name for name in MATRIX if "nobody" not in MATRIX[name][1]])
def test_nobody_is_asked_to_sign_in(name: str, records: dict[str, Any]) -> None:
    url = address(name, records)
    for answer in (Client().get(url), Client().post(url)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("people:sign-in"))


@pytest.mark.parametrize("role", OUTSIDE)
@pytest.mark.parametrize(
    "name", [name for name in MATRIX if MATRIX[name][0] and MATRIX[name][1].get("stranger") in (403, 404)]
)
def test_a_foreign_record_takes_no_post(name: str, role: str, who: Cast, records: dict[str, Any]) -> None:
    if MATRIX[name][1][role] == 200:
        return
    client = Client()
    client.force_login(getattr(who, role))
    assert client.post(address(name, records), {"seen": "0"}).status_code in (403, 404, 405)


def test_a_closed_account_sees_nothing(who: Cast, records: dict[str, Any]) -> None:
    client = Client()
    client.force_login(who.editor)
    type(who.editor).objects.filter(pk=who.editor.pk).update(is_active=False)
    assert client.get(address("award", records)).status_code == 302


def test_a_role_that_ended_sees_nothing(who: Cast, records: dict[str, Any]) -> None:
    client = Client()
    client.force_login(who.reviewer)
    assert client.get(address("award", records)).status_code == 200
    Membership.objects.filter(person=who.reviewer).update(ends=local_today() - timedelta(days=1))
    assert client.get(address("award", records)).status_code == 404


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_only_administrators_enter_djangos_administration(role: str, who: Cast) -> None:
    client = Client()
    if role != "nobody":
        client.force_login(getattr(who, role))
    status = client.get(reverse("admin:index")).status_code
    assert status == (200 if role in ("administrator", "outsider") else 302)
