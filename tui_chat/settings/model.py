"""Every setting: its type and default in `Settings`, its rule and meaning in `SETTINGS`.

What reads, checks, lists, documents or edits settings goes through this table, so that a setting is declared once.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from tui_chat.core.errors import SettingsError
from tui_chat.settings.gateways import SEND_REASONING, TAGS_ALLOWED, judge_gateway, read_gateways, tag_pairs
from tui_chat.settings.named_gateway import NamedGateway
from tui_chat.settings.problem import Fault

DEFAULT_BASE_URL: Final = "https://api.solrouter.io/ai"

SettingValue = (
    str
    | bool
    | int
    | float
    | tuple[str, ...]
    | tuple[tuple[str, str], ...]
    | Mapping[str, tuple[str, ...]]
    | Mapping[str, NamedGateway]
    | None
)
"""What a setting can hold; None is "not set", where the gateway decides."""


class Settings(msgspec.Struct, frozen=True):
    """All settings in force. The meaning of each is in `SETTINGS`."""

    model: str = ""
    system: str = ""
    title_model: str = ""
    summary_model: str = ""
    base_url: str = DEFAULT_BASE_URL
    theme: str = "auto"
    tools: str = ""
    fallbacks: tuple[str, ...] = ()
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    reasoning_effort: str | None = None
    connect_timeout_s: float = 10.0
    header_timeout_s: float = 60.0
    idle_timeout_s: float = 120.0
    retries: int = 3
    plain: bool = False
    show_reasoning: bool = False
    join_lines: bool = False
    timestamps: str = "relative"
    enter: str = "send"
    vim: bool = False
    clipboard: str = "auto"
    copy_on_select: bool = False
    notify: str = "terminal"
    terminal_title: bool = True
    mouse: str = "full"
    motion: str = "full"
    ascii: bool = False
    hints: bool = True
    leader: str = "ctrl+x"
    keys: Mapping[str, tuple[str, ...]] = {}
    send_reasoning: str = "auto"
    thinking_tags: tuple[tuple[str, str], ...] | None = None
    redact: tuple[str, ...] = ()
    gateway: Mapping[str, NamedGateway] = {}


class Setting(msgspec.Struct, frozen=True):
    """The rule of one setting."""

    key: str
    meaning: str
    """One line for people."""
    allowed: str
    """What it takes, to be read after "must be"."""
    rule: Callable[[object], SettingValue]
    """The value as `Settings` holds it, from what TOML or a flag gave; None where it is not allowed."""
    judge: Callable[[str, object], tuple[Fault, ...]] | None = None
    """For a table: the faults of one entry, by its name and value. A wrong entry does not take the others with it."""

    @property
    def default(self) -> SettingValue:
        """What counts where nothing is given."""
        value: SettingValue = getattr(DEFAULTS, self.key)
        return value

    def accept(self, offered: object) -> SettingValue:
        """The value as `Settings` holds it.

        Raises:
            SettingsError: it is not allowed; the message says what is.
        """
        value = self.rule(offered)
        if value is None:
            raise SettingsError(f"must be {self.allowed}", f"Give {self.key} {self.allowed}.")
        return value


def _text(value: object) -> SettingValue:
    return value if isinstance(value, str) else None


def _url(value: object) -> SettingValue:
    if not isinstance(value, str):
        return None
    from tui_chat.settings.base_url import mend_base_url  # its parsers are not needed for the default address

    return mend_base_url(value)


def _yes_or_no(value: object) -> SettingValue:
    return value if isinstance(value, bool) else None


def _one_of(*words: str) -> Callable[[object], SettingValue]:
    return lambda value: value if isinstance(value, str) and value in words else None


def _whole(low: int, high: int) -> Callable[[object], SettingValue]:
    return lambda value: (
        value if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high else None
    )


def _number(low: float, high: float) -> Callable[[object], SettingValue]:
    def accept(value: object) -> SettingValue:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            return None
        return float(value) if math.isfinite(value) else None

    return accept


def _names(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
        return None
    return tuple(value)


def _patterns(value: object) -> SettingValue:
    """Regular expressions that compile, and are few and short enough for each text of a conversation."""
    names = _names(value)
    if not names:
        return names
    if len(names) > _MOST_PATTERNS or any(len(pattern) > _LONGEST_PATTERN for pattern in names):
        return None
    import re
    import warnings

    try:
        with warnings.catch_warnings(action="ignore"):
            for pattern in names:
                re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return None
    return names


def _judge_key(action: str, names: object) -> tuple[Fault, ...]:
    return (Fault((), 'must be a key like "ctrl+l", or a list of keys'),) if _keys({action: names}) is None else ()


def _keys(value: object) -> SettingValue:
    if not isinstance(value, Mapping):
        return None
    keys: dict[str, tuple[str, ...]] = {}
    for action, given in value.items():
        names = _names([given] if isinstance(given, str) and given else given)
        if not isinstance(action, str) or names is None:
            return None
        keys[action] = names
    return keys


_MOST_PATTERNS: Final = 50
_LONGEST_PATTERN: Final = 500
_SECONDS: Final = "a number of seconds from 0.1 to 3600"

SETTINGS: Final = (
    Setting("model", "the model that a new chat asks; empty lets the gateway's list decide", "a model id", _text),
    Setting("system", "the system prompt of a new chat", "text", _text),
    Setting(
        "title_model",
        "a cheap model that names new conversations; empty leaves the question's first line",
        "a model id",
        _text,
    ),
    Setting(
        "summary_model",
        "the model that makes summaries for /compact; empty asks the one in use",
        "a model id",
        _text,
    ),
    Setting("base_url", "where the gateway is", "an http or https address, like " + DEFAULT_BASE_URL, _url),
    Setting(
        "theme",
        "the colours; auto follows the terminal: its background, and what it can show",
        "auto or the name of a theme",
        _text,
    ),
    Setting("tools", "tools offered to the model, as a JSON array in the service's shape", "a path", _text),
    Setting("fallbacks", "models that the gateway tries next, in this order", "a list of model ids", _names),
    Setting("temperature", "how freely the model chooses its words", "a number from 0 to 2", _number(0, 2)),
    Setting("top_p", "the share of likely words that it chooses from", "a number from 0 to 1", _number(0, 1)),
    Setting("max_tokens", "the longest answer", "a whole number from 1", _whole(1, 2**31 - 1)),
    Setting("seed", "the same seed asks for the same answer", "a whole number", _whole(-(2**63), 2**63 - 1)),
    Setting(
        "reasoning_effort", "how much a thinking model thinks, in the model's own words (low, high …)", "text", _text
    ),
    Setting("connect_timeout_s", "the longest wait for a connection", _SECONDS, _number(0.1, 3600)),
    Setting("header_timeout_s", "the longest wait for the gateway to begin its reply", _SECONDS, _number(0.1, 3600)),
    Setting("idle_timeout_s", "the longest silence inside an answer", _SECONDS, _number(0.1, 3600)),
    Setting(
        "retries",
        "how often a request that brought nothing is sent again",
        "a whole number from 0 to 20",
        _whole(0, 20),
    ),
    Setting("plain", "whether the chat is in lines, as screen readers want it", "true or false", _yes_or_no),
    Setting("show_reasoning", "whether finished reasoning stays unfolded", "true or false", _yes_or_no),
    Setting("join_lines", "whether single line ends of an answer are shown as spaces", "true or false", _yes_or_no),
    Setting(
        "timestamps",
        "whether messages show when they were sent",
        "off, relative or absolute",
        _one_of("off", "relative", "absolute"),
    ),
    Setting(
        "enter",
        "what Enter does while writing; with newline it begins a line, and the newline keys send",
        "send or newline",
        _one_of("send", "newline"),
    ),
    Setting("vim", "whether the composer has vim's modes", "true or false", _yes_or_no),
    Setting(
        "clipboard",
        "how copied text leaves: through the terminal (OSC 52), with the system's tool, or both",
        "auto, osc52, tool or off",
        _one_of("auto", "osc52", "tool", "off"),
    ),
    Setting("copy_on_select", "whether what the mouse selects is copied at once", "true or false", _yes_or_no),
    Setting(
        "notify",
        "how you are told that an answer or a question is there while you are elsewhere",
        "off, bell, terminal or all",
        _one_of("off", "bell", "terminal", "all"),
    ),
    Setting(
        "terminal_title", "whether the window's title tells the conversation and the state", "true or false", _yes_or_no
    ),
    Setting(
        "mouse",
        "what the mouse does here; what it does not is left to the terminal",
        "full, scroll or off",
        _one_of("full", "scroll", "off"),
    ),
    Setting(
        "motion",
        "whether anything moves by itself: smooth scrolling, a blinking cursor",
        "full or reduced",
        _one_of("full", "reduced"),
    ),
    Setting("ascii", "whether only ASCII is drawn; unset, where the locale is not UTF-8", "true or false", _yes_or_no),
    Setting("hints", "whether frames show their keys", "true or false", _yes_or_no),
    Setting("leader", "the key that begins a pair of keys, as in leader m; empty for none", "a key like ctrl+x", _text),
    Setting(
        "keys", "other keys for actions", 'a table like [keys] with lines like models = "ctrl+l"', _keys, _judge_key
    ),
    Setting(
        "send_reasoning",
        "whether a model gets its earlier thoughts back; auto does as each model wants it",
        "auto, always or never",
        _one_of(*SEND_REASONING),
    ),
    Setting(
        "thinking_tags",
        "the tags around thoughts inside the text, where the gateway leaves them there",
        TAGS_ALLOWED,
        tag_pairs,
    ),
    Setting(
        "redact",
        "what an export with --redact hides besides keys",
        f"a list of at most {_MOST_PATTERNS} regular expressions that are valid and of at most {_LONGEST_PATTERN}"
        " characters, like ['ACME-[0-9]+']",
        _patterns,
    ),
    Setting(
        "gateway",
        "gateways with a name, for --gateway NAME",
        "tables like [gateway.work] with at least base_url",
        read_gateways,
        judge_gateway,
    ),
)
DEFAULTS: Final = Settings()
BY_KEY: Final[Mapping[str, Setting]] = {setting.key: setting for setting in SETTINGS}
