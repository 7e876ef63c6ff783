"""Filters and tags that every page has without loading them: money, dates, states, faults and tables in one manner."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any, Literal

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.utils.html import escape, format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines

from grants import formats, tables
from grants.faults import faults_of

register = template.Library()

Blank = Literal[""] | None  # a missing variable is "" in a template; zero is not blank

# Words that cannot be made from the stored word by taking out underscores.
WORDS = {"awaiting_sign_off": "Awaiting sign-off", "no_report": "No report"}


# ---- Filters -----------------------------------------------------------------------------------------------------


@register.filter
def money(value: Decimal | int | Blank) -> str:
    """£12,500.00; nothing for None, because blank is never zero."""
    return "" if value is None or value == "" else formats.money(value)


@register.filter
def pounds(value: Decimal | int | Blank) -> str:
    """£12,500, with pence only where there are some."""
    return "" if value is None or value == "" else formats.money(value, pence=False)


@register.filter
def amount(value: Decimal | int | Blank) -> str:
    """12,500, for a column whose heading names the unit."""
    return "" if value is None or value == "" else formats.plain_amount(value, pence=False)


@register.filter
def day(value: dt.date | None) -> str:
    """3 July 2012."""
    return formats.date_words(value) if value else ""


@register.filter
def moment(value: dt.datetime | None) -> str:
    """18 May 2012, 09:12, in London."""
    return formats.moment_words(value) if value else ""


@register.filter
def short_moment(value: dt.datetime | None) -> str:
    """09:12 of today, 18 May 2012, 09:12 of another day."""
    return formats.short_moment(value) if value else ""


@register.filter
def days_left(value: dt.date | None, today: dt.date | None = None) -> str:
    """9 days left, due today, 7 days late; today is London's unless it is given."""
    return formats.days_left(value, today or formats.local_today()) if value else ""


@register.filter
def relative(value: dt.date | None, today: dt.date | None = None) -> str:
    """In 9 days, today, 4 days ago; today is London's unless it is given."""
    return formats.relative(value, today or formats.local_today()) if value else ""


@register.filter
def count(value: int | Blank, one: str) -> str:
    """2 awards; `one,many` for an irregular plural: {{ n|count:"person,people" }}."""
    singular, _, many = one.partition(",")
    return "" if value is None or value == "" else formats.plural(value, singular, many)


@register.filter
def prose(value: str | None) -> SafeString:
    """A user's text in paragraphs. It is always escaped, even where a caller believes it safe."""
    text = re.sub(r"[ \t]+$", "", normalize_newlines(value or "").strip(), flags=re.MULTILINE)
    return mark_safe(linebreaks(escape(text), autoescape=False)) if text else mark_safe("")  # noqa: S308  escaped


# ---- States ------------------------------------------------------------------------------------------------------


@register.filter
def state_word(word: str | None) -> str:
    """In review, from in_review."""
    word = str(word or "")
    return WORDS.get(word, word.replace("_", " ").replace("-", " ").capitalize())


def _tag(css: str, subject: Any, label: str) -> SafeString:
    """A state's tag: shape and colour follow in the style sheet from data-state."""
    word = str(subject) if isinstance(subject, str) else str(getattr(subject, "state", "") or "")
    if not word:
        return mark_safe("")
    if not label and not isinstance(subject, str) and hasattr(subject, "get_state_display"):
        shown = str(subject.get_state_display())
        label = shown if shown != word else ""
    slug = word.strip().lower().replace("_", "-").replace(" ", "-")
    return format_html('<span class="{}" data-state="{}">{}</span>', css, slug, label or state_word(word))


@register.simple_tag
def state(subject: Any, label: str = "") -> SafeString:
    """The state of a record (or a word), tinted: {% state award %}, {% state "due" "Due in 9 days" %}."""
    return _tag("state", subject, label)


@register.simple_tag
def status(subject: Any, label: str = "") -> SafeString:
    """The status of a figure, a part or a course, without a ground: {% status "awaited" %}."""
    return _tag("status", subject, label)


@register.filter
def breakable(address: str) -> SafeString:
    """An e-mail address that may be broken after its @ where there is little room."""
    return format_html_join(mark_safe("@<wbr>"), "{}", ((part,) for part in address.split("@")))


@register.filter
def slug_of_state(value: str | None) -> str:
    """in-review, for a data-state attribute that is written by hand."""
    return str(value or "").lower().replace("_", "-").replace(" ", "-")


@register.filter
def state_words(value: str | None) -> str:
    """in review, for the middle of a sentence."""
    word = state_word(str(value or ""))
    return word[:1].lower() + word[1:]


# ---- Faults ------------------------------------------------------------------------------------------------------


@register.inclusion_tag("shared/errors.html")
def errors(*forms: BaseForm | BaseFormSet | None) -> dict[str, Any]:
    """The summary of all faults of some forms and formsets, each linked to its field; nothing when there are none."""
    return {"faults": faults_of(*forms)}


@register.simple_tag
def fault(subject: BoundField | str | None, id: str = "") -> SafeString:  # noqa: A002  the attribute's own name
    """The fault at a field: {% fault form.amount %}, or {% fault "Sentence" "id" %} for one laid out by hand."""
    if isinstance(subject, BoundField):
        id = id or (f"{subject.auto_id}_error" if subject.auto_id else "")  # noqa: A001
        sentences = list(subject.errors)
    else:
        sentences = [subject] if subject else []
    if not sentences:
        return mark_safe("")
    return format_html(
        '<p class="fault"{}><span class="aside-text">Fault:</span> {}</p>',
        format_html(' id="{}"', id) if id else "",
        format_html_join(mark_safe("<br>"), "{}", ((sentence,) for sentence in sentences)),
    )


# ---- Lists and tables --------------------------------------------------------------------------------------------


@register.filter
def page_numbers(page: Page) -> list[int]:
    """The numbers of pages to offer, with 0 where some are left out."""
    return [n if isinstance(n, int) else 0 for n in page.paginator.get_elided_page_range(page.number, on_ends=1)]


class TableNode(template.Node):
    """What {% table %} compiles to."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, options: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.options = options

    def render(self, context: template.Context) -> SafeString:
        """The wrapper, the table with its classes and roles, and a caption for the ear where a label is given."""
        options = {name: value.resolve(context) for name, value in self.options.items()}
        classes = " ".join(filter(None, [options.get("class", ""), "stacks"]))
        return format_html(
            '<div class="{}"><table role="table" class="{}"{}>{}{}</table></div>',
            "table" if options.get("fold", True) else "",
            classes,
            format_html(' style="--narrow:{}"', options["narrow"]) if options.get("narrow") else "",
            format_html('<caption class="aside-text">{}</caption>', options["label"]) if options.get("label") else "",
            mark_safe(tables.fold(self.nodelist.render(context))),  # noqa: S308  a template's output, escaped there
        )


@register.tag
def table(parser: Parser, token: Token) -> TableNode:
    """{% table label="Payments, in pounds" narrow="1.3fr 1fr 1fr" class="portfolio" %}…{% endtable %}.

    fold=False for one that is small enough to stay a table on a telephone.
    """
    name, *bits = token.split_contents()
    options = token_kwargs(bits, parser)
    if bits or not set(options) <= {"label", "narrow", "class", "fold"}:
        raise template.TemplateSyntaxError(f"{{% {name} %}} takes label=, narrow=, class= and fold= only.")
    nodelist = parser.parse(("endtable",))
    parser.delete_first_token()
    return TableNode(nodelist, options)
