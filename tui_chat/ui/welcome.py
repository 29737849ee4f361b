"""What an empty conversation says: where answers come from, and what is worth knowing first. Markdown."""

from tui_chat.chat.services import Gateway
from tui_chat.core.sanitize import sanitize_line

_HINTS = """
- `Enter` sends, `Ctrl+J` begins a new line
- `/` lists the commands, `Ctrl+P` finds any of them
- `Ctrl+L` switches the model, `F1` helps
"""

_DEMO = """
You are on the **embedded demo gateway**: its models are scripted, their prices made up, and
nothing leaves this machine. Ask `demo/guide` about this program, or try `/model demo/tools`.

To talk to SolRouter, or to any compatible server, type `/connect`, or start with `SOLROUTER_API_KEY` set.
"""


def welcome(gateway: Gateway) -> str:
    """The words for a gateway."""
    if gateway.is_demo:
        return f"# tui-chat\n{_DEMO}{_HINTS}"
    address = sanitize_line(gateway.base_url, 120).replace("`", "")
    key = "" if gateway.has_key else ", without a key"
    return f"# tui-chat\n\nConnected to `{address}`{key}.\n{_HINTS}"
