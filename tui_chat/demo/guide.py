"""demo/guide: answers questions about this program by quoting the section of its manual that fits best.

Since it quotes, it says nothing that the manual does not.
"""

import re

from tui_chat.demo.plan import Plan, Say
from tui_chat.demo.seed import pick
from tui_chat.manual import Page
from tui_chat.manual.quoting import found_text
from tui_chat.manual.search import Answered, Unanswered, look_up
from tui_chat.manual.words import meanings

_COMMAND = re.compile(r"`(/[a-z]+)")
_GREETING = re.compile(r"^\W*(hi|hello|hey|hallo|hola|salut|good (morning|evening|afternoon)|moin)\b\W*\w*\W*$", re.I)
_THANKS = re.compile(r"^\W*(thanks?|thank you|thx|great|nice|cool|ok(ay)?|perfect)\b.{0,20}$", re.I)


def answer(question: str, pages: tuple[Page, ...], *, is_first: bool) -> Plan:
    """Answer a greeting with one, a question with the best section of the manual, anything else with the nearest."""
    if _GREETING.match(question) or not meanings(question):
        return Plan((Say(_greeting(pages)),))
    if _THANKS.match(question):
        return Plan((Say("You are welcome. Ask on, or type `/help` for the whole manual.\n"),))
    match look_up(question, pages):
        case Page() as page:
            text = _opened(page)
        case Answered() as found:
            opening = pick(("Here is what the manual says.", "That is in the manual.", "From the manual:"), question)
            text = _with_commands(f"{opening}\n\n{found_text(found, pages)}", found.best.section.text)
        case Unanswered() as found:
            text = _unknown(question, found, pages, is_first=is_first)
    return Plan((Say(text),))


def _opened(page: Page) -> str:
    """The beginning of a page, and what else is on it."""
    *before, first = page.sections[: 1 if page.sections[0].title else 2]
    opening = "".join(f"{section.text}\n\n" for section in before)
    rest = [section.title for section in page.sections if section.title and section is not first]
    more = (
        f"\n\nThe page goes on with {', '.join(f'*{title}*' for title in rest)}: ask for one of them." if rest else ""
    )
    heading = f"## {page.title}\n\n{opening}" + (f"### {first.title}\n\n" if first.title else "")
    return _with_commands(f"{heading}{first.text}{more}", first.text)


def _with_commands(text: str, quoted: str) -> str:
    commands = list(dict.fromkeys(_COMMAND.findall(quoted)))
    related = " ".join(f"`{command}`" for command in commands[:6])
    last = f"*Related:* {related} · the whole manual is under F1." if related else "*The whole manual is under F1.*"
    return f"{text}\n\n{last}\n"


def _greeting(pages: tuple[Page, ...]) -> str:
    topics = "\n".join(f"- {page.title}" for page in pages)
    return (
        "Hello! I am the guide, a small scripted model that lives inside this program. Nothing you type here leaves "
        "your machine.\n\n"
        "Ask me anything about the program, for example *How do I stop an answer?* or *Where are my conversations?*\n\n"
        "Or try my colleagues:\n\n"
        "| type | to see |\n| --- | --- |\n"
        "| `/model demo/writer` | a long answer with lists, tables and code |\n"
        "| `/model demo/thinker` | reasoning before the answer, and honest sums |\n"
        "| `/model demo/tools` | tool calls with arguments that arrive piece by piece |\n"
        "| `/model demo/flaky` | what failures look like |\n\n"
        f"I know these pages:\n\n{topics}\n\n"
        "When you have a key, `/connect` brings you to real models.\n"
    )


def _unknown(question: str, found: Unanswered, pages: tuple[Page, ...], *, is_first: bool) -> str:
    topics = ", ".join(f"*{page.title}*" for page in pages)
    meeting = "I am the guide: I only know this program, by heart. " if is_first else "I only know this program. "
    offer = pick(
        (
            "For something longer try `/model demo/writer`; for a sum, `/model demo/thinker`.",
            "`/model demo/writer` writes about anything, and `/model demo/thinker` does sums.",
        ),
        question,
    )
    pages_of = "" if found.nearest or not pages else f" Its pages are {topics}."
    return f"{meeting}{found_text(found, pages)}{pages_of}\n\n{offer} A real model is one `/connect` away.\n"
