"""Writes a new table `[gateway.NAME]` at the end of the settings file; what stands before it stays as it is."""

from pathlib import Path

import tomli_w

from tui_chat.core.errors import SettingsError
from tui_chat.settings.gateways import judge_gateway, read_gateways
from tui_chat.settings.named_gateway import NamedGateway
from tui_chat.settings.save import read_bytes, replace_file
from tui_chat.settings.toml_text import read_toml


def save_gateway(file: Path, name: str, base_url: str) -> NamedGateway:
    """Give a gateway a name in the settings; nothing is written where it has this name already.

    Raises:
        SettingsError: the name cannot be one, or is taken, or the file cannot be read or written.
    """
    table = {name: {"base_url": base_url}}
    if faults := judge_gateway(name, table[name]):
        words = faults[0].message
        raise SettingsError(f"{words[:1].upper()}{words[1:]}.", "Choose another name.")
    before = read_bytes(file)
    try:
        text = (before or b"").decode("utf-8-sig")
        declared = read_toml(text).get("gateway", {})
        if isinstance(declared, dict) and name in declared:
            if (same := (read_gateways({name: declared[name]}) or {}).get(name)) and same.base_url == base_url:
                return same
            raise SettingsError(f"The settings have a gateway {name} already.", "Choose another name.")
        gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        added = f"{text}{gap}{tomli_w.dumps({'gateway': table})}"
        read_toml(added)
    except ValueError:
        raise SettingsError(
            f"{file} cannot be read, so the name was not saved.", "Correct the settings file first."
        ) from None
    replace_file(file, before, added.encode())
    gateways = read_gateways(table)
    assert gateways is not None, "it was judged"
    return gateways[name]
