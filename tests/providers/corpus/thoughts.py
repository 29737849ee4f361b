# ruff: noqa: E501  # one case reads best in few lines
"""Thoughts that come inside the text: closed and never opened, between the tags that models write, in channels."""

from tests.providers.corpus.case import Case
from tests.providers.streams import DONE, call, calls, chunk, text
from tui_chat.providers.thinking_tags import TAGS

STOP = chunk(finish="stop")
ANALYSIS, FINAL = "<|channel|>analysis<|message|>", "<|start|>assistant<|channel|>final<|message|>"
CALLED = '<|channel|>commentary to=functions.get_tide <|constrain|>json<|message|>{"harbour":"Husum"}<|call|>'


def _said(name: str, words: list[str], reasoning: str, said: str) -> Case:
    return Case(name, b"".join(map(text, words)) + STOP + DONE, said, reasoning=reasoning)


def _unopened(name: str, words: list[str], reasoning: str, said: str) -> Case:
    return _said(f"never opened: {name}", words, reasoning, said)


def _channels(name: str, words: list[str], reasoning: str, said: str) -> Case:
    return _said(f"channels: {name}", words, reasoning, said)


UNOPENED = (
    _unopened("on a line of its own", ["17*20 is 340,", " 17*4 is 68.\n</th", "ink>\n\n", "408"], "17*20 is 340, 17*4 is 68.", "408"),
    _unopened("behind a sentence (DeepSeek V3.1)", ["It is 408.</think>408"], "It is 408.", "408"),
    _unopened("letter by letter", list("Let me see.\n</think>\n\n408"), "Let me see.", "408"),
    _unopened("nothing follows", ["Let me see.\n</think>"], "Let me see.", ""),
    _unopened("nothing before it", ["\n</think>\n\n408"], "", "408"),
    _unopened("twice: the first one counts", ["So.\n</think>\na\n</think>\nb"], "So.", "a\n</think>\nb"),
    _unopened("many lines", ["a\n\n", "b\n", "\n" * 80, "c.\n", "</think>", "d"], "a\n\nb\n" + "\n" * 80 + "c.", "d"),
    _unopened("an emoji", ["\U0001f40e.\n", "</think>\n\U0001f40e"], "\U0001f40e.", "\U0001f40e"),
    _unopened("another model's", ["So it is.\n</seed:think>yes"], "So it is.", "yes"),
    _unopened("Kimi's", ["So it is.◁/think▷yes"], "So it is.", "yes"),
    _unopened("in code", ["Models write `a.\n</think>` behind it."], "", "Models write `a.\n</think>` behind it."),
    _unopened("in a fence", ["So:\n```\n", "a.\n</think>\n```\nb"], "", "So:\n```\na.\n</think>\n```\nb"),
    _unopened("quoted", ['The tag "</think>" ends it.'], "", 'The tag "</think>" ends it.'),
    _unopened("opened in the text", ["So: <think>", "a.\n</think>b"], "", "So: <think>a.\n</think>b"),
    _unopened("half of it at the end", ["So.\n</thi"], "", "So.\n</thi"),
    _unopened("white space at the end", ["So. \n\n"], "", "So. \n\n"),
    Case("never opened: thoughts came in their field", chunk({"reasoning": "hm"}) + text("a.\n</think>b") + STOP + DONE,
         "a.\n</think>b", reasoning="hm"),
    Case("never opened: nothing before it, thoughts came in their field", chunk({"reasoning": "hm"}) + text("</think>\n\nb")
         + STOP + DONE, "b", reasoning="hm"),
    Case("never opened: behind a call", text("a.") + calls(call("{}", index=0, id="i", name="f")) + text("\n</think>b")
         + chunk(finish="tool_calls") + DONE, "a.\n</think>b", calls=(("i", "f", "{}"),), finish="tool_calls"),
)  # fmt: skip

TAGGED = (
    *(_said(f"tag: {tag.opening}", [f"{tag.opening}\nwhy\n{tag.closing}\n\n", "so"], "why", "so") for tag in TAGS),
    *(
        _said(f"tag, letter by letter: {tag.opening}", list(f"{tag.opening}\nwhy\n{tag.closing}\nso"), "why", "so")
        for tag in TAGS
    ),
    *(
        _said(
            f"tag, later: {tag.opening}", [f"so {tag.opening}why{tag.closing}"], "", f"so {tag.opening}why{tag.closing}"
        )
        for tag in TAGS
    ),
    _said(
        "tag, doubted: nothing but the block", ["\n<thinking>why", "</thinking>\n"], "", "\n<thinking>why</thinking>\n"
    ),
    _said("tag, doubted: never closed", ["<reasoning>why ", "not"], "", "<reasoning>why not"),
)

CHANNELS = (
    _channels("thoughts and an answer", [ANALYSIS + "A greet", "ing.<|end|><|start|>assistant<|chan", "nel|>final<|message|>Good", " day!<|return|>"], "A greeting.", "Good day!"),
    _channels("letter by letter", list(f"{ANALYSIS}hm<|end|>{FINAL}yes<|return|>"), "hm", "yes"),
    _channels("an answer alone", ["<|channel|>final<|message|>yes"], "", "yes"),
    _channels("from the role on", ["<|start|>assistant" + ANALYSIS + "hm<|end|>" + FINAL + "yes"], "hm", "yes"),
    _channels("no mark at the end", [ANALYSIS + "hm<|end|>" + FINAL + "yes\n"], "hm", "yes\n"),
    _channels("no end between them", [ANALYSIS + "hm" + FINAL + "yes"], "hm", "yes"),
    _channels("white space between them", [ANALYSIS + "hm<|end|>\n\n" + FINAL + "yes"], "hm", "yes"),
    _channels("thoughts twice", [ANALYSIS + "a<|end|><|start|>assistant" + ANALYSIS + "b<|end|>" + FINAL + "yes"], "a\n\nb", "yes"),
    _channels("words to the person on the way", ["<|channel|>commentary<|message|>I look.<|end|>" + FINAL + "yes"], "", "I look.\n\nyes"),
    _channels("thoughts alone", [ANALYSIS + "hm"], "hm", ""),
    _channels("cut in a header", [ANALYSIS + "hm<|end|><|start|>assis"], "hm", ""),
    _channels("a call", [ANALYSIS + "hm<|end|>" + CALLED], "hm", CALLED),
    _channels("words behind the last mark", ["<|channel|>final<|message|>yes<|end|> and no"], "", "yes\n\nand no"),
    _channels("half a header", ["<|channel|>final"], "", "<|channel|>final"),
    _channels("a mark that is spoken of", ["So <|channel|>final<|message|>"], "", "So <|channel|>final<|message|>"),
    _channels("no header", ["<|channel|>" + "x" * 300], "", "<|channel|>" + "x" * 300),
)  # fmt: skip

CASES = (*UNOPENED, *TAGGED, *CHANNELS)
