"""What every form of ours has: faults that say the mend, money and dates, and everything typed kept."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string

from grants.forms import DayField, MoneyField, PlainForm, PlainFormSet


class OfferForm(PlainForm, forms.Form):
    """One field of every kind."""

    title = forms.CharField(max_length=10, help_text="As the <public> reads it")
    your_role = forms.CharField(required=False)
    contact = forms.EmailField()
    amount = MoneyField(min_value=Decimal(100))
    due_on = DayField(label="Due date")
    hours = forms.IntegerField(min_value=0)
    ratio = forms.DecimalField(decimal_places=1)
    strand = forms.ChoiceField(choices=[("", "Choose"), ("a", "A")])
    status = forms.ChoiceField(choices=[("f", "Final")], widget=forms.RadioSelect, label="Status of this figure")
    hard = forms.CharField(label="What was hard?", widget=forms.Textarea)
    evidence = forms.FileField()
    consent = forms.BooleanField(label="We hold consent")
    own = forms.CharField(error_messages={"required": "Say it in your own words"})


def faults(form: forms.BaseForm) -> dict[str, list[str]]:
    """A form's faults as plain text."""
    return {name: [str(sentence) for sentence in sentences] for name, sentences in form.errors.items()}


def test_missing_answers_are_asked_for_by_name_all_at_once() -> None:
    assert faults(OfferForm({})) == {
        "title": ["Give the title"],
        "contact": ["Give the contact"],
        "amount": ["Give the amount"],
        "due_on": ["Give the due date"],
        "hours": ["Give the hours"],
        "ratio": ["Give the ratio"],
        "strand": ["Choose the strand"],
        "status": ["Choose the status of this figure"],
        "hard": ["Answer “What was hard?”"],
        "evidence": ["Choose a file for “Evidence”"],
        "consent": ["Tick “We hold consent” to go on"],
        "own": ["Say it in your own words"],
    }


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("Your name", "Give your name"),
        ("The reason", "Give the reason"),
        ("IMD quintile", "Give the IMD quintile"),
        ("Why", "Answer “Why”"),
        ("Whole amount", "Give the whole amount"),
    ],
)
def test_sentence_for_a_missing_answer_reads_as_english(label: str, sentence: str) -> None:
    class One(PlainForm, forms.Form):
        field = forms.CharField(label=label)

    assert faults(One({})) == {"field": [sentence]}


def test_bad_answers_get_a_sentence_with_the_mend() -> None:
    said = faults(
        OfferForm(
            {
                "title": "far too long a title", "contact": "nobody", "amount": "-4", "due_on": "31/02/2012",
                "hours": "9 hours", "ratio": "1.25", "strand": "z",
            },
            {"evidence": SimpleUploadedFile("a.pdf", b"")},
        )
    )  # fmt: skip
    assert said["title"] == ["Shorten this: it has 20 characters, and at most 10 fit"]
    assert said["contact"] == ["This is not an e-mail address. Write it like name@example.org"]
    assert said["amount"] == ["“-4” is negative. Give an amount of £0 or more, without a minus sign"]
    assert said["due_on"] == ["There is no 31 February in 2012. Check the day"]
    assert said["hours"] == ["This is not a whole number. Use digits only, without a unit, for example 9"]
    assert said["ratio"] == ["Use at most 1 decimals"]
    assert said["strand"] == ["Choose one of those offered"]
    assert said["evidence"] == ["This file is empty. Choose another"]


def test_amount_below_the_least_is_refused() -> None:
    assert faults(OfferForm({"amount": "99"}))["amount"] == ["Give at least 100"]


def test_good_answers_arrive_as_values() -> None:
    form = OfferForm({"amount": "£1,000.5", "due_on": "03/07/2012"})
    form.full_clean()
    assert form.cleaned_data["amount"] == Decimal("1000.50")
    assert form.cleaned_data["due_on"] == dt.date(2012, 7, 3)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("amount", "£1,00"), ("amount", "£1,000"), ("due_on", "31/02/2012"), ("hours", "9 hours"), ("title", "x" * 30)],
)
def test_refused_form_keeps_what_was_typed(field: str, typed: str) -> None:
    html = str(OfferForm({field: typed})[field])
    assert f'value="{typed}"' in html
    assert 'type="text"' in html


