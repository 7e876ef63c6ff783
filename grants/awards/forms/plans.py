"""The plan of an offer: amount and dates, and the milestones, payments, targets and budget that hang on the award."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME

from grants.awards.models import Award, Milestone
from grants.awards.services import Plan
from grants.formats import split_by_shares
from grants.forms import DayField, MoneyField, PlainForm, PlainFormSet
from grants.people.models import Role, User
from grants.programmes.models import Indicator

SPARE = 3
MOST = 40
TIME_TO_WRITE = timedelta(days=28)
ON_ACCEPTANCE = "0"


class TermsForm(PlainForm, forms.Form):
    """Amount, dates and the person who looks after the award."""

    amount = MoneyField(label="Amount of the award")
    starts = DayField(label="First day")
    ends = DayField(label="Last day")
    manager = forms.ModelChoiceField(
        User.objects.none(), label="Award manager", required=False, empty_label="Nobody yet"
    )

    def __init__(self, *args: Any, award: Award, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body = award.strand.managing_body_id
        self.fields["manager"].queryset = User.objects.holding(body, Role.REVIEWER, Role.APPROVER)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "This is before the first day. Give a later one, or mend the first day")
        return cleaned


class MilestoneForm(PlainForm, forms.Form):
    """One report that is promised."""

    kind = forms.ChoiceField(choices=Milestone.Kind.choices, initial=Milestone.Kind.REPORT)
    title = forms.CharField(max_length=120, required=False)
    period_start = DayField(label="Period from")
    period_end = DayField(label="Period to")
    opens_on = DayField(label="Opens on")
    due_on = DayField(label="Due on")
    promise = forms.CharField(
        label="What will have been done by then",
        widget=forms.Textarea(attrs={"rows": 2, "style": "min-block-size: 4.5rem"}),
        max_length=5000,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("period_start", "period_end", "opens_on", "due_on"):
            self.fields[name].help_text = ""  # the dates of the award, above, say how one is written

    def clean(self) -> dict[str, Any]:
        """Dates in order."""
        cleaned = super().clean() or self.cleaned_data
        for first, last, sentence in (
            ("period_start", "period_end", "The period ends before it begins. Mend one of the two dates"),
            ("opens_on", "due_on", "It is due before it opens. Mend one of the two dates"),
        ):
            early, late = cleaned.get(first), cleaned.get(last)
            if early and late and late < early:
                self.add_error(last, sentence)
        return cleaned


class PaymentForm(PlainForm, forms.Form):
    """One payment: on acceptance, or on a milestone by its place on the page."""

    on = forms.ChoiceField(label="Paid on", initial=ON_ACCEPTANCE)
    amount = MoneyField(label="Amount")

    def __init__(self, *args: Any, occasions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].choices = occasions  # type: ignore[attr-defined]


class TargetForm(PlainForm, forms.Form):
    """What is to be reached of one indicator."""

    indicator = forms.ChoiceField()
    value = forms.DecimalField(label="Target to the end", max_digits=14, decimal_places=2, min_value=0)

    def __init__(self, *args: Any, indicators: Mapping[str, Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key, f"{one.title} ({one.unit})") for key, one in indicators.items()]
        self.fields["indicator"].choices = [("", "Choose an indicator"), *choices]  # type: ignore[attr-defined]


class BudgetForm(PlainForm, forms.Form):
    """One heading of the budget."""

    title = forms.CharField(label="Heading", max_length=120)
    amount = MoneyField(label="Amount")


class Rows(PlainFormSet):
    """Rows of which an empty one is nothing, whether it was there before or is a spare one."""

    def initial_form_count(self) -> int:
        """None once something was sent: every row may then be empty."""
        return 0 if self.is_bound else super().initial_form_count()

    def given(self) -> Iterator[tuple[int, forms.BaseForm, dict[str, Any]]]:
        """The place (from 1), form and values of each row that says something and is not removed."""
        for place, form in enumerate(self.forms, 1):
            values = getattr(form, "cleaned_data", {})
            if form.has_changed() and not values.get(DELETION_FIELD_NAME):
                yield place, form, {name: value for name, value in values.items() if name != DELETION_FIELD_NAME}

    @property
    def placed(self) -> list[tuple[int, forms.BaseForm]]:
        """Every row with its place, up to the last that says something."""
        return list(enumerate(self.forms, 1))[: self._filled()]

    @property
    def spare(self) -> list[tuple[int, forms.BaseForm]]:
        """The empty rows after it, with their places."""
        return list(enumerate(self.forms, 1))[self._filled() :]

    def _filled(self) -> int:
        said = [at for at, form in enumerate(self.forms, 1) if form.initial or (form.is_bound and form.has_changed())]
        return max(said, default=1)

    def refuse_twice(self, name: str, sentence: str) -> None:
        """A fault at each row that repeats what an earlier row has."""
        earlier = set()
        for _, form, values in self.given():
            value = values.get(name)
            key = value.casefold() if isinstance(value, str) else value
            if key and key in earlier:
                form.add_error(name, sentence)
            earlier.add(key)


class MilestoneRows(Rows):
    """The reports that are promised."""

    entry_name = "Milestone"

    def clean(self) -> None:
        """At most one final evaluation."""
        finals = [form for _, form, values in self.given() if values.get("kind") == Milestone.Kind.EVALUATION]
        for form in finals[1:]:
            form.add_error("kind", "There is a final evaluation already. Make this a milestone report, or remove it")


class PaymentRows(Rows):
    """The payments."""

    entry_name = "Payment"


class TargetRows(Rows):
    """The targets."""

    entry_name = "Target"

    def clean(self) -> None:
        """One target for an indicator."""
        self.refuse_twice("indicator", "This indicator has a target already. Choose another, or remove this row")


class BudgetRows(Rows):
    """The headings of the budget."""

    entry_name = "Budget line"

    def clean(self) -> None:
        """Each heading once."""
        self.refuse_twice("title", "There is a budget line of this name already. Give another name, or remove this row")


def _rows(form: type[forms.Form], rows: type[Rows]) -> type[Rows]:
    return forms.formset_factory(form, formset=rows, extra=SPARE, can_delete=True, max_num=MOST, validate_max=True)  # type: ignore[return-value]


MilestoneFormSet = _rows(MilestoneForm, MilestoneRows)
PaymentFormSet = _rows(PaymentForm, PaymentRows)
TargetFormSet = _rows(TargetForm, TargetRows)
BudgetFormSet = _rows(BudgetForm, BudgetRows)


class PlanForms:
    """Everything on the page of a plan, checked together so that all faults are shown at once."""

    def __init__(self, award: Award, by: User, data: Any = None) -> None:
        self.indicators = {str(one.pk): one for one in Indicator.objects.filter(programme=award.strand.programme_id)}
        first = {} if data is not None else stored(award) or usual(award, by)
        self.terms = TermsForm(data, award=award, initial=first.get("terms"))
        self.milestones = MilestoneFormSet(data, prefix="milestones", initial=first.get("milestones"))
        self.payments = PaymentFormSet(
            data,
            prefix="payments",
            initial=first.get("payments"),
            form_kwargs={"occasions": self._occasions()},
        )
        self.targets = TargetFormSet(
            data,
            prefix="targets",
            initial=first.get("targets"),
            form_kwargs={"indicators": self.indicators},
        )
        self.budget = BudgetFormSet(data, prefix="budget", initial=first.get("budget"))
        self.suggested = not data and not award.milestones.exists()

    @property
    def all(self) -> list[forms.BaseForm | Rows]:
        """In the order of the page."""
        return [self.terms, self.milestones, self.payments, self.targets, self.budget]

    def is_valid(self) -> bool:
        """Check everything, and each payment against the milestones."""
        results = [one.is_valid() for one in self.all]
        there = {place for place, _, _ in self.milestones.given()}
        for _, form, values in self.payments.given():
            on = int(values.get("on") or ON_ACCEPTANCE)
            if on and on not in there:
                form.add_error("on", f"Milestone {on} is empty or removed. Choose another, or fill it in")
                results.append(False)
        return all(results)

    def plan(self) -> Plan:
        """What was typed, once it is valid; milestones are numbered as they fall due."""
        terms = self.terms.cleaned_data
        given = sorted(self.milestones.given(), key=lambda row: (row[2]["due_on"], row[0]))
        numbers = {place: number for number, (place, _, _) in enumerate(given, 1)}
        return Plan(
            amount=terms["amount"],
            starts=terms["starts"],
            ends=terms["ends"],
            manager=terms["manager"],
            milestones=[{"number": numbers[place], **values} for place, _, values in given],
            tranches=[
                {"milestone": numbers.get(int(values["on"])), "amount": values["amount"]}
                for _, _, values in self.payments.given()
            ],
            targets=[(self.indicators[values["indicator"]], values["value"]) for _, _, values in self.targets.given()],
            budget=[(values["title"], values["amount"]) for _, _, values in self.budget.given()],
        )

    def sums(self) -> dict[str, Decimal]:
        """What the rows on the page add up to, as far as they can be read."""
        return {"payments": _sum(self.payments), "budget": _sum(self.budget)}

    def _occasions(self) -> list[tuple[str, str]]:
        """On acceptance, or a milestone by its place on the page."""
        places = range(1, len(self.milestones.forms) + 1)
        return [(ON_ACCEPTANCE, "Acceptance"), *((str(place), f"Milestone {place}") for place in places)]


def _sum(rows: Rows) -> Decimal:
    if rows.is_bound:
        amounts = [values.get("amount") for _, _, values in rows.given()]
    else:
        amounts = [form.initial.get("amount") for form in rows.forms]
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


# --- What the page shows first --------------------------------------------------------------------------------------


def stored(award: Award) -> dict[str, Any]:
    """The plan as it was saved; nothing where none was."""
    milestones = list(award.milestones.order_by("number"))
    tranches = list(award.tranches.order_by("number"))
    if award.amount is None and not milestones and not tranches:
        return {}
    places = {milestone.pk: str(place) for place, milestone in enumerate(milestones, 1)}
    names = ("kind", "title", "period_start", "period_end", "opens_on", "due_on", "promise")
    return {
        "terms": {name: getattr(award, name) for name in ("amount", "starts", "ends", "manager")},
        "milestones": [{name: getattr(one, name) for name in names} for one in milestones],
        "payments": [
            {"on": places.get(one.milestone_id or 0, ON_ACCEPTANCE), "amount": one.amount} for one in tranches
        ],
        "targets": [
            {"indicator": str(one.indicator_id), "value": f"{one.value.normalize():f}"} for one in award.targets.all()
        ],
        "budget": [{"title": one.title, "amount": one.amount} for one in award.budget_lines.all()],
    }


def usual(award: Award, by: User) -> dict[str, Any]:
    """To begin with: a report in the middle and a final evaluation, half the money at once and half on the report."""
    first: dict[str, Any] = {
        "terms": {"amount": award.amount_applied_for, "starts": award.starts, "ends": award.ends, "manager": by}
    }
    if award.starts and award.ends:
        middle = award.starts + (award.ends - award.starts) / 2
        first["milestones"] = [
            _milestone(Milestone.Kind.REPORT, award.starts, middle),
            _milestone(Milestone.Kind.EVALUATION, min(middle + timedelta(days=1), award.ends), award.ends),
        ]
        if award.amount_applied_for:
            halves = split_by_shares(award.amount_applied_for, [1, 1])
            first["payments"] = [
                {"on": on, "amount": half} for on, half in zip((ON_ACCEPTANCE, "1"), halves, strict=True)
            ]
    return first


def _milestone(kind: str, start: date, end: date) -> dict[str, Any]:
    opens = end + timedelta(days=1)
    return {"kind": kind, "period_start": start, "period_end": end, "opens_on": opens, "due_on": opens + TIME_TO_WRITE}
