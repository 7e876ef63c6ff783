"""The filters, tags and shared templates that pages are written with."""

import datetime as dt
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from grants import clock
from grants.forms import MoneyField, PlainForm, PlainFormSet

JULY = dt.date(2012, 7, 3)


def shown(source: str, **context: Any) -> str:
    """What a template without {% load %} renders: the tags are builtins."""
    return Template(source).render(Context(context))


class SmallForm(PlainForm, forms.Form):
    """One field of each kind that a summary of faults points to differently."""

    amount = MoneyField()
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        """A fault of the whole form."""
        raise forms.ValidationError("The parts do not add up")


# ---- Filters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ x|money }}", "£12,500.00"),
        ("{{ x|pounds }}", "£12,500"),
        ("{{ x|amount }}", "12,500"),
        ("{{ d|day }}", "3 July 2012"),
        ("{{ d|days_left:d }}", "due today"),
        ("{{ n|count:'award' }}", "2 awards"),
        ("{{ n|count:'person,people' }}", "2 people"),
        ("{{ s|state_word }}", "Awaiting sign-off"),
        ("{{ s|state_words }}", "awaiting sign-off"),
        ("{{ s|slug_of_state }}", "awaiting-sign-off"),
    ],
)
def test_filter_writes_as_the_rest_of_the_house_does(source: str, text: str) -> None:
    assert shown(source, x=Decimal(12500), d=JULY, n=2, s="awaiting_sign_off") == text


@pytest.mark.parametrize("name", ["money", "pounds", "amount", "day", "moment", "days_left", "count:'award'", "prose"])
def test_filter_of_nothing_writes_nothing(name: str) -> None:
    assert shown(f"{{{{ x|{name} }}}}", x=None) == ""


def test_zero_is_written_because_blank_is_never_zero() -> None:
    assert shown("{{ x|pounds }} {{ n|count:'award' }}", x=Decimal(0), n=0) == "£0 0 awards"


def test_days_left_counts_from_today_in_london() -> None:
    with clock.on(dt.date(2012, 7, 2)):
        assert shown("{{ d|days_left }}", d=JULY) == "1 day left"


def test_moment_is_written_by_the_clock_in_london() -> None:
    moment = dt.datetime(2012, 7, 2, 23, 30, tzinfo=dt.UTC)
    assert shown("{{ m|moment }} {{ m|day }}", m=moment) == "3 July 2012, 00:30 3 July 2012"


def test_prose_makes_paragraphs_and_escapes_what_a_user_typed() -> None:
    text = "<script>x</script>\r\n \r\n\nSecond & more\nline"
    html = shown("{{ text|prose }}", text=text)
    assert html == "<p>&lt;script&gt;x&lt;/script&gt;</p>\n\n<p>Second &amp; more<br>line</p>"


def test_prose_escapes_even_what_a_caller_marked_safe() -> None:
    assert shown("{{ text|prose }}", text=mark_safe("<b>x</b>")) == "<p>&lt;b&gt;x&lt;/b&gt;</p>"


# ---- States ------------------------------------------------------------------------------------------------------


def test_state_of_a_word_has_a_word_and_a_slug() -> None:
    assert shown("{% state 'in_review' %}") == '<span class="state" data-state="in-review">In review</span>'


def test_state_of_a_record_is_read_with_its_label() -> None:
    award = SimpleNamespace(state="awaiting_sign_off", get_state_display=lambda: "Awaiting sign-off")
    assert shown("{% state award %}", award=award) == (
        '<span class="state" data-state="awaiting-sign-off">Awaiting sign-off</span>'
    )


def test_state_of_a_record_without_choices_is_still_put_in_words() -> None:
    award = SimpleNamespace(state="in_review", get_state_display=lambda: "in_review")
    assert ">In review<" in shown("{% state award %}", award=award)


def test_status_takes_a_label_and_escapes_it() -> None:
    assert shown("{% status 'on_course' label %}", label="<b>") == (
        '<span class="status" data-state="on-course">&lt;b&gt;</span>'
    )


def test_state_of_nothing_is_nothing() -> None:
    assert shown("{% state award %}{% state none %}", award=SimpleNamespace(state=""), none=None) == ""


# ---- Faults ------------------------------------------------------------------------------------------------------


def test_summary_links_each_fault_to_what_takes_the_focus() -> None:
    html = shown("{% errors form %}", form=SmallForm({}))
    assert "There are 4 faults" in html
    assert '<a href="#id_amount">Give the amount</a>' in html
    assert '<a href="#id_kind_0">Choose the kind</a>' in html
    assert "<li>Give the token</li>" in html
    assert html.rindex("The parts do not add up") > html.rindex("Give the token")


def test_summary_names_the_place_where_the_sentence_does_not() -> None:
    html = shown("{% errors form %}", form=SmallForm({"amount": "-4", "kind": "a", "token": "t"}))
    assert "There are 2 faults" in html
    assert "Amount: “-4” is negative. Give" not in html  # the sentence says amount already
    assert "“-4” is negative. Give an amount of £0 or more" in html


def test_summary_of_forms_without_faults_is_nothing() -> None:
    assert shown("{% errors form missing %}", form=SmallForm()).strip() == ""


