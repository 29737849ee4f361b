"""Every setting: its type and default in `Settings`, its rule and meaning in `SETTINGS`.

What reads, checks, lists, documents or edits settings goes through this table, so that a setting is declared once.
"""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from tui_chat.core.budget import Budget
from tui_chat.core.errors import SettingsError
from tui_chat.settings.budget import judge_budget, read_budget
from tui_chat.settings.gateways import SEND_REASONING, TAGS_ALLOWED, judge_gateway, read_gateways, tag_pairs
from tui_chat.settings.named_gateway import NamedGateway
from tui_chat.settings.parameters import PARAMETERS, Routing, judge_routing, read_routing
from tui_chat.settings.presets import Preset, judge_preset, read_presets
from tui_chat.settings.problem import Fault
from tui_chat.settings.rules import OneOf, names, number, text, whole, yes_or_no

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
    | Mapping[str, Preset]
    | Budget
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
    fallback_after_s: float | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    reasoning_effort: str | None = None
    provider: Routing = {}
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
    painting: str = "auto"
    ascii: bool = False
    hints: bool = True
    leader: str = "ctrl+x"
    keys: Mapping[str, tuple[str, ...]] = {}
    send_reasoning: str = "auto"
    thinking_tags: tuple[tuple[str, str], ...] | None = None
    redact: tuple[str, ...] = ()
    budget: Budget = Budget()
    gateway: Mapping[str, NamedGateway] = {}
    preset: Mapping[str, Preset] = {}


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


def _url(value: object) -> SettingValue:
    if not isinstance(value, str):
        return None
    from tui_chat.settings.base_url import mend_base_url  # its parsers are not needed for the default address

    return mend_base_url(value)


def _patterns(value: object) -> SettingValue:
    """Regular expressions that compile, and are few and short enough for each text of a conversation."""
    given = names(value)
    if not given:
        return given
    if len(given) > _MOST_PATTERNS or any(len(pattern) > _LONGEST_PATTERN for pattern in given):
        return None
    import re
    import warnings

    try:
        with warnings.catch_warnings(action="ignore"):
            for pattern in given:
                re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return None
    return given


def _judge_key(action: str, names_: object) -> tuple[Fault, ...]:
    return (Fault((), 'must be a key like "ctrl+l", or a list of keys'),) if _keys({action: names_}) is None else ()


def _keys(value: object) -> SettingValue:
    if not isinstance(value, Mapping):
        return None
    keys: dict[str, tuple[str, ...]] = {}
    for action, given in value.items():
        read = names([given] if isinstance(given, str) and given else given)
        if not isinstance(action, str) or read is None:
            return None
        keys[action] = read
    return keys


_MOST_PATTERNS: Final = 50
_LONGEST_PATTERN: Final = 500


def _parameter(name: str) -> Setting:
    parameter = PARAMETERS[name]
    return Setting(name, parameter.meaning, parameter.allowed, parameter.rule)


_SECONDS: Final = "a number of seconds from 0.1 to 3600"

