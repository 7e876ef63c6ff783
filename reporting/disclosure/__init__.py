"""Disclosure control: what a document shows of numbers of people, so that no small count can be worked out from it.

`disclose` takes exact counts with their relations (`counts.py`), the rules of one audience (`profiles.py`) and what each reader
has seen before, and gives what is shown. Where the texts and relations would narrow a count that is kept to one value, it
withholds a further one, the smallest loss first, until none is left. Money has no place here.

What is proved: for each count that is kept from a reader, and is not listed as given away, there is a second set of numbers,
with another value for that count, that satisfies every relation and every text of this document and of the earlier ones that
this reader is said to have seen. So from these alone nobody can tell it. The second set was found (`worlds.py`), not estimated.

What is not proved, and we claim no more:
- that the count is hidden from somebody who knows more: one of the few, the organisation that counted, any other source;
  a narrative that says "3 learners"; a relation between numbers that was not given, such as one that holds over time;
- that it cannot be narrowed to few values, or guessed with good odds;
- that nothing is learned of people by a zero, or by a part that is all of its whole;
- what follows from running this very procedure on every set of numbers that might be, to see which of them it shows so;
- what several readers know who put their documents together, unless they are given as one reader;
- what a correction tells: a key that comes with another exact value than before is taken for another number;
- that a count which reads ".." in the last resort, with no other part of its breakdown withheld, is no small one;
- anything about persons whom several awards count: these are relations among counts, not among people;
- that the least possible is withheld: the search is thorough for tables of rows and columns, and careful beyond them.
"""

from reporting.disclosure.counts import Average, Count, Counts, Overlap, Percentage, Sum
from reporting.disclosure.profiles import FUNDER_COPY, PUBLICATION, Profile, Reading
from reporting.disclosure.release import Reader, Release, disclose

__all__ = [
    "FUNDER_COPY",
    "PUBLICATION",
    "Average",
    "Count",
    "Counts",
    "Overlap",
    "Percentage",
    "Profile",
    "Reader",
    "Reading",
    "Release",
    "Sum",
    "disclose",
]
