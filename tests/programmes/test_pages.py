"""What reports ask, and what is measured: changed on pages by the administrators of the managing body, never once used."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.lifecycle.door import NotNow, NotYou
from grants.lifecycle.machine import key_of
from grants.lifecycle.models import HistoryEntry
from grants.people.models import User
from grants.programmes import services
from grants.programmes.models import Indicator, Programme, Section, SectionSet
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]
PART = {
    "title": "Who came", "form": "narrative", "guidance": "How many, and who.", "word_limit": 300, "required": True,
    "asked_from": "light", "minutes": 10, "readers": "managing_body",
}  # fmt: skip
MEASURE = {
    "title": "Teachers trained", "definition": "Each once.", "code": "teachers", "unit": "people", "measure": "people",
    "over_time": "sum", "across": "sum",
}  # fmt: skip


@pytest.fixture
def who(db: None) -> Cast:
    return factories.cast()


@pytest.fixture
def as_user(client: Client) -> AsUser:
    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def unused(who: Cast) -> SectionSet:
    return SectionSet.objects.get(strand=who.exemplars, kind="report")


@pytest.fixture
def used(who: Cast) -> SectionSet:
    """A set that a report has begun with."""
    return SectionSet.objects.get(pk=factories.report_in("awaiting_sign_off", who).section_set_id)


def url(who: Cast, name: str, *args: Any) -> str:
    return reverse(f"programmes:{name}", args=[who.programme.code, *args])


def text_of(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def titles(chosen: SectionSet) -> list[str]:
    return list(chosen.sections.values_list("title", flat=True))


def sent(values: dict[str, Any]) -> dict[str, str]:
    return {name: "on" if value is True else str(value) for name, value in values.items()}


# --- What reports ask -------------------------------------------------------------------------------------------------


def test_the_way_there_leads_from_the_programme_and_the_home(as_user: AsUser, who: Cast) -> None:
    page = as_user(who.administrator)
    link = f'href="{url(who, "asked")}"'
    assert link in text_of(page, reverse("programme", args=[who.programme.code]))
    assert link in text_of(page, "/")
    shown = text_of(page, url(who, "asked"))
    assert str(who.exemplars) in shown
    assert "No report has begun with it" in shown
    assert link not in text_of(as_user(who.reviewer), reverse("programme", args=[who.programme.code]))


def test_a_set_that_is_used_is_only_looked_at(as_user: AsUser, who: Cast, used: SectionSet) -> None:
    page = as_user(who.administrator)
    shown = text_of(page, url(who, "set", used.pk))
    assert "It stands as it is" in shown
    assert "Make the next set from this one" in shown
    assert "Move up" not in shown
    part = used.sections.all()[0]
    assert page.get(url(who, "section", used.pk, part.pk)).status_code == 302
    assert page.post(url(who, "section", used.pk, part.pk), sent(PART)).status_code == 409
    for what in ("up", "down", "remove", "take-out"):
        assert page.post(url(who, "set", used.pk), {"what": what, "section": str(part.pk)}).status_code == 409
    assert titles(used)[0] == part.title


def test_the_next_set_is_a_copy_that_reports_are_asked_from_now_on(
    as_user: AsUser, who: Cast, used: SectionSet
) -> None:
    page = as_user(who.administrator)
    answer = page.post(url(who, "set", used.pk), {"what": "next"})
    made = SectionSet.objects.get(strand=used.strand, kind="report", number=2)
    assert answer["Location"] == url(who, "set", made.pk)
    assert list(made.sections.values("code", "title", "form", "readers", "minutes", "position")) == list(
        used.sections.values("code", "title", "form", "readers", "minutes", "position")
    )
    services.save_section(made.pk, by=who.administrator, section=None, values=PART)
    fresh = factories.award_in("active", who)
    report = Report.objects.filter(milestone__award=fresh).first()
    assert report is not None
    assert "Who came" in [section.title for section in report.asked_sections()]
    assert "Who came" not in titles(used)


def test_there_is_one_unused_set_at_a_time(as_user: AsUser, who: Cast, used: SectionSet) -> None:
    services.next_set(used.pk, by=who.administrator)
    with pytest.raises(NotNow, match="No report has begun with set 2 yet"):
        services.next_set(used.pk, by=who.administrator)
    answer = as_user(who.administrator).post(url(who, "set", used.pk), {"what": "next"})
    assert answer.status_code == 409
    assert "change that one" in answer.content.decode()


def test_a_set_is_taken_out_while_unused_and_not_the_last(
    as_user: AsUser, who: Cast, unused: SectionSet, used: SectionSet
) -> None:
    page = as_user(who.administrator)
    made = services.next_set(used.pk, by=who.administrator)
    assert page.post(url(who, "set", made.pk), {"what": "take-out"}).status_code == 302
    assert not SectionSet.objects.filter(pk=made.pk).exists()
    only = SectionSet.objects.get(strand=who.communities, kind="report")
    refused = page.post(url(who, "set", only.pk), {"what": "take-out"})
    assert refused.status_code == 409
    assert "the only set" in refused.content.decode()


def test_parts_are_added_changed_moved_and_taken_out(as_user: AsUser, who: Cast, unused: SectionSet) -> None:
    page, at = as_user(who.administrator), url(who, "set", unused.pk)
    before = titles(unused)
    assert page.post(url(who, "new-section", unused.pk), sent(PART)).status_code == 302
    part = unused.sections.get(title="Who came")
    assert (part.code, part.word_limit, part.readers) == ("who-came", 300, "managing_body")
    assert titles(unused) == [*before, "Who came"]
    assert page.post(at, {"what": "up", "section": str(part.pk)}).status_code == 302
    assert titles(unused)[-2:] == ["Who came", before[-1]]
    page.post(at, {"what": "down", "section": str(part.pk)})
    page.post(at, {"what": "down", "section": str(part.pk)})  # at the end nothing moves
    assert titles(unused) == [*before, "Who came"]
    changed = sent({**PART, "title": "Who took part", "required": ""})
    assert page.post(url(who, "section", unused.pk, part.pk), changed).status_code == 302
    part = Section.objects.get(pk=part.pk)
    assert (part.title, part.code, part.required) == ("Who took part", "who-came", False)
    assert page.post(at, {"what": "remove", "section": str(part.pk)}).status_code == 302
    assert titles(unused) == before
    said = HistoryEntry.objects.filter(root=key_of(Programme, who.programme.pk), what="asking")
    assert said.count() == 5  # nothing was put in another order at the end of the list
    assert "Took the part" in text_of(page, url(who, "asked"))


def test_every_fault_of_a_part_is_said_and_what_was_typed_stays(as_user: AsUser, who: Cast, unused: SectionSet) -> None:
    page = as_user(who.administrator)
    wrong = {"title": "", "form": "poem", "word_limit": "many", "minutes": "0", "asked_from": "", "readers": "all"}
    answer = page.post(url(who, "new-section", unused.pk), wrong)
    assert answer.status_code == 422
    assert "There are 6 faults" in answer.content.decode()
    assert 'value="many"' in answer.content.decode()
    assert not unused.sections.filter(title="").exists()


def test_a_table_is_asked_once_in_a_set(who: Cast, unused: SectionSet) -> None:
    with pytest.raises(NotNow, match="asks figures already"):
        services.save_section(unused.pk, by=who.administrator, section=None, values={**PART, "form": "figures"})
    own = unused.sections.get(form="figures")
    services.save_section(unused.pk, by=who.administrator, section=own.pk, values={**PART, "form": "figures"})


def test_two_parts_with_one_title_have_codes_of_their_own(who: Cast, unused: SectionSet) -> None:
    codes = [
        services.save_section(unused.pk, by=who.administrator, section=None, values=PART | {"title": title}).code
        for title in ("Who came", "Who came", "?" * 5, "!" * 5, "long " * 20)
    ]
    assert codes[:4] == ["who-came", "who-came-2", "part", "part-2"]
    assert all(len(code) <= 40 for code in codes)


def test_a_strand_that_asks_nothing_is_asked_the_usual(as_user: AsUser, who: Cast) -> None:
    SectionSet.objects.filter(strand=who.communities, kind="evaluation").delete()
    page = as_user(who.administrator)
    assert "Nothing is asked yet" in text_of(page, url(who, "asked"))
    asked = {"strand": str(who.communities.pk), "kind": "evaluation"}
    assert page.post(url(who, "asked"), asked).status_code == 302
    assert SectionSet.objects.get(strand=who.communities, kind="evaluation").sections.exists()
    assert page.post(url(who, "asked"), asked).status_code == 409
    assert page.post(url(who, "asked"), {"strand": "x"}).status_code == 404


@pytest.mark.parametrize("part", ["editor", "signatory", "reviewer", "approver", "finance", "viewer", "outsider"])
def test_only_administrators_of_the_managing_body_come_here(
    part: str, as_user: AsUser, who: Cast, unused: SectionSet
) -> None:
    person = getattr(who, part)
    page, section = as_user(person), unused.sections.all()[0]
    for address in (
        url(who, "asked"), url(who, "set", unused.pk), url(who, "new-section", unused.pk),
        url(who, "section", unused.pk, section.pk), url(who, "indicators"), url(who, "new-indicator"),
    ):  # fmt: skip
        assert page.get(address).status_code == 403
        assert page.post(address, {}).status_code == 403
    for refused in (
        lambda: services.next_set(unused.pk, by=person),
        lambda: services.take_out(unused.pk, by=person),
        lambda: services.remove_section(unused.pk, by=person, section=section.pk),
        lambda: services.move_section(unused.pk, by=person, section=section.pk, up=False),
        lambda: services.save_section(unused.pk, by=person, section=None, values=PART),
        lambda: services.add_indicator(who.programme, by=person, values=MEASURE),
    ):
        with pytest.raises(NotYou):
            refused()


def test_a_set_of_another_programme_is_not_here(as_user: AsUser, who: Cast, unused: SectionSet) -> None:
    other = factories.a_programme(who.managing_body)
    page = as_user(who.administrator)
    foreign = SectionSet.objects.filter(strand__programme=other)[0]
    assert page.get(url(who, "set", foreign.pk)).status_code == 404
    part = foreign.sections.all()[0]
    assert page.get(url(who, "section", unused.pk, part.pk)).status_code == 404
    assert page.post(url(who, "set", unused.pk), {"what": "up", "section": str(part.pk)}).status_code == 404
    assert page.post(url(who, "set", unused.pk), {"what": "dance", "section": ""}).status_code == 404
    assert page.get("/programmes/%00/asked/").status_code == 404


def test_queries_do_not_grow_with_sets_and_parts(as_user: AsUser, who: Cast, unused: SectionSet) -> None:
    page, counts = as_user(who.administrator), []
    for more in (0, 15):
        for number in range(more):
            chosen = SectionSet.objects.create(strand=who.exemplars, kind="report", number=number + 2)
            Section.objects.create(section_set=chosen, code="done", title="Done")
            Section.objects.create(section_set=unused, code=f"more-{number}", title=f"More {number}")
        seen = []
        for address in (url(who, "asked"), url(who, "set", unused.pk)):
            with CaptureQueriesContext(connection) as queries:
                text_of(page, address)
            seen.append(len(queries))
        counts.append(seen)
    assert counts[0] == counts[1]


# --- Indicators -------------------------------------------------------------------------------------------------------


def test_an_indicator_is_added_changed_and_taken_out(as_user: AsUser, who: Cast) -> None:
    page = as_user(who.administrator)
    assert page.post(url(who, "new-indicator"), sent(MEASURE)).status_code == 302
    indicator = who.programme.indicators.get(code="teachers")
    assert "Teachers trained" in text_of(page, url(who, "indicators"))
    again = page.post(url(who, "new-indicator"), sent({**MEASURE, "code": "TEACHERS"}))
    assert again.status_code == 409
    assert 'value="TEACHERS"' in again.content.decode()
    at = url(who, "indicator", indicator.pk)
    assert page.post(at, sent({**MEASURE, "over_time": "latest"})).status_code == 302
    assert Indicator.objects.get(pk=indicator.pk).over_time == "latest"
    assert page.post(at, {"what": "remove"}).status_code == 302
    assert not Indicator.objects.filter(pk=indicator.pk).exists()


def test_the_rules_of_an_indicator_in_use_stand(as_user: AsUser, who: Cast) -> None:
    factories.award_in("active", who)
    page, indicator = as_user(who.administrator), who.programme.indicators.get(code="learners")
    at = url(who, "indicator", indicator.pk)
    assert "stands as it is" in text_of(page, at)
    assert page.post(at, sent({**MEASURE, "title": "Learners met"})).status_code == 302
    stored = Indicator.objects.get(pk=indicator.pk)
    assert (stored.title, stored.code, stored.measure, stored.over_time) == (
        "Learners met",
        "learners",
        "people",
        "sum",
    )
    with pytest.raises(NotNow):
        services.change_indicator(indicator.pk, by=who.administrator, values=MEASURE)
    assert page.post(at, {"what": "remove"}).status_code == 409


def test_every_fault_of_an_indicator_is_said(as_user: AsUser, who: Cast) -> None:
    answer = as_user(who.administrator).post(url(who, "new-indicator"), {"title": "", "measure": "taste"})
    assert answer.status_code == 422
    assert "There are 6 faults" in answer.content.decode()
