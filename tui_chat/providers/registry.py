"""Which gateway speaks which dialect, and with which options: `providers.toml`, read once.

dialect_for(base_url) -> Dialect        by host and port, `compatible` for a stranger
providers() -> dict[str, Provider]      all of them, by name
"""

import pkgutil
import tomllib
from functools import cache
from urllib.parse import urlsplit

import msgspec

from tui_chat.providers.dialect import Dialect
from tui_chat.providers.openai_chat import OpenAIChat


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of `providers.toml`."""

    title: str
    base_url: str
    """Empty for the entry that stands for everybody else."""
    dialect: str
    inline_thinking: bool


@cache
def providers() -> dict[str, Provider]:
    """All known gateways by name."""
    text = (pkgutil.get_data(__name__, "providers.toml") or b"").decode()
    return msgspec.convert(tomllib.loads(text), dict[str, Provider])


def provider_for(base_url: str) -> Provider:
    """The gateway at a base URL; the entry for strangers where none is known there."""
    known = providers()
    place = urlsplit(base_url).netloc.rpartition("@")[2].lower()
    for provider in known.values():
        if place and urlsplit(provider.base_url).netloc == place:
            return provider
    return known["compatible"]


def dialect_for(base_url: str) -> Dialect:
    """The dialect to talk to the gateway at a base URL."""
    return OpenAIChat(inline_thinking=provider_for(base_url).inline_thinking)
