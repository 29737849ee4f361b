"""Names of functions: any names come out as ones that everybody takes, all different, and there is a way back."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.providers.function_names import own_names, sent_names

names = st.text(st.sampled_from("aZ9_-. !é"), max_size=4) | st.text(st.sampled_from("a."), min_size=63, max_size=70)


@given(st.lists(names, max_size=6, unique=True))
def test_any_names_come_out_as_ones_that_everybody_takes(names: list[str]) -> None:
    sent = sent_names(names)

    assert set(sent) == set(names)
    assert len(set(sent.values())) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]{0,63}", name) for name in sent.values())
    back = own_names(sent)
    assert [back.get(name, name) for name in sent.values()] == list(sent)


def test_a_name_that_everybody_takes_stays_even_where_another_would_become_it() -> None:
    assert sent_names(["a.b", "a_b", "9"]) == {"a_b": "a_b", "a.b": "a_b_2", "9": "_9"}
