"""The text of an empty conversation, in Markdown: where answers come from, and what is worth knowing first."""

from tui_chat.chat.services import Gateway
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.base_url import shown_base_url
from tui_chat.ui.commands.table import BY_ID
from tui_chat.ui.composing.keys import newline_label, send_label
from tui_chat.ui.keys.command import OwnKeys, label_of

_DEMO = """
You are on the **embedded demo gateway**: its models are scripted, their prices made up, and
nothing leaves this machine. Ask `demo/guide` about this program, or try `/model demo/tools`.

To talk to SolRouter, or to any compatible server, type `/connect`, or start with `SOLROUTER_API_KEY` set.
"""


def welcome(gateway: Gateway, own_keys: OwnKeys) -> str:
    """The words for a gateway, with the keys that are in force."""
    hints = _hints(own_keys)
    if gateway.is_demo:
        return f"# tui-chat\n{_DEMO}{hints}"
    address = sanitize_line(shown_base_url(gateway.base_url), 120).replace("`", "")
    key = "" if gateway.has_key else ", without a key"
    return f"# tui-chat\n\nConnected to `{address}`{key}.\n{hints}"


def _hints(own_keys: OwnKeys) -> str:
    palette, models, help_ = (label_of(BY_ID[id_], own_keys) for id_ in ("palette", "models", "help"))
    rows = (
        ((send_label(own_keys), "sends"), (newline_label(own_keys), "begins a new line")),
        (("/", "lists the commands"), (palette, "finds any of them")),
        ((models, "switches the model"), (help_, "helps")),
    )
    said = (", ".join(f"`{key}` {does}" for key, does in row if key) for row in rows)
    return "\n" + "".join(f"- {row}\n" for row in said if row)
