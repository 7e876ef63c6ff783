"""Identifiers: of a grant, as 360Giving writes them, and of an organisation, in the shape that its register gives."""

import re
from functools import lru_cache
from typing import Any, Final

from grants.imports import cells
from grants.imports.faults import Wrong
from grants.people.models import Organisation
from grants.unpacking import Broken

GRANT: Final = re.compile(r"360G-[A-Za-z0-9]+-(.+)", re.IGNORECASE)
LIKE: Final = "for example 360G-accesshe-EX-2012-01"
LONGEST_REFERENCE: Final = 60
LONGEST_IDENTIFIER: Final = 80

# The register's prefix: the shape of what follows, its length in words, an example.
SHAPES: Final = {
    "GB-CHC": (r"\d{6,7}(-\d+)?", "six or seven digits", "GB-CHC-1156077"),
    "GB-SC": (r"SC\d{6}", "SC and six digits", "GB-SC-SC012345"),
    "GB-NIC": (r"(NIC)?\d{6}", "six digits", "GB-NIC-100123"),
    "GB-COH": (r"[A-Z0-9]{8}", "eight characters", "GB-COH-01234567"),
    "GB-EDU": (r"\d{6}", "six digits", "GB-EDU-100123"),
    "GB-UKPRN": (r"\d{8}", "eight digits", "GB-UKPRN-10007760"),
}
OTHERS: Final = ("GB-LAE", "GB-LAS", "GB-PLA", "GB-LANI", "GB-MPR", "GB-REV")
LENGTHS: Final = {"GB-COH": 8, "GB-EDU": 6, "GB-UKPRN": 8, "GB-NIC": 6}
KINDS: Final = {"GB-UKPRN": Organisation.Kind.HIGHER_EDUCATION, "GB-EDU": Organisation.Kind.SCHOOL}


def grant(value: Any) -> tuple[str, str]:
    """A grant's identifier, and the reference in it: what follows the publisher's prefix."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise Wrong(
            "This identifier is a number, so zeros before it may be lost.",
            f"Write it whole, as a text: 360G-, the publisher, a hyphen and your reference, {LIKE}.",
        )
    return _grant(cells.line(value))


@lru_cache(maxsize=50_000)
def _grant(text: str) -> tuple[str, str]:
    found = GRANT.fullmatch(text)
    if found is None:
        raise Wrong(
            "This is not the identifier of a grant.",
            f"Write 360G-, the publisher, a hyphen and your reference, {LIKE}.",
        )
    reference = found[1]
    if re.search(r"[\s/\\]", reference):
        raise Wrong("An identifier has neither spaces nor slashes.", f"Take them out, {LIKE}.")
    if odd := re.search(r"[^\w.–-]", reference):
        raise Wrong(f"An identifier has no “{odd[0]}” in it.", f"Use letters, digits, full stops and hyphens, {LIKE}.")
    if not re.search(r"\w", reference):
        raise Wrong("There is no letter or digit after the publisher's prefix.", f"Add your reference, {LIKE}.")
    if len(reference) > LONGEST_REFERENCE:
        raise Wrong(f"The reference in it has {len(reference)} characters.", f"Shorten it to {LONGEST_REFERENCE}.")
    return text, reference


def organisation(value: Any) -> str:
    """An organisation's identifier: with the shape of its register where we know it, else any text without spaces."""
    if isinstance(value, Broken):
        raise Wrong(value.fault, value.mend)
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise Wrong(
            "This is only a number: its register is not named, and zeros before it may be lost.",
            "Write the register before it, for example GB-CHC-1156077.",
        )
    return _organisation(cells.line(value))


@lru_cache(maxsize=50_000)
def _organisation(text: str) -> str:
    if " " in text:
        raise Wrong("An identifier has no spaces.", "Take them out, for example GB-CHC-1156077.")
    if len(text) > LONGEST_IDENTIFIER:
        raise Wrong(f"This identifier has {len(text)} characters.", f"Shorten it to {LONGEST_IDENTIFIER}.")
    if text.isdigit():
        raise Wrong(
            "This is only a number: its register is not named.",
            "Write the register before it, for example GB-CHC-1156077.",
        )
    upper = text.upper()
    for prefix, (shape, words, example) in SHAPES.items():
        if upper.startswith(f"{prefix}-"):
            number = upper[len(prefix) + 1 :]
            if not re.fullmatch(shape, number):
                raise Wrong(f"After {prefix} stand {words}.", _mend(prefix, number, example))
            return upper
    for prefix in OTHERS:
        if upper.startswith(f"{prefix}-") or upper == prefix:
            if len(upper) <= len(prefix) + 1:
                raise Wrong(f"Nothing stands after {prefix}.", "Add the number of the organisation in that register.")
            return upper
    return text


def _mend(prefix: str, number: str, example: str) -> str:
    length = LENGTHS.get(prefix, 0)
    if number.isdigit() and 0 < length - len(number) <= 3:
        return f"If zeros before it were lost, write {prefix}-{number.zfill(length)}."
    return f"Check it against the register, for example {example}."


def company_number(value: Any) -> None:
    """Refuse a company number whose leading zeros were lost. It is not kept: the identifier is."""
    text = cells.line(value)
    if text.isdigit() and len(text) < 8:
        raise Wrong(
            "A company number has eight characters: zeros before it were lost.", f"Write {text.zfill(8)}, as a text."
        )


def charity_number(value: Any) -> None:
    """Refuse a charity number that is too short. It is not kept: the identifier is."""
    text = cells.line(value)
    if text.isdigit() and not 6 <= len(text) <= 7:
        raise Wrong("A charity number has six or seven digits.", "Check it against the register of charities.")


def kind_of(identifier: str) -> str:
    """The kind of a body of which nothing is known but its identifier."""
    return next(
        (str(kind) for prefix, kind in KINDS.items() if identifier.startswith(f"{prefix}-")),
        str(Organisation.Kind.THIRD_SECTOR),
    )
