"""The tables `[gateway.NAME]`: their fields, what each may hold, and what is wrong with one that cannot be used.

A gateway whose address, headers or key cannot be used as they are written is left out: a default in their place would
send a request elsewhere, or with another key, than was meant. Messages never quote a value, which may be a secret.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from urllib.parse import unquote

import msgspec

from tui_chat.core.errors import SettingsError
from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.core.nearest import nearest
from tui_chat.settings.header_text import check_header_name, check_header_value
from tui_chat.settings.named_gateway import BEARER, NO_KEY, FromCommand, FromVariable, HeaderSource, NamedGateway
from tui_chat.settings.problem import Fault
from tui_chat.settings.secret_key import KEY_VARIABLE, SecretKey

SEND_REASONING: Final = ("auto", "always", "never")
TAGS_ALLOWED: Final = 'a list of pairs like [["<think>", "</think>"]]; an empty one leaves the text as it is'
_NAME = lazy_pattern(r"[A-Za-z0-9_-]{1,64}")
_VARIABLE = lazy_pattern(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_CONTROL = lazy_pattern(r"[\x00-\x1f\x7f-\x9f]")
_USER_PART = lazy_pattern(r"\s*(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://)(?P<user>[^/?#]*)@")
_MOST_TAGS: Final = 32
_LONGEST_TAG: Final = 64
_COMMAND: Final = 'must be a command as a list of words, like ["pass", "show", "work"]; no shell reads it'
_HEADER: Final = 'must be a text, { env = "NAME" } or { command = ["…"] }'


def read_gateways(offered: object) -> Mapping[str, NamedGateway] | None:
    """The gateways of the table `gateway`; None where one of them cannot be used."""
    if not isinstance(offered, Mapping):
        return None
    read = {name: _read(name, table)[0] for name, table in offered.items()}
    usable = {name: gateway for name, gateway in read.items() if gateway is not None}
    return usable if len(usable) == len(read) else None


def judge_gateway(name: str, offered: object) -> tuple[Fault, ...]:
    """What is wrong in one table `[gateway.NAME]`."""
    return _read(name, offered)[1]


def tag_pairs(offered: object) -> tuple[tuple[str, str], ...] | None:
    """Pairs of tags, each an opening and a closing one that differ; None where it is anything else."""
    if not isinstance(offered, list | tuple) or len(offered) > _MOST_TAGS:
        return None
    pairs = tuple(tuple(pair) for pair in offered if isinstance(pair, list | tuple))
    read = tuple((pair[0], pair[1]) for pair in pairs if len(pair) == 2 and all(map(_is_tag, pair)))
    return read if len(read) == len(offered) and all(opening != closing for opening, closing in read) else None


def _is_tag(word: object) -> bool:
    return isinstance(word, str) and 0 < len(word) <= _LONGEST_TAG and word == word.strip() and word.isprintable()


class _Address(msgspec.Struct, frozen=True):
    base_url: str
    login: SecretKey | None


def _read(name: str, offered: object) -> tuple[NamedGateway | None, tuple[Fault, ...]]:
    """The gateway, None where it cannot be used, and its faults."""
    if not _NAME.fullmatch(name):
        return None, (Fault((), "a gateway's name takes letters, digits, - and _, and no more than 64 of them"),)
    if not isinstance(offered, Mapping):
        return None, (Fault((), f'must be a table like [gateway.{name}] with a line like base_url = "https://…"'),)
    faults = [Fault((field,), _unknown(field), is_fatal=False) for field in offered if field not in _FIELDS]
    read: dict[str, object] = {}
    for field, (reader, is_fatal) in _FIELDS.items():
        if field in offered:
            try:
                read[field] = reader(offered[field])
            except _Refused as refused:
                faults.append(Fault((field, *refused.path), str(refused), is_fatal))
            except SettingsError as refused:
                faults.append(Fault((field,), f"{refused.failure.message} {refused.failure.advice}", is_fatal))
    if "base_url" not in offered:
        faults.append(Fault((), 'needs a base_url, like base_url = "https://…"'))
    if not any(fault.is_fatal for fault in faults):
        address = read.pop("base_url")
        assert isinstance(address, _Address)
        gateway = msgspec.structs.replace(NamedGateway(name, address.base_url, address.login), **read)
        faults += _contradictions(gateway)
        if not any(fault.is_fatal for fault in faults):
            return gateway, tuple(faults)
    return None, tuple(faults)


def _contradictions(gateway: NamedGateway) -> Iterable[Fault]:
    """Fields that cannot both be meant."""
    if gateway.key_command is None or gateway.key_header:
        return
    if gateway.auth == NO_KEY:
        yield Fault(("key_command",), 'auth = "none" sends no key; leave one of the two out')
    else:
        yield Fault(("key_command",), "one of the headers stands where the key goes; leave one of the two out")


class _Refused(Exception):
    """A value of a field that cannot be used, in words that do not quote it."""

    def __init__(self, message: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


def _address(value: object) -> _Address:
    """The base URL, and apart from it the user and the password that it may carry."""
    if not isinstance(value, str):
        raise _Refused("must be an http or https address")
    from tui_chat.settings.base_url import mend_base_url  # its parsers are not needed without a gateway

    carried = _USER_PART.match(value)
    if carried is None:
        return _Address(mend_base_url(value), None)
    url = mend_base_url(carried["scheme"] + value[carried.end() :])
    name, _, password = carried["user"].partition(":")
    login = f"{unquote(name)}:{unquote(password)}"
    if _CONTROL.search(login):
        raise _Refused("has a user name or a password with a character that no header can carry")
    return _Address(url, SecretKey(login))


def _model(value: object) -> str:
    if not isinstance(value, str) or _CONTROL.search(value):
        raise _Refused("must be a model id")
    return value.strip()


def _auth(value: object) -> str:
    if not isinstance(value, str):
        raise _Refused('must be "bearer", "none" or the name of the header that carries the key')
    if value.lower() in (BEARER, NO_KEY):
        return value.lower()
    try:
        check_header_name(value)
    except SettingsError as refused:
        raise _Refused(f'{refused.failure.message}; it must be "bearer", "none" or a header\'s name') from None
    return value


def _headers(value: object) -> tuple[tuple[str, HeaderSource], ...]:
    if not isinstance(value, Mapping):
        raise _Refused('must be a table like { X-Team = "red" }')
    headers: dict[str, tuple[str, HeaderSource]] = {}
    for name, source in value.items():
        try:
            check_header_name(name)
            if name.lower() in headers:
                raise _Refused("is there twice: capitals make no other header")
            headers[name.lower()] = (name, _source(source))
        except _Refused as refused:
            raise _Refused(str(refused), (name,)) from None
        except SettingsError as refused:
            words = f"{refused.failure.message}. {refused.failure.advice}"
            raise _Refused(words, (name,) if name.isprintable() else ()) from None
    return tuple(headers.values())


def _source(value: object) -> HeaderSource:
    match value:
        case str():
            return SecretKey(check_header_value(value))
        case {"env": str(variable), **others} if not others:
            if not _VARIABLE.fullmatch(variable):
                raise _Refused('must name a variable of the environment, like { env = "WORK_KEY" }')
            if variable == KEY_VARIABLE:
                raise _Refused(f"{KEY_VARIABLE} never goes to a gateway with a name; put its key into another variable")
            return FromVariable(variable)
        case {"command": argv, **others} if not others:
            return _command(argv)
        case _:
            raise _Refused(_HEADER)


def _command(value: object) -> FromCommand:
    if not isinstance(value, list | tuple) or not value or not all(isinstance(word, str) for word in value):
        raise _Refused(_COMMAND)
    if not value[0].strip() or any("\x00" in word for word in value):
        raise _Refused(_COMMAND)
    return FromCommand(tuple(value))


def _tags(value: object) -> tuple[tuple[str, str], ...]:
    pairs = tag_pairs(value)
    if pairs is None:
        raise _Refused(f"must be {TAGS_ALLOWED}")
    return pairs


def _send_reasoning(value: object) -> str:
    if not isinstance(value, str) or value not in SEND_REASONING:
        raise _Refused("must be auto, always or never")
    return value


_FIELDS: Final[Mapping[str, tuple[Callable[[object], object], bool]]] = {
    "base_url": (_address, True),
    "model": (_model, False),
    "headers": (_headers, True),
    "auth": (_auth, True),
    "key_command": (_command, True),
    "thinking_tags": (_tags, False),
    "send_reasoning": (_send_reasoning, False),
}
"""The reader of each field, and whether the gateway cannot be used without what was meant."""


def _unknown(field: str) -> str:
    close = nearest(field, _FIELDS)
    return f"unknown; did you mean {close}?" if close else f"unknown; there are {', '.join(_FIELDS)}"
