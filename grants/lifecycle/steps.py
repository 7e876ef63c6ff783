"""One page for every step that a person can take with a record: what will happen, what is asked, one button.

A room lists its steps (`STEPS`) and gives the records that a person may see; this does the rest: the page sends back
the revision that it showed, a refusal is said in sentences, and nothing typed is lost.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views import View

from grants.forms import PlainForm
from grants.lifecycle.door import NotYou, Refused
from grants.lifecycle.machine import Machine


class NothingAsked(PlainForm, forms.Form):
    """A step that asks nothing."""


class ReasonForm(PlainForm, forms.Form):
    """A step that wants a reason, which the people concerned read."""

    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The people concerned read this",
        max_length=5000,
    )


@dataclass(frozen=True)
class Step:
    """One step: the transition (for who, when and its words), the service that takes it, and the words of its page.

    A step that moves nothing (a recommendation) has no transition ("") and says `who`, `when`, `label` and `done`
    itself; the docstrings of `who` and `when` are the sentences of a refusal, as in a machine.
    """

    transition: str
    take: Callable[..., Any]
    explains: str
    """What happens then, for the person who decides."""
    form: type[forms.Form] = NothingAsked
    refuses: bool = False
    """Whether it cannot be undone: the button says so."""
    who: Callable[[Any, Any], bool] | None = None
    when: Callable[[Any], bool] | None = None
    label: str = ""
    done: str = ""

    def open_to(self, record: Any, user: Any) -> bool:
        """Whether the record's state and the person's role allow the step. Unmet guards do not count here."""
        row = self._row(record)
        if row is not None:
            return bool(row.has_perm(record, user))
        return bool(self.who and self.when and self.when(record) and self.who(record, user))

    def hindrances(self, record: Any, user: Any) -> list[str]:
        """Why the step cannot be taken now, or by this person, a sentence each."""
        row = self._row(record)
        if self.transition and row is None:
            now = f"the {record._meta.verbose_name} is {record.get_state_display().lower()}"
            return [f"This cannot be done now: {now}."]
        rule: Any = row.permission if row is not None else self.who
        conditions: list[Any] = row.conditions if row is not None else [self.when]
        if not rule(record, user):
            return [rule.__doc__.strip()]
        return [condition.__doc__.strip() for condition in conditions if not condition(record)]

    def words(self, record: Any) -> tuple[str, str]:
        """The words of the button, and of the message after it."""
        if not self.transition:
            return self.label, self.done
        transitions: Iterable[Any] = getattr(record, self.transition)._django_fsm.transitions.values()
        custom = (self._row(record) or next(iter(transitions))).custom
        return custom["label"], custom["done"]

    def _row(self, record: Any) -> Any:
        """The transition from the record's state; None where there is none."""
        if not self.transition:
            return None
        meta = getattr(record, self.transition)._django_fsm
        return meta.get_transition(record.state) if meta.has_transition(record.state) else None


@dataclass(frozen=True)
class Hindrance:
    """What stands in the way of a step, and where it is mended."""

    sentence: str
    url: str = ""


@dataclass(frozen=True)
class Offered:
    """A step that a record offers to a person now."""

    verb: str
    label: str
    url: str
    refuses: bool


def steps_for(record: Machine, user: Any, steps: Mapping[str, Step], url_of: Callable[[str], str]) -> list[Offered]:
    """The steps that state and role allow. An unmet guard hides no step: pressing it says what stands in the way."""
    return [
        Offered(verb, step.words(record)[0], url_of(verb), step.refuses)
        for verb, step in steps.items()
        if step.open_to(record, user)
    ]


def revision_sent(data: Mapping[str, Any]) -> int:
    """The revision that a page showed and sends back as `seen`; -1, which is never fresh, where it is no number."""
    seen = str(data.get("seen", ""))
    return int(seen) if seen.isdecimal() and len(seen) < 10 else -1


class StepView(LoginRequiredMixin, View, ABC):
    """GET shows the step, POST takes it. Subclasses say where records come from and which steps there are.

    Answers 404 for a record that the person does not see and for a step that there is not, 403 for "not you", 409 for
    "not now" and for an old page.
    """

    steps: ClassVar[Mapping[str, Step]]
    template_name: ClassVar[str] = "shared/step.html"

    @abstractmethod
    def record_for(self, request: HttpRequest, **where: Any) -> Machine:
        """The record, fetched with `visible_to`; raises Http404."""

    def facts(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """What the service needs beside what the form asks."""
        return {}

    def missing(self, request: HttpRequest, record: Any, verb: str) -> list[Hindrance]:
        """What stands in the way in detail, with links; it takes the place of the guards' sentences."""
        return []

    def consequences(self, request: HttpRequest, record: Any, verb: str) -> list[str]:
        """What follows from the step for this very record, beside what the step explains."""
        return []

    def beside(self, request: HttpRequest, record: Any, verb: str) -> dict[str, Any]:
        """What else the room's own template shows."""
        return {}

    def get(self, request: HttpRequest, verb: str, **where: Any) -> HttpResponse:
        """Show the step, and what stands in its way."""
        record, step = self.record_for(request, **where), self._step(verb)
        hindrances = [Hindrance(sentence) for sentence in step.hindrances(record, request.user)]
        if step.open_to(record, request.user):
            hindrances = self.missing(request, record, verb) or hindrances
        return self._page(request, record, verb, step.form(), hindrances)

    def post(self, request: HttpRequest, verb: str, **where: Any) -> HttpResponse:
        """Take the step, or say why not."""
        record, step = self.record_for(request, **where), self._step(verb)
        form = step.form(request.POST)
        if not form.is_valid():
            return self._page(request, record, verb, form, [], status=422)
        said = step.words(record)[1]
        try:
            done = step.take(
                record.pk,
                by=request.user,
                seen=revision_sent(request.POST),
                **form.cleaned_data,
                **self.facts(request, record),
            )
        except Refused as refusal:
            record = self.record_for(request, **where)
            hindrances = [Hindrance(sentence) for sentence in refusal.sentences]
            status = 403 if isinstance(refusal, NotYou) else 409
            return self._page(request, record, verb, form, hindrances, status=status)
        messages.success(request, f"{said}.")
        return HttpResponseRedirect(self.next_url(request, done))

    def next_url(self, request: HttpRequest, record: Any) -> str:
        """Where the person goes after the step."""
        return str(record.get_absolute_url())

    def back_url(self, record: Any) -> str:
        """Where the person goes who decides against the step."""
        return str(record.get_absolute_url())

    def trail(self, record: Any) -> list[tuple[str, str]]:
        """The way from home to the record."""
        return [("Home", "/"), (str(record), record.get_absolute_url())]

    def _step(self, verb: str) -> Step:
        if verb not in self.steps:
            raise Http404
        return self.steps[verb]

    def _page(
        self,
        request: HttpRequest,
        record: Any,
        verb: str,
        form: forms.Form,
        hindrances: list[Hindrance],
        *,
        status: int = 200,
    ) -> HttpResponse:
        step = self.steps[verb]
        label = step.words(record)[0]
        context = {
            "title": label,
            "under": str(record),
            "record": record,
            "step": step,
            "form": form,
            "button": label,
            "hindrances": hindrances,
            "refused": request.method == "POST",
            "consequences": [] if hindrances else self.consequences(request, record, verb),
            "seen": str(record.revision),
            "back": self.back_url(record),
            "trail": [*self.trail(record), (label, "")],
            **self.beside(request, record, verb),
        }
        return render(request, self.template_name, context, status=status)
