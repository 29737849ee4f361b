# mypy: ignore-errors
"""Writes a `logs.db` with the program `llm` itself: `python make_logs.py FILE`, where that version is installed.

The three files beside this were written so by llm 0.13, 0.27.1 and 0.36; small pages keep them small.
"""

import inspect
import sys

import llm
import sqlite_utils
from llm.migrations import migrate

try:
    from llm.parts import StreamEvent
except ImportError:
    StreamEvent = None

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc33"
    "0000000049454e44ae426082"
)


class Echo(llm.Model):
    model_id = "echo-1"
    can_stream = True
    supports_tools = True
    attachment_types = {"image/png"}

    def execute(self, prompt, stream, response, conversation=None, *rest):
        if hasattr(response, "set_usage"):
            response.set_usage(input=7, output=3)
        results = getattr(prompt, "tool_results", None)
        if results:
            yield "At " + results[0].output
        elif getattr(prompt, "tools", None):
            response.add_tool_call(llm.ToolCall(name="tide", arguments={"port": "Brest"}, tool_call_id="call_1"))
            yield "I look. "
        elif StreamEvent is None:
            yield "Echo: " + (prompt.prompt or "")
        else:
            yield StreamEvent(type="reasoning", chunk="A tide question.")
            yield StreamEvent(type="text", chunk="Echo: " + (prompt.prompt or ""))


def tide(port: str) -> str:
    "High water of a port."
    return "14:05"


def main(file):
    db = sqlite_utils.Database(file)
    db.execute("PRAGMA page_size = 512")
    migrate(db)
    model = Echo()
    conversation = model.conversation()

    def ask(words, **more):
        response = conversation.prompt(words, **more)
        response.text()
        response.log_to_db(db)

    ask("When is high water?", system="Be brief.")
    attached = {}
    if hasattr(llm, "Attachment"):
        pictures = [{"content": PICTURE}, {"url": "https://tides.test/a.png"}]
        attached["attachments"] = [llm.Attachment(type="image/png", **picture) for picture in pictures]
    ask("And in this picture?", **attached)
    if "fragments" in inspect.signature(llm.Model.prompt).parameters:
        ask("Sum it up.", fragments=[llm.Fragment("High water is at noon.\n" * 3, "tides.txt")])
    if hasattr(llm, "ToolCall"):
        chain = model.conversation().chain("When in Brest?", tools=[tide])
        chain.text()
        chain.log_to_db(db)


main(sys.argv[1])
