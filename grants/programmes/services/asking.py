"""What reports ask, changed by the administrators of the body that manages the strand.

The newest set of a kind is what reports that begin from now on are asked. Once a report has begun with it, it stands as it
is; something else is asked by the next set.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.text import slugify

from grants.formats import date_words
from grants.lifecycle.door import NotNow, NotYou, fresh, note
from grants.lifecycle.machine import key_of
from grants.people.models import User
from grants.programmes import permissions
from grants.programmes.models import Programme, Section, SectionSet, Size, Strand
from grants.programmes.services.usual import COMMUNITY_REPORT, EVALUATION, REPORT, ask

KINDS = ("report", "evaluation")
WRITTEN = ("title", "form", "guidance", "word_limit", "required", "asked_from", "minutes", "readers")
"""What an administrator says of a part"""
CODE = 40  # characters, as the column has it


@transaction.atomic
def first_set(strand: Strand, kind: str, *, by: User) -> SectionSet:
    """Ask the usual in a strand that asks nothing yet. Raises NotNow and NotYou."""
    _may(_locked(strand), by)
    if kind not in KINDS or strand.section_sets.filter(kind=kind).exists():
        raise NotNow("It is said already what this asks.")
    usual = EVALUATION if kind == "evaluation" else COMMUNITY_REPORT if strand.kind == "communities" else REPORT
    made = ask(strand, kind, usual)
    _note(made, by, "Made the first set")
    return made


@transaction.atomic
def next_set(pk: int, *, by: User) -> SectionSet:
    """Make a copy of a set, with the next number, to be changed. Raises NotNow and NotYou.

    There is one at a time: while the newest is not used, that one is changed.
    """
    before = SectionSet.objects.select_related("strand").get(pk=pk)
    _may(_locked(before.strand), by)
    sets = SectionSet.objects.filter(strand=before.strand, kind=before.kind)
    unused = sets.filter(used_at=None).order_by("-number").first()
    if unused is not None:
        raise NotNow(f"No report has begun with set {unused.number} yet: change that one.")
    number = (sets.aggregate(last=Max("number"))["last"] or 0) + 1
    made = SectionSet.objects.create(strand=before.strand, kind=before.kind, number=number)
    parts = list(before.sections.all())
    for part in parts:
        part.pk, part.section_set = None, made
    Section.objects.bulk_create(parts)
    _note(made, by, f"Made set {number} from set {before.number}")
    return made


@transaction.atomic
def take_out(pk: int, *, by: User) -> None:
    """Remove a set with which no report has begun; the one before it is asked again. Raises NotNow and NotYou."""
    chosen = _unused(pk, by)
    if not SectionSet.objects.filter(strand=chosen.strand, kind=chosen.kind).exclude(pk=pk).exists():
        raise NotNow("This is the only set: without it reports would ask nothing. Change it instead.")
    _note(chosen, by, f"Took out set {chosen.number}")
    chosen.delete()


@transaction.atomic
def save_section(pk: int, *, by: User, section: int | None, values: Mapping[str, Any]) -> Section:
    """Add a part to a set at its end, or change the one of that key. Raises NotNow and NotYou.

    The code of a part is made of its first title, and stays: by it a report finds what the last one said there.
    """
    chosen = _unused(pk, by)
    if section is None:
        last = chosen.sections.aggregate(last=Max("position"))["last"] or 0
        part = Section(section_set=chosen, code=_code(chosen, values["title"]), position=last + 1)
    else:
        part = chosen.sections.get(pk=section)
    twice = chosen.sections.filter(form=values["form"]).exclude(Q(pk=part.pk) | Q(form=Section.Form.NARRATIVE)).first()
    if twice is not None:
        raise NotNow(f"“{twice}” asks {twice.get_form_display().lower()} already: one part of a set does.")
    for name in WRITTEN:
        setattr(part, name, values[name])
    part.save()
    _note(chosen, by, f"{'Added' if section is None else 'Changed'} the part “{part}” in set {chosen.number}")
    return part


@transaction.atomic
def remove_section(pk: int, *, by: User, section: int) -> None:
    """Take a part out of a set. Raises NotNow and NotYou."""
    chosen = _unused(pk, by)
    part = chosen.sections.get(pk=section)
    if chosen.sections.count() == 1:
        raise NotNow("This is the only part: a report asks at least one. Change it instead.")
    part.delete()
    _note(chosen, by, f"Took the part “{part}” out of set {chosen.number}")


@transaction.atomic
def move_section(pk: int, *, by: User, section: int, up: bool) -> None:
    """Put a part one place up or down; at the end of the list nothing moves. Raises NotNow and NotYou."""
    chosen = _unused(pk, by)
    parts = list(chosen.sections.all())
    place = [part.pk for part in parts].index(chosen.sections.get(pk=section).pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(parts):
        return
    parts[place], parts[other] = parts[other], parts[place]
    for position, part in enumerate(parts, 1):
        part.position = position
    Section.objects.bulk_update(parts, ["position"])
    _note(chosen, by, f"Put the parts of set {chosen.number} in another order")


def why_it_stands(chosen: SectionSet) -> str:
    """Why a set is only looked at, as a sentence; empty where it can be changed."""
    if chosen.used_at is None:
        return ""
    return (
        f"Reports use this set since {date_words(chosen.used_at)}. It stands as it is, so that each of them can be read as it "
        "was asked. To ask something else, make the next set."
    )


def lasts(chosen: SectionSet) -> list[tuple[str, int, int]]:
    """For each size of award: its word, how many parts it is asked, and how many minutes they take."""
    parts = list(chosen.sections.all())
    asked = [(str(size.label), [part for part in parts if part.asked_from in size.asked]) for size in Size]
    return [(label, len(found), sum(part.minutes for part in found)) for label, found in asked]


def _unused(pk: int, by: User) -> SectionSet:
    """A set under its lock, where the person may change it; a report that begins with it meanwhile waits."""
    chosen = SectionSet.objects.select_for_update(of=("self",)).select_related("strand").get(pk=pk)
    _may(chosen.strand, by)
    if sentence := why_it_stands(chosen):
        raise NotNow(sentence)
    return chosen


def _locked(strand: Strand) -> Strand:
    return Strand.objects.select_for_update(no_key=True).get(pk=strand.pk)


def _may(strand: Strand, by: User) -> None:
    if not permissions.administrator(strand, fresh(by)):
        raise NotYou(permissions.administrator.__doc__ or "")


def _code(chosen: SectionSet, title: str) -> str:
    """A short word for a part that no other of the set has."""
    stem = slugify(title)[: CODE - 4].strip("-") or "part"
    taken = set(chosen.sections.values_list("code", flat=True))
    return next(
        code
        for number in range(1, len(taken) + 2)
        if (code := stem if number == 1 else f"{stem}-{number}") not in taken
    )


def _note(chosen: SectionSet, by: User, sentence: str) -> None:
    """A line in the history of the programme."""
    strand = chosen.strand
    kind = chosen.get_kind_display().lower()
    note(key_of(Programme, strand.programme_id), "asking", by=by, sentence=f"{sentence} of {strand}, {kind}"[:300])
