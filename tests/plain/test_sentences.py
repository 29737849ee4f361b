"""Text by sentences: nothing is lost, no word comes in halves."""

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.plain.sentences import LONGEST, Sentences


def fed(*pieces: str) -> list[str]:
    sentences = Sentences()
    return [sentences.feed(piece) for piece in pieces] + [sentences.finish()]


def test_a_sentence_comes_when_the_next_one_begins() -> None:
    assert fed("Hel", "lo the", "re. How ", "are you", "?\n") == ["", "", "Hello there. ", "", "How are you?\n", ""]


def test_a_whole_line_comes_at_once() -> None:
    assert fed("one\ntw", "o") == ["one\n", "", "two"]


def test_a_number_or_an_address_is_no_end() -> None:
    assert fed("pi is 3.14 at example.org") == ["", "pi is 3.14 at example.org"]


def test_what_has_no_end_comes_by_words() -> None:
    text = "word " * LONGEST
    said = fed(text)
    assert said[0].endswith(" ")
    assert "".join(said) == text


@given(st.lists(st.text()))
def test_nothing_is_lost_or_moved(pieces: list[str]) -> None:
    assert "".join(fed(*pieces)) == "".join(pieces)


@given(st.lists(st.text(alphabet="ab .\n", max_size=20), max_size=40))
def test_no_word_comes_in_halves(pieces: list[str]) -> None:
    said = [piece for piece in fed(*pieces)[:-1] if piece]
    assert all(piece[-1] in " \n" for piece in said)