SETTINGS: Final = (
    Setting("model", "the model that a new chat asks; empty lets the gateway's list decide", "a model id", text),
    Setting("system", "the system prompt of a new chat", "text", text),
    Setting(
        "title_model",
        "a cheap model that names new conversations; empty leaves the question's first line",
        "a model id",
        text,
    ),
    Setting(
        "summary_model",
        "the model that makes summaries for /compact; empty asks the one in use",
        "a model id",
        text,
    ),
    Setting("base_url", "where the gateway is", "an http or https address, like " + DEFAULT_BASE_URL, _url),
    Setting(
        "theme",
        "the colours; auto follows the terminal: its background, and what it can show",
        "auto or the name of a theme",
        text,
    ),
    Setting("tools", "tools offered to the model: a file, TOML or a JSON array", "the path of a tools file", text),
    Setting("fallbacks", "models that the gateway tries next, in this order", "a list of model ids", names),
    Setting(
        "fallback_after_s",
        "after how long without a reply the next of `fallbacks` is asked, though both may be billed; absent: never",
        _SECONDS,
        number(0.1, 3600),
    ),
    *map(_parameter, ("temperature", "top_p", "max_tokens", "seed", "reasoning_effort")),
    Setting(
        "provider",
        "which upstream providers the gateway takes, where it has a choice",
        'a table like [provider] with any of order, only, sort, as in sort = "price"',
        read_routing,
        judge_routing,
    ),
    Setting("connect_timeout_s", "the longest wait for a connection", _SECONDS, number(0.1, 3600)),
    Setting("header_timeout_s", "the longest wait for the gateway to begin its reply", _SECONDS, number(0.1, 3600)),
    Setting("idle_timeout_s", "the longest silence inside an answer", _SECONDS, number(0.1, 3600)),
    Setting(
        "retries",
        "how often a request that brought nothing is sent again",
        "a whole number from 0 to 20",
        whole(0, 20),
    ),
    Setting("plain", "whether the chat is in lines, as screen readers want it", "true or false", yes_or_no),
    Setting("show_reasoning", "whether finished reasoning stays unfolded", "true or false", yes_or_no),
    Setting("join_lines", "whether single line ends of an answer are shown as spaces", "true or false", yes_or_no),
    Setting(
        "timestamps",
        "whether messages show when they were sent",
        "off, relative or absolute",
        OneOf("off", "relative", "absolute"),
    ),
    Setting(
        "enter",
        "what Enter does while writing; with newline it begins a line, and the newline keys send",
        "send or newline",
        OneOf("send", "newline"),
    ),
    Setting("vim", "whether the composer has vim's modes", "true or false", yes_or_no),
    Setting(
        "clipboard",
        "how copied text leaves: through the terminal (OSC 52), with the system's tool, or both",
        "auto, osc52, tool or off",
        OneOf("auto", "osc52", "tool", "off"),
    ),
    Setting("copy_on_select", "whether what the mouse selects is copied at once", "true or false", yes_or_no),
    Setting(
        "notify",
        "how you are told that an answer or a question is there while you are elsewhere",
        "off, bell, terminal or all",
        OneOf("off", "bell", "terminal", "all"),
    ),
    Setting(
        "terminal_title", "whether the window's title tells the conversation and the state", "true or false", yes_or_no
    ),
    Setting(
        "mouse",
        "what the mouse does here; what it does not is left to the terminal",
        "full, scroll or off",
        OneOf("full", "scroll", "off"),
    ),
    Setting(
        "motion",
        "whether anything moves by itself: smooth scrolling, a blinking cursor",
        "full or reduced",
        OneOf("full", "reduced"),
    ),
    Setting(
        "painting",
        "how much of a terminal is used to paint: auto as it is known, plain what every one does, full also erasing "
        "with a background and moving rows; from the next start on",
        "auto, plain or full",
        OneOf("auto", "plain", "full"),
    ),
    Setting("ascii", "whether only ASCII is drawn; unset, where the locale is not UTF-8", "true or false", yes_or_no),
    Setting("hints", "whether frames show their keys", "true or false", yes_or_no),
    Setting("leader", "the key that begins a pair of keys, as in leader m; empty for none", "a key like ctrl+x", text),
    Setting(
        "keys", "other keys for actions", 'a table like [keys] with lines like models = "ctrl+l"', _keys, _judge_key
    ),
    Setting(
        "send_reasoning",
        "whether a model gets its earlier thoughts back; auto does as each model wants it",
        "auto, always or never",
        OneOf(*SEND_REASONING),
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
        "budget",
        "what may be spent, in US dollars, on an answer, in a conversation, on a day, in a month",
        "a table like [budget] with any of answer, conversation, day, month, as in day = 1.50",
        read_budget,
        judge_budget,
    ),
    Setting(
        "gateway",
        "gateways with a name, for --gateway NAME",
        "tables like [gateway.work] with at least base_url",
        read_gateways,
        judge_gateway,
    ),
    Setting(
        "preset",
        "a model, a system prompt, tools and parameters under one name, for --preset NAME and /preset NAME",
        "tables like [preset.short] with any of model, system, tools, temperature …",
        read_presets,
        judge_preset,
    ),
)
DEFAULTS: Final = Settings()
BY_KEY: Final[Mapping[str, Setting]] = {setting.key: setting for setting in SETTINGS}
