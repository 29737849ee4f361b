"""Exports of other programs, written by hand after what is known of their forms."""

from tui_chat.transcripts.importers.foreign import Object

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAACAAAB4iG8MwAAAABJRU5ErkJggg=="  # one pixel


def node(key: str, parent: str | None, message: Object | None = None, *children: str) -> Object:
    """A node of ChatGPT's mapping."""
    return {"id": key, "parent": parent, "children": list(children), "message": message}


def said(key: str, role: str, content: object, at: float | None = 1.0, **more: object) -> Object:
    """A message of ChatGPT's; a text is a content of that type."""
    content = {"content_type": "text", "parts": [content]} if isinstance(content, str) else content
    author = {"role": role, "name": more.pop("name", None), "metadata": {}}
    return {"id": key, "author": author, "create_time": at, "content": content, **more}


def by(model: str, **more: object) -> Object:
    """The metadata of an answer."""
    return {"model_slug": model, **more}


def chatgpt() -> Object:
    """A conversation with everything in it that ChatGPT writes."""
    hidden = {"is_visually_hidden_from_conversation": True}
    context = {"content_type": "user_editable_context", "user_profile": "made up", "user_instructions": "be nice"}
    picture = {
        "content_type": "image_asset_pointer",
        "asset_pointer": "file-service://file-Aa1",
        "width": 1,
        "height": 1,
    }
    sound = {"content_type": "audio_asset_pointer", "asset_pointer": "sediment://file_00f", "format": "wav"}
    thoughts = {"content_type": "thoughts", "thoughts": [{"summary": "Look", "content": "At the table."}]}
    recap = {"content_type": "reasoning_recap", "content": "Thought for 8 seconds"}
    run = {"content_type": "code", "language": "python", "text": "print(14)"}
    printed = {"content_type": "execution_output", "text": "14"}
    quote = {"content_type": "tether_quote", "url": "https://tides.test/", "title": "Tides", "text": "Noon."}
    cited = {"citations": [{"metadata": {"title": "Tides", "url": "https://tides.test/"}}]}
    mapping = {
        "client-created-root": node("client-created-root", None, None, "s"),
        "s": node("s", "client-created-root", said("s", "system", "", metadata=hidden), "h"),
        "h": node("h", "s", said("h", "user", context, metadata=hidden), "q"),
        "q": node("q", "h", said("q", "user", {"content_type": "multimodal_text", "parts": [picture, "When?"]}), "t"),
        "t": node("t", "q", said("t", "assistant", thoughts, 2.0), "c"),
        "c": node("c", "t", said("c", "assistant", run, 3.0, recipient="python", metadata=by("gpt-5")), "r"),
        "r": node("r", "c", said("r", "tool", printed, 4.0, name="python"), "w"),
        "w": node("w", "r", said("w", "tool", quote, 4.5, name="browser"), "e"),
        "e": node("e", "w", said("e", "assistant", recap, 5.0), "a"),
        "a": node("a", "e", said("a", "assistant", "At 14.", 6.0, metadata=by("gpt-5-thinking", **cited)), "q2", "q3"),
        "q2": node("q2", "a", said("q2", "user", "And tomorrow?", 7.0), "a2"),
        "q3": node("q3", "a", said("q3", "user", "And in Brest?", 8.0), "a3"),
        "a2": node("a2", "q2", said("a2", "assistant", "At 15.", 7.5, metadata=by("gpt-4o"))),
        "a3": node("a3", "q3", said("a3", "assistant", {"content_type": "multimodal_text", "parts": [sound]}, None)),
    }
    return {
        "title": "Tides",
        "create_time": 1.0,
        "update_time": 9.0,
        "conversation_id": "68c13686-4a3c-8329-940b-479ccb6a079f",
        "default_model_slug": "gpt-5-thinking",
        "current_node": "a2",
        "mapping": mapping,
    }


CALL = (
    '<details type="reasoning" done="true" duration="7">\n<summary>Thought for 7 seconds</summary>\n'
    "> weighing &amp; options\n> again\n</details>\n"
    '<details type="tool_calls" done="true" id="call_1" name="tide" arguments="{&quot;port&quot;: &quot;Brest&quot;}"'
    ' result="&quot;14:05&quot;">\n<summary>Tool Executed</summary>\n</details>\nAt 14:05.'
)


def open_webui() -> Object:
    """A chat with everything in it that Open WebUI writes."""
    files = [
        {"type": "image", "url": f"data:image/png;base64,{PNG}"},
        {"type": "image", "url": "/api/v1/files/abc"},
        {"type": "file", "name": "tides.txt", "file": {"filename": "tides.txt", "data": {"content": "Noon."}}},
    ]
    output = [
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "check"}]},
        {"type": "function_call", "call_id": "call_9", "name": "tide", "arguments": '{"port":"Brest"}'},
        {"type": "function_call_output", "call_id": "call_9", "output": [{"type": "input_text", "text": "15:00"}]},
        {"type": "message", "content": [{"type": "output_text", "text": "At 15:00."}]},
    ]
    sources = [{"source": {"name": "Tides", "url": "https://tides.test/"}, "document": ["x"], "metadata": [{}]}]
    messages = {
        "u1": message("u1", None, "user", "When?", files=files),
        "a1": message("a1", "u1", "assistant", CALL, model="llama3", usage={"prompt_tokens": 5}),
        "a2": message("a2", "u1", "assistant", "At 15:00.", model="qwen", output=output, sources=sources),
        "u2": message("u2", "a2", "user", "Sure?"),
        "a3": message("a3", "u2", "assistant", "", model="qwen", error={"content": "boom"}),
    }
    chat = {
        "id": "",
        "title": "Tides",
        "models": ["llama3"],
        "params": {"system": "Be brief.", "temperature": 2},
        "history": {"messages": messages, "currentId": "a3"},
        "messages": [],
        "timestamp": 1_700_000_000_000,
    }
    return {
        "id": "b1c2d3e4-0000-4000-8000-000000000000",
        "user_id": "u",
        "title": "Tides",
        "chat": chat,
        "archived": False,
    }


def message(key: str, parent: str | None, role: str, content: object, **more: object) -> Object:
    """A message of Open WebUI's."""
    at = 1_700_000_000 + len(key)
    return {"id": key, "parentId": parent, "childrenIds": [], "role": role, "content": content, "timestamp": at, **more}
