"""The writer's short forms: haiku, poem, slogan, tips and a single paragraph."""

import re

from tui_chat.demo.prose import paragraph
from tui_chat.demo.seed import number, pick, sample

_HAIKU = (
    ("Dawn on a still pond—", "one dragonfly is elsewhere", "before the ripple."),
    ("A packet takes wing.", "The kettle has not yet sung;", "the answer is here."),
    ("Swift creek after rain", "carries a leaf, then the sky,", "then a memory."),
    ("The cursor blinks once.", "Between two beats of the heart", "a whole page arrives."),
    ("Night train, quiet fields—", "the lit windows overtake", "their own reflections."),
    ("First snow on the wires.", "Every word that travels there", "arrives a bit warm."),
)
_COUPLETS = (
    ("You knock with a verb and I answer in kind,", "a small bag of brackets with meaning inside."),
    ("I promise a shape and I keep it for years,", "for contracts that alter are paid for in tears."),
    ("The header says *hurry*, the body says *wait*,", "and somewhere between them we negotiate."),
    ("Ask twice for the same and the same you shall get,", "unless it is POST, which I tend to regret."),
    ("I stream you my thoughts one by one down the line,", "so that what is half finished may already shine."),
    ("And if I must fail you, I fail with a name,", "a number, a reason, and nobody's blame."),
    ("The night has a thousand requests in its hold,", "and each gets an answer before it goes cold."),
    ("So leave me a message, whatever the hour;", "a question, well put, is the whole of my power."),
)
_SLOGANS = (
    "Answers at the speed of asking.",
    "Blink, and it is already there.",
    "Less waiting. More knowing.",
    "The first token is the fastest promise you can keep.",
    "Fast enough to feel like thinking.",
    "One key, every model, no queue.",
)
_TIPS = (
    ("Make the first run succeed", "Start without a key, a config or a question; show something that works."),
    ("Say what to do next", "An error that ends in advice is read; one that ends in a stack trace is searched for."),
    ("Write results to stdout and notes to stderr", "Then a pipe gets the answer and a person gets both."),
    ("Let every long job be stopped", "Ctrl+C should work within a second and lose nothing."),
    ("Have one obvious name for each thing", "A flag, its setting and its variable should differ only in their case."),
    ("Offer `--json` early", "Somebody will parse the pretty output otherwise, and you can never change it again."),
    ("Measure the start", "A tool that takes a second to say hello is a tool that gets an alias to avoid it."),
    ("Keep exit codes", "Scripts read nothing else."),
)
_TINY = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}


def short(prompt: str, topic: str) -> str:
    """Write the short form that the prompt names; empty where it names none."""
    lowered = prompt.lower()
    if "haiku" in lowered:
        return "\n".join(f"{line}  " for line in pick(_HAIKU, prompt)).rstrip() + "\n"
    if re.search(r"\b(poem|verse|rhyme|lyrics)\b", lowered):
        size = 2 if "short" in lowered else 4
        return "\n\n".join(f"{first}  \n{second}" for first, second in sample(_COUPLETS, size, prompt)) + "\n"
    if re.search(r"\b(slogan|tagline|motto)\b", lowered):
        return f"**{pick(_SLOGANS, prompt)}**\n"
    if tips := re.search(r"\b(\d|one|two|three|four|five|six|seven|eight)\s+(?:\w+\s+){0,2}tips?\b", lowered):
        size = int(tips[1]) if tips[1].isdigit() else _TINY[tips[1]]
        chosen = sample(_TIPS, max(1, size), prompt)
        return "\n".join(f"{at}. **{name}.** {reason}" for at, (name, reason) in enumerate(chosen, 1)) + "\n"
    if re.search(r"\b(one|a|single|short) paragraph\b|^\W*(explain|what is|what's|define)\b", lowered):
        return paragraph(topic, number(prompt)) + "\n"
    return ""
