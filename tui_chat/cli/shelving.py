"""`tui-chat history rename`, `archive` and `restore`: changes of a conversation that leave its messages alone."""

from typing import TextIO

from tui_chat.chat.ports import Store
from tui_chat.cli.listing import conversation_object
from tui_chat.cli.table import write_json
from tui_chat.core.sanitize import sanitize_line, without_harmful


async def rename(store: Store, out: TextIO, id_prefix: str, name: str, *, as_json: bool) -> None:
    """Give a conversation another name."""
    conversation_id = (await store.find(id_prefix)).id
    await store.rename(conversation_id, without_harmful(name).strip() or sanitize_line(name))
    await _tell(store, out, conversation_id, "Renamed", as_json=as_json)


async def shelve(store: Store, out: TextIO, id_prefix: str, *, archived: bool, as_json: bool) -> None:
    """Put a conversation into the archive, or take it out; where it is there already, it is said all the same."""
    conversation_id = (await store.find(id_prefix)).id
    await store.set_archived(conversation_id, archived)
    await _tell(store, out, conversation_id, "Archived" if archived else "Restored", as_json=as_json)


async def _tell(store: Store, out: TextIO, conversation_id: str, what: str, *, as_json: bool) -> None:
    row = await store.find(conversation_id)
    if as_json:
        write_json(out, conversation_object(row))
    else:
        out.write(f"{what} {row.id}  {sanitize_line(row.title)}\n")