def test_summary_of_a_formset_names_the_entry_and_skips_what_is_removed() -> None:
    made = forms.formset_factory(SmallForm, formset=PlainFormSet, can_delete=True)
    made.entry_name = "Payment"  # type: ignore[attr-defined]
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-DELETE": "on", "form-0-amount": "x"}
    html = shown(
        "{% errors formset %}", formset=made(data | {"form-1-amount": "y", "form-1-kind": "a", "form-1-token": "t"})
    )
    assert "Payment 1" not in html
    assert '<a href="#id_form-1-amount">Payment 2: “y” is not an amount.' in html


def test_summary_escapes_what_was_typed() -> None:
    assert "<b>" not in shown("{% errors form %}", form=SmallForm({"amount": "<b>"}))


def test_fault_of_a_field_has_the_id_that_the_field_is_described_by() -> None:
    form = SmallForm({})
    html = shown("{% fault form.amount %}{{ form.amount }}", form=form)
    assert '<p class="fault" id="id_amount_error"><span class="aside-text">Fault:</span> Give the amount</p>' in html
    assert 'aria-describedby="id_amount_error"' in html


def test_fault_by_hand_and_none_at_all() -> None:
    assert 'id="why"' in shown("{% fault 'Say why' 'why' %}")
    assert shown("{% fault '' %}{% fault form.amount %}", form=SmallForm()) == ""


# ---- Tables ------------------------------------------------------------------------------------------------------

TABLE = """{% table label=label narrow="1fr 2fr" class="portfolio" %}
<thead><tr><th>Award</th><th class="n">Paid, <span class="hint">in</span> £ &amp; p</th>
<th data-x="1 > 0">State</th></tr></thead>
<tbody><tr><th>A</th><td class="n">{{ paid }}</td><td data-label="">{% state "paid" %}</td></tr>
<tr><td colspan="2">Nothing <table><tr><td>within</td></tr></table></td><td>x</td></tr></tbody>
{% endtable %}"""


def test_table_gets_roles_scopes_and_labels_from_its_headings() -> None:
    html = shown(TABLE, label="Awards <all>", paid="<i>")
    assert html.startswith(
        '<div class="table"><table role="table" class="portfolio stacks" style="--narrow:1fr 2fr">'
        '<caption class="aside-text">Awards &lt;all&gt;</caption>'
    )
    assert '<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Award</th>' in html
    assert '<th data-x="1 > 0" role="columnheader" scope="col">State</th>' in html
    assert '<th role="rowheader" scope="row">A</th>' in html
    assert '<td class="n" role="cell" data-label="Paid, £ &amp; p">&lt;i&gt;</td>' in html
    assert '<td data-label="" role="cell"><span class="state"' in html
    assert '<td colspan="2" role="cell">Nothing <table><tr><td>within</td></tr></table></td>' in html
    assert '<td role="cell" data-label="State">x</td>' in html


def test_table_with_a_misspelt_option_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="label=, narrow=, class= and fold="):
        Template("{% table lable='x' %}{% endtable %}")


def test_table_that_is_small_stays_a_table() -> None:
    assert shown("{% table fold=False %}{% endtable %}").startswith('<div class=""><table')
    assert shown("{% table fold=True %}{% endtable %}").startswith('<div class="table"><table')


def test_table_style_cannot_be_broken_out_of() -> None:
    assert '"x' not in shown("{% table narrow=n %}{% endtable %}", n='1fr"x')


# ---- Shared templates --------------------------------------------------------------------------------------------


def test_history_escapes_reasons_and_says_when_in_london() -> None:
    at = dt.datetime(2012, 5, 18, 8, 12, tzinfo=dt.UTC)
    entry = {"at": at, "who": "Approver", "sentence": "Returned", "reason": "<b>\nMore", "state": "in_review"}
    html = render_to_string("shared/history.html", {"items": [entry]})
    assert 'data-state="in-review"' in html
    assert ">18 May 2012, 09:12</time>" in html
    assert "<q>&lt;b&gt;<br>More</q>" in html


def test_short_milestones_say_in_words_what_the_shape_shows() -> None:
    items = [{"title": "Milestone 1", "state": "in_review"}]
    html = render_to_string("shared/milestones.html", {"items": items, "short": True})
    assert '<li data-state="in-review"><span class="aside-text">Milestone 1: in review</span></li>' in html


def test_summary_list_links_changes_by_name() -> None:
    rows = [{"term": "Amount", "value": "£4", "url": "/x"}, {"term": "Dates", "value": None}]
    html = render_to_string("shared/summary.html", {"rows": rows})
    assert '<a href="/x">Change<span class="aside-text"> amount</span></a>' in html
    assert "<dd>–</dd>" in html


def test_pagination_keeps_the_rest_of_the_query() -> None:
    request = RequestFactory().get("/", {"strand": "a&b", "page": "2"})
    html = render_to_string("shared/pagination.html", {"page": Paginator(range(90), 30).page(2)}, request)
    assert 'href="?strand=a%26b&amp;page=3"' in html
    assert '<a aria-current="page" href="?strand=a%26b&amp;page=2">' in html
    assert "31 to 60 of 90" in html


def test_pagination_of_one_page_is_nothing() -> None:
    request = RequestFactory().get("/")
    assert render_to_string("shared/pagination.html", {"page": Paginator([1], 30).page(1)}, request).strip() == ""


@pytest.mark.parametrize("name", ["404.html", "403.html", "403_csrf.html", "500.html"])
def test_page_for_a_refusal_says_what_to_do_next(name: str) -> None:
    html = render_to_string(name, {"shell": {"who": "Editor", "nav": []}, "csrf_token": "token"})
    assert "<h1>" in html
    assert "Go to your home page" in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert "<style" not in html
