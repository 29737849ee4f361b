"""Going to another branch: what is shown is what would be shown from the beginning."""

from hypothesis import given
from hypothesis import strategies as st

from tests.store.values import conversations
from tui_chat.core.tree import Tree
from tui_chat.ui.transcript.model import Transcript


def shown(transcript: Transcript) -> list[tuple[object, ...]]:
    return [(section.kind, section.node_id, section.source, section.labels) for section in transcript.sections]


@given(conversations(), st.data())
def test_another_branch_looks_as_if_it_had_been_shown_from_the_beginning(saved: tuple, data: st.DataObject) -> None:  # type: ignore[type-arg]
    tree = Tree(saved[1])
    heads = [node.id for node in saved[1]]
    transcript = Transcript()
    for head in data.draw(st.lists(st.sampled_from(heads), max_size=6)) if heads else ():
        transcript.turn_to(tree.path(head))
        anew = Transcript()
        anew.show(tree.path(head))
        assert shown(transcript) == shown(anew)
