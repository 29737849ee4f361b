"""Panes beside the transcript: models, tools, usage; each imported when it is first opened.

A function here makes a pane; whoever opens it feeds it. None has the name of a module beside it, which would take its
place once it is imported.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the functions below import it: nothing of it is needed before the first frame
    from collections.abc import Callable, Sequence

    from tui_chat.chat.tool_plans import Planned
    from tui_chat.core.models import Catalog
    from tui_chat.core.request import ToolDefinition
    from tui_chat.ui.keys.command import OwnKeys
    from tui_chat.ui.panes.model_host import ModelHost
    from tui_chat.ui.panes.model_pane import ModelPane
    from tui_chat.ui.panes.tool_host import ToolHost
    from tui_chat.ui.panes.tool_inspector import ToolInspector
    from tui_chat.ui.panes.usage_host import UsageHost
    from tui_chat.ui.panes.usage_pane import UsagePane
    from tui_chat.workspace.calls import CallBoard
    from tui_chat.workspace.deciding import CallKey
    from tui_chat.workspace.usage_board import View


def models(
    catalog: "Catalog | None",
    current: str,
    recents: "Sequence[str]",
    favourites: "Sequence[str]",
    *,
    host: "ModelHost",
    now: "Callable[[], float]",
) -> "ModelPane":
    """The models; `catalog` is None while it is still being read. `now` gives seconds since the epoch."""
    from tui_chat.ui.panes.model_pane import ModelPane

    return ModelPane(catalog, current, recents, favourites, host=host, now=now)


def tools(
    offered: "Callable[[], Sequence[ToolDefinition]]",
    board: "CallBoard",
    *,
    plan_of: "Callable[[CallKey], Planned]",
    host: "ToolHost",
    monotonic: "Callable[[], float]",
    own_keys: "OwnKeys",
) -> "ToolInspector":
    """The calls of a conversation, and the tools that are offered at each look. `plan_of` tells what a call that waits
    would do; `monotonic` gives seconds that never jump."""
    from tui_chat.ui.panes.tool_inspector import ToolInspector
    from tui_chat.workspace.call_marks import KnownTools

    known = KnownTools(offered)
    return ToolInspector(known, board=board, plan_of=plan_of, host=host, monotonic=monotonic, own_keys=own_keys)


def usage(
    view: "View", *, host: "UsageHost", now: "Callable[[], float]", monotonic: "Callable[[], float]"
) -> "UsagePane":
    """What answers took and cost. `now` gives seconds since the epoch, `monotonic` seconds that never jump."""
    from tui_chat.ui.panes.usage_pane import UsagePane

    return UsagePane(view, host=host, now=now, monotonic=monotonic)
