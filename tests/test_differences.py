"""Where two texts differ."""

from hypothesis import given
from hypothesis import strategies as some

from grants.differences import compare

words = some.lists(some.sampled_from(["we", "met", "nine", "<b>", "schools,", "\n\n", "\n"]), max_size=25).map(" ".join)


@given(words, words)
def test_comparison_gives_back_both_texts(before: str, after: str) -> None:
    pieces = [piece for paragraph in compare(before, after) for piece in paragraph]
    assert " ".join(text for kind, text in pieces if kind != "del").split() == after.split()
    assert " ".join(text for kind, text in pieces if kind != "ins").split() == before.split()


def test_comparison_keeps_the_paragraphs_of_the_new_text() -> None:
    assert compare("One. Two.", "One.\n\nTwo. Three.") == [
        [("same", "One.")],
        [("same", "Two."), ("ins", "Three.")],
    ]
