"""All faults of some forms, in the order of the page, each with its place: what the summary above a form lists."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BaseForm, BoundField
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet
from django.forms.widgets import CheckboxSelectMultiple, MultiWidget, RadioSelect


@dataclass(frozen=True)
class Fault:
    """One sentence and the id of the field that it is about; without an id it is about the whole form."""

    sentence: str
    target: str = ""


def target_of(field: BoundField) -> str:
    """The id of what takes the focus: of a group its first choice, since the group itself takes none."""
    if not field.auto_id:
        return ""
    if isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple | MultiWidget):
        return f"{field.auto_id}_0"
    return field.id_for_label


def _placed(sentence: str, place: str) -> str:
    """The sentence led by its place, unless it names the place already."""
    return sentence if not place or place.lower() in sentence.lower() else f"{place}: {sentence}"


def _of_form(form: BaseForm, entry: str = "") -> Iterator[Fault]:
    """A form's faults in the order of its fields, then those of the whole form."""
    if not form.errors:
        return
    for field in form:
        for sentence in field.errors:
            place = _placed(str(sentence), str(field.label or "")) if not field.is_hidden else str(sentence)
            yield Fault(f"{entry}: {place}" if entry else place, "" if field.is_hidden else target_of(field))
    for sentence in form.non_field_errors():
        yield Fault(f"{entry}: {sentence}" if entry else str(sentence))


def _of_formset(formset: BaseFormSet) -> Iterator[Fault]:
    """A formset's faults: each row's, named by `entry_name` (Payment 2), then those of the whole."""
    name = getattr(formset, "entry_name", "Entry")
    whole = formset.non_form_errors()  # checks every form first
    for number, form in enumerate(formset.forms, start=1):
        if not form.cleaned_data.get(DELETION_FIELD_NAME):
            yield from _of_form(form, f"{name} {number}")
    for sentence in whole:
        yield Fault(str(sentence))


def faults_of(*forms: BaseForm | BaseFormSet | None) -> list[Fault]:
    """Every fault of the bound ones among these forms and formsets."""
    found: list[Fault] = []
    for form in forms:
        if isinstance(form, BaseFormSet) and form.is_bound:
            found += _of_formset(form)
        elif isinstance(form, BaseForm) and form.is_bound:
            found += _of_form(form)
    return found