def test_stored_values_are_shown_as_people_write_them() -> None:
    form = OfferForm(initial={"amount": Decimal("12500.00"), "due_on": dt.date(2012, 7, 3)})
    assert 'value="12,500"' in str(form["amount"])
    assert 'value="3 July 2012"' in str(form["due_on"])


def test_values_that_were_not_touched_have_not_changed() -> None:
    start = {"amount": Decimal("12500.00"), "due_on": dt.date(2012, 7, 3)}
    form = OfferForm({"amount": "12,500", "due_on": "3 July 2012"}, initial=start)
    assert not {"amount", "due_on"} & set(form.changed_data)


def test_no_field_stops_the_browser_at_the_first_fault() -> None:
    html = str(OfferForm())
    assert " required" not in html
    assert 'type="number"' not in html


def test_field_is_tied_to_its_label_hint_and_fault() -> None:
    html = str(OfferForm({}))
    assert '<label for="id_title">Title</label>' in html
    assert '<span class="hint" id="id_title_helptext">As the &lt;public&gt; reads it</span>' in html
    assert re.search(r'<input[^>]*id="id_title"[^>]*>', html)
    title = re.search(r'<input[^>]*name="title"[^>]*>', html)
    assert title
    assert 'aria-invalid="true"' in title[0]
    assert 'aria-describedby="id_title_helptext id_title_error"' in title[0]
    assert 'id="id_title_error"' in html


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    html = str(OfferForm())
    assert 'Your role <span class="optional">(optional)</span></label>' in html
    assert html.count("(optional)") == 1


def test_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    html = OfferForm({})["status"].as_field_group()
    assert html.startswith('<fieldset class="field wrong" aria-describedby="id_status_error">')
    assert "<legend>Status of this figure</legend>" in html
    assert '<label class="choice" for="id_status_0"><input type="radio"' in html


def test_tick_box_stands_before_its_label() -> None:
    html = OfferForm()["consent"].as_field_group()
    assert re.search(r'<label class="choice" for="id_consent"><input type="checkbox"[^>]*><span>We hold consent', html)


def test_whole_form_begins_with_the_summary_of_faults() -> None:
    html = str(OfferForm({}))
    assert html.index('class="errors"') < html.index('class="field')
    assert 'class="errors"' not in str(OfferForm())


def test_money_stands_behind_a_pound_sign() -> None:
    html = str(OfferForm()["amount"])
    assert html.startswith('<span class="unit"><span aria-hidden="true">£</span><input type="text" name="amount"')


def payments(data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
    """A formset of two fields."""

    class PaymentForm(PlainForm, forms.Form):
        name = forms.CharField()
        amount = MoneyField(help_text="In pounds")

    made = forms.formset_factory(
        PaymentForm, formset=PlainFormSet, extra=2, can_delete=True, max_num=2, validate_max=True
    )
    made.entry_name = "Payment"  # type: ignore[attr-defined]
    return made(data, **kwargs)


def test_formset_names_its_entries_and_says_its_faults_once() -> None:
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "On acceptance", "form-0-amount": "x"}
    html = str(payments(data))
    assert html.count('class="errors"') == 1
    assert "<legend>Payment 2</legend>" in html
    assert '<label class="choice" for="id_form-0-DELETE">' in html
    assert "<span>Remove</span>" in html


def test_formset_with_too_many_entries_or_none_of_its_own_fields_says_so() -> None:
    many = {f"form-{i}-{key}": value for i in range(3) for key, value in {"name": "n", "amount": "1"}.items()}
    formset = payments({"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0", **many})
    assert list(formset.non_form_errors()) == ["Give at most 2"]
    assert list(payments({"x": "y"}).non_form_errors()) == [
        "A part of this page did not arrive. Load it again, and send it once more"
    ]


def test_formset_as_a_table_labels_every_cell() -> None:
    html = render_to_string("shared/formset_table.html", {"formset": payments(), "label": "Payments"})
    assert '<label class="aside-text" for="id_form-1-amount">Amount, payment 2</label>' in html
    assert 'id="id_form-0-amount_helptext"' in html
    assert 'data-label="Amount"' in html
    assert 'name="form-TOTAL_FORMS"' in html
