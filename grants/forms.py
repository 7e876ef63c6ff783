"""What every form of ours has: no attribute that makes a browser stop at the first fault, faults that say what to mend,
money and dates read as people write them, and everything typed kept when it is refused."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet
from django.forms.widgets import TextInput
from django.utils.text import normalize_newlines

from grants import formats

# Django's own sentences, and ours. By code: a validator's fault takes its sentence from here too.
SENTENCES = {
    "max_length": "Shorten this: it has %(show_value)d characters, and at most %(limit_value)d fit",
    "min_length": "Say more: at least %(limit_value)d characters are needed, and this has %(show_value)d",
    "min_value": "Give at least %(limit_value)s",
    "max_value": "Give at most %(limit_value)s",
    "max_digits": "Check this number: it has more than %(max)s digits",
    "max_decimal_places": "Use at most %(max)s decimals",
    "max_whole_digits": "Check this number: it has more than %(max)s digits before the point",
    "invalid_choice": "Choose one of those offered",
    "invalid_pk_value": "Choose from those offered",
    "empty": "This file is empty. Choose another",
    "missing": "The file did not arrive. Choose it again",
}
INVALID: dict[type[forms.Field], str] = {
    forms.EmailField: "This is not an e-mail address. Write it like name@example.org",
    forms.URLField: "This is not a web address. Write it like https://example.org",
    forms.IntegerField: "This is not a whole number. Use digits only, without a unit, for example 9",
    forms.DecimalField: "This is not a number. Use digits only, without a unit, for example 9.5",
    forms.FloatField: "This is not a number. Use digits only, without a unit, for example 9.5",
}
QUESTION = re.compile(r"(?i)(who|whom|whose|what|which|when|where|why|how|do|does|did|is|are|has|have)\b|.*\?$")
POINTED = re.compile(r"(?i)(the|a|an|your|our|their|its|his|her|this|these|any|every|each|at least|one|two|no)\b")


def required_sentence(field: forms.Field, label: str) -> str:
    """What to say where nothing was given: Give the amount; Choose the strand; Answer “What was hard?”."""
    label = label.strip().rstrip(":.")
    quoted = f"“{label}”"
    if isinstance(field, forms.BooleanField) and not isinstance(field, forms.NullBooleanField):
        return f"Tick {quoted} to go on"
    question = QUESTION.match(label)
    thing = label if label[1:2].isupper() or label[:1].isdigit() else label[:1].lower() + label[1:]
    thing = thing if POINTED.match(thing) else f"the {thing}"
    if isinstance(field, forms.FileField):
        return f"Choose a file for {quoted}"
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return f"Choose an answer to {quoted}" if question else f"Choose {thing}"
    return f"Answer {quoted}" if question else f"Give {thing}"


class PlainForm(forms.BaseForm):
    """First among the bases of a form: `class OfferForm(PlainForm, forms.ModelForm)`."""

    use_required_attribute = False  # all faults are shown at once, by us
    error_css_class = "wrong"
    mark_optional = True  # says (optional) after the label; filters turn it off

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            self._take_what_is_typed(field)
            self._speak(field, str(field.label or forms.utils.pretty_name(name)))

    @staticmethod
    def _take_what_is_typed(field: forms.Field) -> None:
        """A number as text: a browser's number input hands over nothing where it cannot read what was typed."""
        if type(field.widget) is forms.NumberInput:
            parts = isinstance(field, forms.DecimalField | forms.FloatField)
            kept = {key: value for key, value in field.widget.attrs.items() if key not in ("min", "max", "step")}
            field.widget.input_type = "text"
            field.widget.attrs = {"class": "narrow", "inputmode": "decimal" if parts else "numeric", **kept}

    def _clean_fields(self) -> None:
        """Clean every field; a text in which nothing can be seen is no text. Lines end in one way, whoever sends them."""
        super()._clean_fields()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            field = self.fields[name]
            if isinstance(value, str) and isinstance(field, forms.CharField):
                text = normalize_newlines(formats.visible(value))
                self.cleaned_data[name] = text
                if field.required and not text and name not in self.errors:
                    self.add_error(name, field.error_messages["required"])

    @staticmethod
    def _speak(field: forms.Field, label: str) -> None:
        """Put our sentences where the field has Django's own, and leave those that its form gave."""
        default: dict[str, Any] = {}
        for base in reversed(type(field).__mro__):
            default.update(getattr(base, "default_error_messages", {}))
        sentences = SENTENCES | {"required": required_sentence(field, label)}
        for kind in reversed(type(field).__mro__):
            if kind in INVALID:
                sentences["invalid"] = INVALID[kind]
        if isinstance(field, MoneyField | DayField):
            sentences.pop("invalid", None)  # they make their own, with what was typed
        for code, sentence in sentences.items():
            if field.error_messages.get(code) == default.get(code):
                field.error_messages[code] = sentence


class MoneyInput(TextInput):
    """A text input behind a £; type=number would drop what it cannot read."""

    template_name = "shared/widgets/money.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "narrow n", **(attrs or {})})


class MoneyField(forms.DecimalField):
    """Pounds, as people write them: £1,000 or 1000.50. What was typed comes back as it was typed."""

    widget = MoneyInput

    def __init__(self, *, max_digits: int | None = 12, decimal_places: int | None = 2, **kwargs: Any) -> None:
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs inherit int
        """The amount, or a fault that says what to mend."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal | int):
            return Decimal(value)
        try:
            return formats.parse_money(str(value))
        except ValueError as fault:
            raise ValidationError(str(fault), code="invalid") from fault

    def prepare_value(self, value: Any) -> Any:
        """A stored amount is shown as 12,500; what was typed is left alone."""
        return formats.plain_amount(value, pence=False) if isinstance(value, Decimal | int) else value


class DayField(forms.DateField):
    """A date, the day first: 3 July 2012 or 03/07/2012. What was typed comes back as it was typed."""

    widget = TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or "For example, 3 July 2012"
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A date needs little room, and no list of earlier ones."""
        return {**super().widget_attrs(widget), "class": "date", "autocomplete": "off"}

    def to_python(self, value: Any) -> dt.date | None:
        """The date, or a fault that says what to mend."""
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        try:
            return formats.parse_date(str(value))
        except ValueError as fault:
            raise ValidationError(str(fault), code="invalid") from fault

    def prepare_value(self, value: Any) -> Any:
        """A stored date is shown in words; what was typed is left alone."""
        return formats.date_words(value) if isinstance(value, dt.date) else value


class PlainFormSet(BaseFormSet):
    """First among the bases of a formset; `entry_name` names an entry in headings and faults: Payment 2."""

    entry_name = "Entry"
    default_error_messages = {
        **BaseFormSet.default_error_messages,
        "missing_management_form": "A part of this page did not arrive. Load it again, and send it once more",
        "too_many_forms": "Give at most %(num)d",
        "too_few_forms": "Give at least %(num)d",
    }

    def add_fields(self, form: forms.BaseForm, index: int | None) -> None:
        """The same as elsewhere, but what is taken out is called so."""
        super().add_fields(form, index)
        if deletion := form.fields.get(DELETION_FIELD_NAME):
            deletion.label = "Remove"
