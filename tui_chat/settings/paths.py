"""Where config, data, state and cache live on this machine. Looking for them creates nothing."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

APP_NAME = "tui-chat"


class Paths(msgspec.Struct, frozen=True):
    """Four folders, which may be one. None of them need exist."""

    config: Path
    data: Path
    state: Path
    cache: Path

    @property
    def config_file(self) -> Path:
        """The settings."""
        return self.config / "config.toml"

    @property
    def credentials_file(self) -> Path:
        """The keys that `/connect` saved."""
        return self.config / "credentials.toml"

    @property
    def prompts_file(self) -> Path:
        """Prompts that were sent, for recalling them."""
        return self.state / "prompts.jsonl"

    @property
    def drafts(self) -> Path:
        """What is written and not sent."""
        return self.state / "drafts"

    @property
    def stash(self) -> Path:
        """Drafts that were put aside on purpose."""
        return self.state / "stash"

    @property
    def themes(self) -> Path:
        """The user's own themes."""
        return self.config / "themes"


def find_paths(environ: Mapping[str, str]) -> Paths:
    """`TUI_CHAT_HOME` for everything where it is set, else the platform's usual places."""
    if home := environ.get("TUI_CHAT_HOME"):
        folder = Path(os.path.abspath(os.path.expanduser(home)))
        return Paths(config=folder, data=folder, state=folder, cache=folder)
    from platformdirs import PlatformDirs  # costs 10 ms, which a set home or a test need not pay

    usual = PlatformDirs(APP_NAME, appauthor=False)
    return Paths(
        config=usual.user_config_path,
        data=usual.user_data_path,
        state=usual.user_state_path,
        cache=usual.user_cache_path,
    )
