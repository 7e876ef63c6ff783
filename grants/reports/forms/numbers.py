"""Numbers that are no money, as people write them."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import TextInput

from grants.reports.figures import shown

MOST_DIGITS = 10  # before the point: more is a slip of the finger


def read_number(text: str, *, whole: bool = False) -> Decimal:
    """Read 9, 1,000 or 14.5: nothing negative, no unit, no more than two decimals, nothing guessed; whole for people.

    Raises ValueError, whose text is a sentence for whoever typed it.
    """
    typed = " ".join(text.split())
    quoted = f"“{typed[:39]}…”" if len(typed) > 40 else f"“{typed}”"
    if re.fullmatch(r"[-−–]\s*[0-9.,]+", typed):
        raise ValueError(f"{quoted} is negative. Give 0 or more, without a minus sign")
    if not re.fullmatch(r"[.,]*[0-9][0-9.,]*", typed):
        example = re.search(r"[0-9]+", typed[:40])
        raise ValueError(
            f"{quoted} is not a number. Use digits only, without a unit, for example {example[0] if example else 9}"
        )
    if not re.fullmatch(r"([0-9]+|[0-9]{1,3}(,[0-9]{3})+)?(\.[0-9]*)?", typed):
        raise ValueError(
            f"{quoted} can be read in more than one way. "
            "Put commas between thousands and a point before decimals, for example 1,000.5"
        )
    before, _, decimals = typed.replace(",", "").partition(".")
    if len(decimals) > 2:
        thousands = (
            f"; for thousands write {before},{decimals}" if re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", typed) else ""
        )
        raise ValueError(f"{quoted} has {len(decimals)} decimals. Give at most two{thousands}")
    if len(before.lstrip("0")) > MOST_DIGITS:
        raise ValueError(f"{quoted} is more than this system can hold. Check the number of digits")
    number = Decimal(f"{before or 0}.{decimals or 0}")
    if whole and number != number.to_integral_value():
        raise ValueError(f"{quoted} is not a whole number, and this counts people. Give a whole number")
    return number.quantize(Decimal("0.01"))


class NumberField(forms.Field):
    """A number; what was typed comes back as it was typed."""

    widget = TextInput

    def __init__(self, *, whole: bool = False, **kwargs: Any) -> None:
        self.whole = whole
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        """The number, or a fault that says what to mend."""
        if not str(value or "").strip():
            return None
        try:
            return read_number(str(value), whole=self.whole)
        except ValueError as fault:
            raise ValidationError(str(fault), code="invalid") from fault

    def prepare_value(self, value: Any) -> Any:
        """A stored number is shown as 1,250; what was typed is left alone."""
        return shown(value) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A keyboard of digits where there is one."""
        return {"inputmode": "numeric" if self.whole else "decimal", "autocomplete": "off"}
