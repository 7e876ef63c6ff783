"""What a form that saves itself compares and hands to the page, for every kind of field."""

import json

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from grants import autosave
from grants.forms import DayField, MoneyField, PlainForm


class EveryKind(PlainForm, forms.Form):
    title = forms.CharField(required=False)
    text = forms.CharField(required=False, widget=forms.Textarea)
    amount = MoneyField(required=False)
    due = DayField(required=False)
    kind = forms.ChoiceField(choices=[("", "Choose"), ("a", "Workshop"), ("b", "Visit")], required=False)
    regions = forms.MultipleChoiceField(
        choices=[("n", "North"), ("s", "South")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(required=False)


STORED = {
    "title": "Robots",
    "text": "",
    "amount": None,
    "due": None,
    "kind": "a",
    "regions": ["n", "s"],
    "agreed": True,
}


def both(**typed: str | list[str]) -> tuple[EveryKind, EveryKind]:
    """What is typed, and what is stored."""
    same = {"title": "Robots", "kind": "a", "regions": ["n", "s"], "agreed": "on"}
    form = EveryKind(same | typed)
    assert form.is_valid()
    return form, EveryKind(initial=STORED)


def test_the_same_in_other_words_is_no_difference() -> None:
    typed, stored = both(title=" Robots ", amount="")
    assert not autosave.differences_of([typed], [stored])


def test_zero_is_not_nothing() -> None:
    typed, stored = both(amount="£0")
    [difference] = autosave.differences_of([typed], [stored])
    assert (difference.label, difference.typed, difference.stored) == ("Amount", "£0", "")


def test_differences_are_said_in_the_words_of_the_page() -> None:
    typed, stored = both(kind="b", text="Ten\r\nschools", due="3 July 2012")
    found = {one.label: one for one in autosave.differences_of([typed], [stored])}
    assert (found["Kind"].typed, found["Kind"].stored) == ("Visit", "Workshop")
    assert found["Due"].typed == "3 July 2012"
    assert found["Text"].is_text


def test_stored_values_are_handed_over_as_their_page_would_send_them() -> None:
    typed, stored = both(title="Boats")
    request = RequestFactory().post("/", headers={"Autosave": "7"})
    request.user = AnonymousUser()
    response = autosave.stale(request, ["Somebody wrote."], mark="9", typed=[typed], stored=[stored])
    content = response.content.decode()
    pairs = [
        ["title", "Robots"], ["text", ""], ["amount", ""], ["due", ""], ["kind", "a"], ["regions", "n"],
        ["regions", "s"], ["agreed", "on"],
    ]  # fmt: skip
    assert json.dumps(pairs).replace('"', "&quot;") in content
    assert 'data-mark="9"' in content
