"""The list of awards: who sees what in it, search, filter, order, files; and a funder's list of what it pays for."""

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from grants.awards.models import Award, Funding, Judgement, Milestone
from grants.formats import local_today
from grants.people.models import Organisation, User
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]
URL, PORTFOLIO = "/awards/", "/portfolio/"
HOSTILE = ["'", "|", "&", "!", "<->", "' | & ! <->", "\\", "\\'", ":*", "a:*b", "(", "%", "_", "''", "🙂", "а" * 200]


def rows(page: Any) -> list[Any]:
    """The records that a list shows."""
    return [row.record for row in page.context["table"].page]


def references(page: Any) -> list[str]:
    return [row.reference for row in rows(page)]


def titled(award: Award, title: str, **more: Any) -> Award:
    Award.objects.filter(pk=award.pk).update(title=title, **more)
    return factories.award_again(award)


def exported(client: Client, url: str, **query: str) -> list[dict[str, str]]:
    answer = client.get(url, {**query, "_export": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def judge(award: Award, who: Cast, course: str) -> None:
    Judgement.objects.create(award=award, course=course, reason="Because", next_step="Call them", by=who.reviewer)


# ---- Who sees what -----------------------------------------------------------------------------------------------


def test_list_shows_what_the_person_sees_and_nothing_else(who: Cast, as_user: AsUser) -> None:
    draft, active = factories.award_in("draft", who), factories.award_in("active", who)
    assert set(references(as_user(who.editor).get(URL))) == {draft.reference, active.reference}
    assert references(as_user(who.reviewer).get(URL)) == [active.reference]
    for user in (who.stranger, who.outsider, who.viewer):
        page = as_user(user).get(URL)
        assert page.context["is_empty"]
        assert "No award yet" in page.content.decode()


def test_plan_and_judgement_of_the_managing_body_stay_with_it(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("in_review", who)
    Award.objects.filter(pk=award.pk).update(amount=Decimal(11111))
    judge(award, who, "at_risk")
    [theirs], [ours] = rows(as_user(who.editor).get(URL)), rows(as_user(who.reviewer).get(URL))
    assert (theirs.amount_shown, theirs.awarded, theirs.ours, theirs.course) == (Decimal(12500), None, None, None)
    assert (ours.amount_shown, ours.ours, ours.course) == (Decimal(12500), "at_risk", "at_risk")
    text = as_user(who.editor).get(URL, {"_export": "csv"}).content.decode()
    assert "11111" not in text
    assert "Our judgement" not in text


def test_member_of_a_community_sees_its_award_once(who: Cast, as_user: AsUser) -> None:
    two = [factories.organisation(), factories.organisation()]
    community = factories.a_community(who.recipient, who.recipient, *two)
    award = factories.award_in("active", who, community=community)
    member = factories.person("editor", two[0])
    factories.member(member, "editor", two[1])
    assert references(as_user(member).get(URL)) == [award.reference]


# ---- What a row says ---------------------------------------------------------------------------------------------


def test_row_says_what_comes_next_and_marks_what_is_late(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    today = local_today()
    page = as_user(who.reviewer).get(URL)
    assert rows(page)[0].next_on == today + timedelta(days=9)
    assert "Milestone 1, 9 days left" in page.content.decode()
    Milestone.objects.filter(award=award, number=1).update(opens_on=date(2012, 1, 1), due_on=today - timedelta(days=3))
    page = as_user(who.reviewer).get(URL).content.decode()
    assert '<span class="status" data-state="overdue">Milestone 1, 3 days late</span>' in page


def test_next_thing_of_an_application_or_offer(who: Cast, as_user: AsUser) -> None:
    for state in ("offered", "submitted", "in_review", "returned"):
        factories.award_in(state, who)
    page = as_user(who.reviewer).get(URL)
    then = local_today() + timedelta(days=14)
    assert [row.next_on for row in rows(page)] == [then, then, then, None]
    text = page.content.decode()
    assert [text.count(f"{what}, 14 days left") for what in ("Accept the offer", "Review the application")] == [1, 2]


def test_next_thing_of_a_report_that_was_sent_is_its_review(who: Cast, as_user: AsUser) -> None:
    factories.report_in("submitted", who)
    page = as_user(who.reviewer).get(URL)
    assert rows(page)[0].next_on == local_today() + timedelta(days=14)
    assert "Review of milestone 1, 14 days left" in page.content.decode()


def test_row_says_when_every_report_is_settled(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who, reports=1, evaluation=False)
    factories.report_in("approved", who, award)
    page = as_user(who.reviewer).get(URL)
    assert rows(page)[0].next_on is None
    assert "Every report is settled" in page.content.decode()


def test_money_and_course_of_a_row(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    factories.report_in("approved", who, award)
    factories.tranche_in("paid", who, award)
    [row] = rows(as_user(who.reviewer).get(URL))
    assert (row.paid, row.theirs, row.ours, row.course) == (Decimal(3125), "on_course", None, "on_course")
    judge(award, who, "off_course")
    judge(award, who, "at_risk")
    page = as_user(who.reviewer).get(URL)
    assert (rows(page)[0].ours, rows(page)[0].course) == ("at_risk", "at_risk")
    assert "our judgement; the grantee says on course" in page.content.decode()


# ---- Search ------------------------------------------------------------------------------------------------------


@pytest.fixture
def library(who: Cast) -> dict[str, Award]:
    """Three awards that a search tells apart."""
    other = factories.organisation(name="O’Brien’s Trust", city="Kirkcaldy")
    theirs = replace(
        who, recipient=other, editor=factories.person("editor", other), signatory=factories.person("signatory", other)
    )
    community = factories.a_community(who.recipient, who.recipient, name="Fenland")
    return {
        "physics": titled(
            factories.award_in("active", who), "Women in physics", description="Lasers & light", place="Bath"
        ),
        "maths": titled(factories.award_in("active", theirs), "100% mathematics", description="Puzzles", place="Leeds"),
        "fenland": titled(
            factories.award_in("active", who, community=community), "Drains", description="Water", place="Ely"
        ),
    }


FOUND: dict[str, set[str]] = {
    "physics": {"physics"},
    "PHYS": {"physics"},
    "wom phy": {"physics"},
    "women maths": set(),
    "lasers & light": {"physics"},
    "kirkc": {"maths"},
    "brien puzz": {"maths"},
    "100%": {"maths"},
    "fenl": {"fenland"},
    "ysics": set(),
    "   ": {"physics", "maths", "fenland"},
}


def test_search_finds_words_by_their_beginnings(who: Cast, as_user: AsUser, library: dict[str, Award]) -> None:
    client, named = as_user(who.reviewer), {award.reference: name for name, award in library.items()}
    found = {words: {named[one] for one in references(client.get(URL, {"words": words}))} for words in FOUND}
    assert found == FOUND


def test_search_finds_the_recipient_and_any_part_of_the_reference(
    who: Cast, as_user: AsUser, library: dict[str, Award]
) -> None:
    client = as_user(who.reviewer)
    own = {library["physics"].reference, library["fenland"].reference}
    assert set(references(client.get(URL, {"words": who.recipient.name}))) >= own
    reference = library["maths"].reference
    for part in (reference, reference.lower(), reference[2:]):
        assert reference in references(client.get(URL, {"words": part}))


def test_search_takes_nothing_for_an_operator(who: Cast, as_user: AsUser, library: dict[str, Award]) -> None:
    client = as_user(who.reviewer)
    for words in HOSTILE:
        page = client.get(URL, {"words": words})
        assert (page.status_code, references(page)) == (200, []), words
        assert "None of the awards fits this filter" in page.content.decode()


def test_search_is_answered_by_indexes(who: Cast, library: dict[str, Award]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Award.objects.order_by().matching("phys").explain()
    assert "award_words" in plan
    assert "organisation_words" in plan


# ---- Filter, order, pages ----------------------------------------------------------------------------------------


def test_filter_by_several_states(who: Cast, as_user: AsUser) -> None:
    awards = {state: factories.award_in(state, who) for state in ("submitted", "offered", "active")}
    client = as_user(who.reviewer)
    assert references(client.get(URL, {"state": "active"})) == [awards["active"].reference]
    found = references(client.get(URL, {"state": ["active", "offered"]}))
    assert set(found) == {awards["active"].reference, awards["offered"].reference}


def test_filter_by_course_takes_the_managing_bodys_own_judgement_first(who: Cast, as_user: AsUser) -> None:
    said, judged, silent = (factories.award_in("active", who) for _ in range(3))
    for award in (said, judged):
        factories.report_in("approved", who, award)
    judge(judged, who, "on_course")
    judge(judged, who, "off_course")
    expected = {
        "on_course": {said.reference},
        "off_course": {judged.reference},
        "at_risk": set(),
        "none": {silent.reference},
    }
    client = as_user(who.reviewer)
    assert {course: set(references(client.get(URL, {"course": course}))) for course in expected} == expected
    theirs = as_user(who.editor)
    assert set(references(theirs.get(URL, {"course": "on_course"}))) == {said.reference, judged.reference}
    assert references(theirs.get(URL, {"course": ["off_course", "at_risk"]})) == []


def test_filter_by_the_next_deadline(who: Cast, as_user: AsUser) -> None:
    late, soon, offered = (
        factories.award_in("active", who),
        factories.award_in("active", who),
        factories.award_in("offered", who),
    )
    Milestone.objects.filter(award=late, number=1).update(opens_on=date(2012, 1, 1), due_on=date(2012, 2, 1))
    client = as_user(who.reviewer)
    assert references(client.get(URL, {"due": "late"})) == [late.reference]
    assert references(client.get(URL, {"due": "7"})) == [late.reference]
    assert set(references(client.get(URL, {"due": "30"}))) == {late.reference, soon.reference, offered.reference}


def test_filter_by_manager(who: Cast, as_user: AsUser) -> None:
    mine, covered, theirs, nobodys = (factories.award_in("submitted", who) for _ in range(4))
    for award, values in (
        (mine, {"manager": who.reviewer}),
        (covered, {"manager": who.approver, "cover": who.reviewer}),
        (theirs, {"manager": who.approver}),
    ):
        Award.objects.filter(pk=award.pk).update(**values)
    client = as_user(who.reviewer)
    assert set(references(client.get(URL, {"manager": "mine"}))) == {mine.reference, covered.reference}
    assert set(references(client.get(URL, {"manager": who.approver.pk}))) == {covered.reference, theirs.reference}
    assert references(client.get(URL, {"manager": "nobody"})) == [nobodys.reference]
    assert "manager" not in as_user(who.editor).get(URL).context["filter"].form.fields


def test_filter_offers_programmes_and_strands_only_where_there_are_several(who: Cast, as_user: AsUser) -> None:
    factories.award_in("active", who)
    fields = as_user(who.reviewer).get(URL).context["filter"].form.fields
    assert not {"programme", "strand"} & set(fields)
    other = replace(who, programme=factories.a_programme(who.managing_body))
    elsewhere = factories.award_in("active", other)
    page = as_user(who.reviewer).get(URL, {"programme": other.programme.code})
    assert references(page) == [elsewhere.reference]
    assert {"programme", "strand"} <= set(page.context["filter"].form.fields)
    assert references(as_user(who.reviewer).get(URL, {"strand": elsewhere.strand_id})) == [elsewhere.reference]


def test_filter_that_cannot_be_read_is_said_and_narrows_nothing(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    Award.objects.update(manager=who.approver)
    client = as_user(who.reviewer)
    for name, value in (
        ("state", "bogus"), ("due", "-1"), ("course", "bogus"), ("words", "\0"), ("manager", "1;"), ("words", "x" * 201)
    ):  # fmt: skip
        page = client.get(URL, {name: value})
        assert references(page) == [award.reference], name
        assert 'class="fault"' in page.content.decode(), name


def test_list_sorts_by_every_column_both_ways(who: Cast, as_user: AsUser) -> None:
    all_three = {factories.award_in(state, who).reference for state in ("submitted", "offered", "active")}
    client = as_user(who.reviewer)
    for column in client.get(URL).context["table"].columns.iterall():
        for sign in ("", "-"):
            assert set(references(client.get(URL, {"sort": f"{sign}{column.name}"}))) == all_three, column.name
    amounts = [row.amount_shown for row in rows(client.get(URL, {"sort": "amount"}))]
    assert amounts == sorted(amounts)


def test_sorted_by_course_what_is_worst_stands_first(who: Cast, as_user: AsUser) -> None:
    awards = [factories.award_in("submitted", who) for _ in range(5)]
    for award, course in zip(awards, ("on_course", "off_course", "at_risk", "at_risk"), strict=False):
        judge(award, who, course)
    equals = references(as_user(who.reviewer).get(URL, {"sort": "course,-reference"}))[1:3]
    assert equals == [awards[3].reference, awards[2].reference]
    courses = [row.course for row in rows(as_user(who.reviewer).get(URL, {"sort": "course"}))]
    assert courses == ["off_course", "at_risk", "at_risk", "on_course", None]
    courses = [row.course for row in rows(as_user(who.reviewer).get(URL, {"sort": "-course"}))]
    assert courses == ["on_course", "at_risk", "at_risk", "off_course", None]


# ---- Files -------------------------------------------------------------------------------------------------------


def test_file_has_the_filtered_rows_and_no_formula(who: Cast, as_user: AsUser) -> None:
    hostile, other = factories.award_in("active", who), factories.award_in("active", who)
    titled(hostile, "=cmd()|' /C calc'!A0", place="+Bath")
    titled(other, "Drains")
    client = as_user(who.reviewer)
    [row] = exported(client, URL, words="cmd")
    assert (row["Award"], row["Place"], row["Reference"]) == ("'=cmd()|' /C calc'!A0", "'+Bath", hostile.reference)
    assert (row["State"], row["Awarded,\N{NO-BREAK SPACE}£"]) == ("Active", "12500.00")
    sheet = load_workbook(BytesIO(client.get(URL, {"words": "cmd", "_export": "xlsx"}).content)).active
    assert sheet is not None
    cells = {str(head.value): cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["Award"].data_type, cells["Award"].value) == ("s", "=cmd()|' /C calc'!A0")
    assert cells["Next deadline"].is_date
    assert sheet.max_row == 2


def test_file_of_a_grantee_has_its_own_awards_alone(who: Cast, as_user: AsUser) -> None:
    own = factories.award_in("active", who)
    other = factories.organisation()
    factories.award_in(
        "active",
        replace(
            who,
            recipient=other,
            editor=factories.person("editor", other),
            signatory=factories.person("signatory", other),
        ),
    )
    assert [row["Reference"] for row in exported(as_user(who.editor), URL)] == [own.reference]
    assert exported(as_user(who.stranger), URL) == []


# ---- What a funder pays for --------------------------------------------------------------------------------------


def test_funder_sees_its_parts_and_their_sum(who: Cast, as_user: AsUser) -> None:
    active = titled(factories.award_in("active", who), "Robots", place="Bristol")
    factories.award_in("in_review", who)
    page = as_user(who.viewer).get(PORTFOLIO)
    [funding] = rows(page)
    assert (funding.award, funding.funder) == (active, who.funder)
    text = page.content.decode()
    assert active.get_absolute_url() not in text
    for said in ("Robots", "Bristol", who.recipient.name, active.reference, "12,500"):
        assert said in text
    total = sum(Funding.objects.filter(funder=who.funder).values_list("amount", flat=True))
    assert f"{total:,.0f}" in text[text.index("<tfoot") :]


def test_nobody_else_sees_what_a_funder_pays_for(who: Cast, as_user: AsUser) -> None:
    factories.award_in("active", who)
    other = factories.person("viewer", factories.organisation("funder"))
    for user in (who.editor, who.approver, who.stranger, who.outsider, other):
        page = as_user(user).get(PORTFOLIO)
        assert page.status_code == 200
        assert rows(page) == []


def test_funder_searches_filters_and_takes_a_file(who: Cast, as_user: AsUser) -> None:
    robots, drains = (titled(factories.award_in("active", who), title) for title in ("=Robots", "Drains"))
    Award.objects.update(description="")
    offered = titled(factories.award_in("offered", who), "Bees", description="")
    client = as_user(who.viewer)
    assert [row.award for row in rows(client.get(PORTFOLIO, {"words": "drai"}))] == [drains]
    assert [row.award for row in rows(client.get(PORTFOLIO, {"words": robots.reference[3:]}))] == [robots]
    assert [row.award for row in rows(client.get(PORTFOLIO, {"state": "offered"}))] == [offered]
    [row] = exported(client, PORTFOLIO, words="robots")
    assert (row["Award"], row["Recipient"]) == ("'=Robots", who.recipient.name)
    assert set(row) >= {
        "Reference",
        "Your part,\N{NO-BREAK SPACE}£",
        "Whole amount,\N{NO-BREAK SPACE}£",
        "Place",
        "State",
    }


def test_funder_of_two_organisations_sees_which_pays(who: Cast, as_user: AsUser) -> None:
    factories.award_in("active", who)
    second = Organisation.objects.get(pk=who.programme.shares.all()[1].funder_id)
    assert "funder" not in as_user(who.viewer).get(PORTFOLIO).context["filter"].form.fields
    factories.member(who.viewer, "viewer", second)
    page = as_user(who.viewer).get(PORTFOLIO)
    assert {row.funder for row in rows(page)} == {who.funder, second}
    page = as_user(who.viewer).get(PORTFOLIO, {"funder": second.pk})
    assert {row.funder for row in rows(page)} == {second}
