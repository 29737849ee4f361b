"""Reads an export in a test."""

import json

from tui_chat.core.parts import Part, Role
from tui_chat.core.tree import Node
from tui_chat.transcripts.importers.found import Transcript
from tui_chat.transcripts.importers.json_files import read_json


def read(value: object, pictures: dict[str, str] | None = None) -> list[Transcript]:
    """The conversations of an export, all of which can be read."""
    found = list(read_json(json.dumps(value).encode(), (pictures or {}).get).transcripts)
    assert all(isinstance(one, Transcript) for one in found), found
    return [one for one in found if isinstance(one, Transcript)]


def read_one(value: object, pictures: dict[str, str] | None = None) -> Transcript:
    """The only conversation of an export."""
    (one,) = read(value, pictures)
    return one


def by_id(transcript: Transcript) -> dict[str, Node]:
    """The messages by id."""
    return {node.id: node for node in transcript.nodes}


def parts(transcript: Transcript, id_: str) -> tuple[Part, ...]:
    """The parts of a message."""
    return by_id(transcript)[id_].message.parts


def shape(transcript: Transcript) -> list[tuple[str, str | None, Role]]:
    """Ids, parents and roles of the messages."""
    return [(node.id, node.parent_id, node.message.role) for node in transcript.nodes]
