"""Folders for config, data, state and cache on this machine. Finding them creates nothing."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

APP_NAME = "tui-chat"


class Paths(msgspec.Struct, frozen=True):
    """The four folders, which may be the same one. None of them need exist."""

    config: Path
    data: Path
    state: Path
    cache: Path

    @property
    def config_file(self) -> Path:
        """The settings."""
        return self.config / "config.toml"

    @property
    def tools_file(self) -> Path:
        """The tools that count where the settings name no other file."""
        return self.config / "tools.toml"

    @property
    def credentials_file(self) -> Path:
        """The API keys that `/connect` saved."""
        return self.config / "credentials.toml"

    @property
    def consents_file(self) -> Path:
        """The project files that were agreed to."""
        return self.state / "projects.toml"

    @property
    def permissions_file(self) -> Path:
        """The permissions of tool calls that are kept."""
        return self.data / "allowed.toml"

    @property
    def database(self) -> Path:
        """The conversations."""
        return self.data / "conversations.db"

    @property
    def prompts_file(self) -> Path:
        """The prompt history."""
        return self.state / "prompts.jsonl"

    @property
    def own_prompts(self) -> Path:
        """The user's own prompts, one Markdown file each."""
        return self.config / "prompts"

    @property
    def drafts(self) -> Path:
        """Drafts: text that was written and not sent."""
        return self.state / "drafts"

    @property
    def stash(self) -> Path:
        """The stash: drafts that were put aside."""
        return self.state / "stash"

    @property
    def favourites(self) -> Path:
        """The favourite models."""
        return self.state / "favourites.json"

    @property
    def themes(self) -> Path:
        """The user's own themes."""
        return self.config / "themes"


def find_paths(environ: Mapping[str, str]) -> Paths:
    """Find the folders: `TUI_CHAT_HOME` for everything where it is set, else the platform's usual ones."""
    if home := environ.get("TUI_CHAT_HOME"):
        folder = Path(os.path.abspath(os.path.expanduser(home)))
        return Paths(config=folder, data=folder, state=folder, cache=folder)
    from platformdirs import PlatformDirs  # 10 ms, which are saved where `TUI_CHAT_HOME` is set

    usual = PlatformDirs(APP_NAME, appauthor=False)
    return Paths(
        config=usual.user_config_path,
        data=usual.user_data_path,
        state=usual.user_state_path,
        cache=usual.user_cache_path,
    )
