"""All states of the gallery by name, in the order in which they are looked at."""

from collections.abc import Mapping

from tests.ui.gallery_states import connecting, conversations, over_chat, panes, writing
from tests.ui.gallery_states.stage import State

STATES: Mapping[str, State] = {
    **conversations.STATES,
    **panes.STATES,
    **writing.STATES,
    **over_chat.STATES,
    **connecting.STATES,
}
