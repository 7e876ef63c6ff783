"""The page on which a part is written: opening it writes nothing, nothing typed is lost."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.people.models import User
from grants.programmes.models import Section
from grants.reports import services
from grants.reports.models import Answer, Report, Result, Spend
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]


def url(report: Report, code: str) -> str:
    return reverse("reports:part", args=[report.pk, code])


def section_of(report: Report, code: str) -> Section:
    return next(section for section in report.asked_sections() if section.code == code)


def typed(report: Report, **values: Any) -> dict[str, Any]:
    """What the figures page sends: by code of the indicator, a number or the names of fields."""
    data = {"mark": services.mark_of(report, "figures")}
    for target in report.award.targets.select_related("indicator"):
        given = values.get(target.indicator.code, {})
        given = given if isinstance(given, dict) else {"value": given}
        data |= {f"figure{target.indicator_id}-{name}": text for name, text in given.items()}
    return data


@pytest.mark.parametrize("code", ["done", "figures", "spend", "judgement", "next"])
def test_opening_a_part_writes_nothing(as_user: AsUser, who: Cast, draft: Report, code: str) -> None:
    response = as_user(who.editor).get(url(draft, code))
    assert response.status_code == 200
    assert Report.objects.get(pk=draft.pk).begun_at is None
    assert not Answer.objects.exists()
    assert not Result.objects.exists()


def test_narrative_is_stored_and_stays_on_its_page(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.editor)
    response = page.post(url(draft, "done"), {"text": "We met.\r\n\r\nTwice.", "then": "stay", "mark": ""})
    assert response.headers["Location"] == url(draft, "done")
    answer = draft.answers.get()
    assert (answer.text, answer.saved_by) == ("We met.\n\nTwice.", who.editor)


def test_save_and_next_goes_through_all_parts_to_the_check(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.editor)
    response = page.post(url(draft, "done"), {"text": "We met.", "then": "next"})
    assert response.headers["Location"] == url(draft, "figures")
    response = page.post(url(draft, "next"), {"text": "", "then": "next"})
    assert response.headers["Location"] == reverse("reports:check", args=[draft.pk])


def test_judgement_is_stored_without_its_reason_though_it_is_not_complete(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    as_user(who.editor).post(url(draft, "judgement"), {"choice": "at_risk", "text": ""})
    assert draft.answers.get().choice == "at_risk"
    response = as_user(who.editor).post(url(draft, "judgement"), {"choice": "splendid", "text": "Well"})
    assert response.status_code == 422
    assert "Well" in response.content.decode()


def test_text_that_somebody_else_saved_meanwhile_is_shown_beside_what_was_typed(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    services.save_answer(draft.pk, section_of(draft, "done"), by=who.signatory, text="The signatory’s <text>")
    page = as_user(who.editor)
    response = page.post(url(draft, "done"), {"text": "The editor’s text", "mark": ""})
    assert response.status_code == 409
    content = response.content.decode()
    assert "The signatory’s &lt;text&gt;" in content
    assert "The editor’s text</textarea>" in content
    assert draft.answers.get().text == "The signatory’s <text>"
    response = page.post(url(draft, "done"), {"text": "Both", "mark": response.context["mark"]})
    assert response.status_code == 302
    assert draft.answers.get().text == "Both"


def test_old_mark_survives_a_fault_so_that_nobody_is_written_over(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.editor)
    shown = page.get(url(draft, "judgement")).context["mark"]
    services.save_answer(draft.pk, section_of(draft, "judgement"), by=who.signatory, text="Mine", choice="at_risk")
    response = page.post(url(draft, "judgement"), {"choice": "splendid", "text": "Well", "mark": shown})
    assert response.context["mark"] == shown
    assert page.post(url(draft, "judgement"), {"text": "Well", "mark": response.context["mark"]}).status_code == 409


@pytest.mark.parametrize("code", ["done", "figures", "spend", "judgement"])
def test_part_of_a_report_that_left_draft_keeps_what_was_typed(
    as_user: AsUser, who: Cast, award: Award, code: str
) -> None:
    report = factories.report_in("awaiting_sign_off", who, award)
    learners = award.targets.get(indicator__code="learners").indicator_id
    staff = award.budget_lines.all()[0].pk
    data = {"text": "Something new", f"figure{learners}-value": "4711", f"line{staff}-amount": "4711"}
    before = services.mark_of(report, "figures"), services.mark_of(report, "spend")
    response = as_user(who.editor).post(url(report, code), data)
    assert response.status_code == 409
    content = response.content.decode()
    assert "awaiting sign-off: what is written in it cannot change now" in content
    assert ("Something new" if code in ("done", "judgement") else 'value="4711"') in content
    assert (services.mark_of(report, "figures"), services.mark_of(report, "spend")) == before
    assert as_user(who.editor).get(url(report, code)).headers["Location"] == report.get_absolute_url()


def test_figures_are_stored_as_typed(as_user: AsUser, who: Cast, draft: Report) -> None:
    data = typed(
        draft,
        learners="1,000",
        schools={"status": "awaited", "awaited_from": "the council", "awaited_by": "8 June 2013", "source": "list"},
        likely={"numerator": "60", "denominator": "80", "status": "provisional"},
    )
    response = as_user(who.editor).post(url(draft, "figures"), data)
    assert response.status_code == 302, response.context["form"].faults
    rows = {row.indicator.code: row for row in draft.results.select_related("indicator")}
    assert (rows["learners"].value, rows["learners"].status) == (Decimal(1000), "final")
    assert (rows["schools"].value, rows["schools"].awaited_from) == (None, "the council")
    assert (rows["likely"].value, rows["likely"].denominator) == (Decimal(75), Decimal(80))


def test_figures_with_faults_change_nothing_and_keep_everything_typed(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    data = typed(
        draft, learners="9 hours", schools={"value": "-3", "source": "the “list” <1>"}, likely={"numerator": "5"}
    )
    response = as_user(who.editor).post(url(draft, "figures"), data)
    assert response.status_code == 422
    content = response.content.decode()
    for text in ('value="9 hours"', 'value="-3"', "the “list” &lt;1&gt;", "There are 3 faults"):
        assert text in content
    assert "Learners reached, this period: “9 hours” is not a number" in content
    assert not draft.results.exists()


def test_figures_that_somebody_else_saved_meanwhile_are_not_written_over(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    data = typed(draft, learners="15")
    indicators = [target.indicator for target in draft.award.targets.select_related("indicator")]
    services.save_results(draft.pk, by=who.signatory, rows=factories.figures(indicators))
    page = as_user(who.editor)
    response = page.post(url(draft, "figures"), data)
    assert response.status_code == 409
    content = response.content.decode()
    assert 'value="15"' in content
    assert "Stored: 342 final" in " ".join(content.split())
    assert draft.results.count() == 3
    again = data | {"mark": response.context["mark"]}
    assert page.post(url(draft, "figures"), again).status_code == 302
    assert [row.value for row in draft.results.all()] == [15]


def test_spend_is_stored_in_pounds_and_blank_takes_it_out(as_user: AsUser, who: Cast, draft: Report) -> None:
    staff, travel = draft.award.budget_lines.all()
    page = as_user(who.editor)
    data = {
        "mark": services.mark_of(draft, "spend"),
        f"line{staff.pk}-amount": "£1,250.50",
        f"line{travel.pk}-amount": "0",
    }
    assert page.post(url(draft, "spend"), data).status_code == 302
    assert [row.amount for row in draft.spend.all()] == [Decimal("1250.50"), 0]
    data = {"mark": services.mark_of(draft, "spend"), f"line{staff.pk}-amount": "", f"line{travel.pk}-amount": "7"}
    assert page.post(url(draft, "spend"), data).status_code == 302
    assert [row.amount for row in Spend.objects.all()] == [7]


def test_spend_with_a_fault_keeps_what_was_typed(as_user: AsUser, who: Cast, draft: Report) -> None:
    staff, _travel = draft.award.budget_lines.all()
    data = {"mark": services.mark_of(draft, "spend"), f"line{staff.pk}-amount": "1.005"}
    response = as_user(who.editor).post(url(draft, "spend"), data)
    assert response.status_code == 422
    assert 'value="1.005"' in response.content.decode()
    assert not Spend.objects.exists()


def test_last_report_stands_beside_and_is_put_in_without_being_stored(as_user: AsUser, who: Cast, award: Award) -> None:
    factories.report_in("approved", who, award, 1)
    second = Report.objects.named().get(milestone__award=award, milestone__number=2)
    page = as_user(who.editor)
    assert "We did what we planned, and the schools came." in page.get(url(second, "done")).content.decode()
    response = page.post(url(second, "done"), {"text": "Typed.", "then": "keep", "mark": ""})
    assert response.status_code == 200
    assert response.context["form"]["text"].value() == "Typed.\n\nWe did what we planned, and the schools came."
    assert not second.answers.exists()


def test_part_is_for_the_grantee_only(as_user: AsUser, who: Cast, draft: Report) -> None:
    for person, status in ((who.reviewer, 403), (who.administrator, 403), (who.stranger, 404), (who.viewer, 404)):
        page = as_user(person)
        assert page.get(url(draft, "done")).status_code == status
        assert page.post(url(draft, "done"), {"text": "Mine"}).status_code == status
    assert not Answer.objects.exists()


def test_part_that_the_report_does_not_ask_is_not_found(as_user: AsUser, who: Cast, draft: Report) -> None:
    assert as_user(who.editor).get(url(draft, "sustain")).status_code == 404


PASTED = {
    "•\tFirst\x0b·\tSecond\x0c\uf0b7\tThird": "•\tFirst\n·\tSecond\n•\tThird",
    "“Smart” ‘quotes’ – and — dashes…": "“Smart” ‘quotes’ – and — dashes…",
    "non\x1ebreaking, co\xadopera\x1ftion, zero\u200bwidth": "non-breaking, cooperation, zerowidth",
    "12\xa0000\u2009learners\u3000came\ufeff": "12 000 learners came",
    "One.\u2028Two.\u2029Three.\r\nFour.\rFive.": "One.\nTwo.\n\nThree.\nFour.\nFive.",
    "\x00\x07\x13Field\x15 codes": "Field codes",
    "Gŵyl 🎓 <b>&amp;</b> ½": "Gŵyl 🎓 <b>&amp;</b> ½",
}


def test_text_pasted_from_a_word_processor_is_kept_as_plain_text(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.editor)
    response = page.post(url(draft, "done"), {"text": "\r\n\r\n".join(PASTED)})
    assert response.status_code == 302
    assert draft.answers.get().text == "\n\n".join(PASTED.values())
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt; ½" in page.get(url(draft, "done")).content.decode()


def test_fifty_thousand_characters_are_kept_whatever_their_lines_end_in(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    text = ("word " * 9 + "line\n") * 1000
    assert len(text) == 50_000
    page = as_user(who.editor)
    assert page.post(url(draft, "done"), {"text": text.replace("\n", "\r\n")}).status_code == 302
    assert draft.answers.get().text.split() == text.split()
    response = page.post(url(draft, "done"), {"text": "x" * 50_001, "mark": draft.answers.get().saved_at.isoformat()})
    assert response.status_code == 422
    assert "it has 50001 characters, and at most 50000 fit" in response.content.decode()
