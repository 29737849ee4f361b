"""What an empty conversation says: where answers come from, and the three things worth knowing first."""

from textual.content import Content
from textual.widgets import Static

from tui_chat.chat.services import Gateway
from tui_chat.core.sanitize import sanitize_line

HINTS = (
    ("Enter", "sends, Ctrl+J begins a new line"),
    ("/", "lists the commands, Ctrl+P finds any of them"),
    ("Ctrl+L", "switches the model, F1 helps"),
)


def welcome_text(gateway: Gateway | None) -> Content:
    """The words, for a gateway or for the moment before it is known."""
    lines = [Content.styled("tui-chat", "bold $primary"), Content("")]
    if gateway is not None and gateway.is_demo:
        lines += [
            Content.assemble(
                ("You are on the embedded demo gateway: ", "$warning"),
                "its models are scripted, cost nothing, and nothing leaves this machine.",
            ),
            Content.assemble("To talk to SolRouter or any compatible server, type ", ("/connect", "bold $accent"), ","),
            Content("or start with SOLROUTER_API_KEY set."),
            Content(""),
        ]
    elif gateway is not None:
        key = "" if gateway.has_key else ", without a key"
        lines += [Content(f"Connected to {sanitize_line(gateway.base_url, 120)}{key}."), Content("")]
    lines += [Content.assemble((f"{key:>7}", "bold $accent"), "  ", words) for key, words in HINTS]
    return Content("\n").join(lines)


class Welcome(Static):
    """Shown while the conversation is empty."""

    DEFAULT_CSS = """
    Welcome {
        height: 1fr;
        padding: 1 2;
        color: $text-muted;
        overflow: hidden hidden;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(welcome_text(None), id=id)

    def show(self, gateway: Gateway) -> None:
        """Say where answers come from."""
        self.update(welcome_text(gateway))
