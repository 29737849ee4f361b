"""demo/thinker: reasons first, in the `reasoning` field, then answers.

Sums are really worked out; for anything else it only puts the question in order.
"""

from tui_chat.demo import arithmetic, filling
from tui_chat.demo.plan import Move, Plan, Say, Think
from tui_chat.demo.seed import pick, sample


def answer(prompt: str, effort: str) -> Plan:
    """Answer with reasoning; an `effort` of `none` or `minimal` omits the reasoning."""
    found = arithmetic.find(prompt)
    thought, said = _sum(found) if found else _frame(prompt)
    moves: tuple[Move, ...] = (Say(said),) if effort in ("none", "minimal") else (Think(thought), Say(said))
    return Plan(moves, first_s=0.6)


def _sum(found: arithmetic.Sum) -> tuple[str, str]:
    if found.value is None:
        return (
            f"The question is {found.shown}. Something is divided by zero there, and no number times zero "
            "gives it back. So there is no value to report, and I should say so instead of inventing one.",
            f"`{found.shown}` has no value: it divides by zero.\n",
        )
    value = arithmetic.shown(found.value)
    lines = [
        f"{arithmetic.exact(step.left)} {step.sign} {arithmetic.exact(step.right)} = {arithmetic.shown(step.result)}"
        for step in found.steps
    ]
    order = "Powers come first, then products and quotients, then sums; brackets before all of them."
    thought = (
        f"I am asked for {found.shown}. {order if len(lines) > 1 else 'That is one step.'}\n\n"
        + "\n".join(f"Step {number}: {line}" for number, line in enumerate(lines, 1))
        + f"\n\nLet me check that backwards: {_check(found)}. Good, the result is {value}."
    )
    if len(lines) == 1:
        return thought, f"**{lines[0]}**\n"
    steps = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    return thought, f"**{found.shown} = {value}**\n\nStep by step:\n\n{steps}\n"


def _check(found: arithmetic.Sum) -> str:
    last = found.steps[-1]
    left, right, result = (arithmetic.exact(number) for number in (last.left, last.right, last.result))
    match last.sign:
        case "+":
            return f"{result} − {right} = {left}"
        case "−":
            return f"{result} + {right} = {left}"
        case "×" if last.right:
            return f"{result} ÷ {right} = {left}"
        case "÷":
            return f"{result} × {right} = {left}"
        case _:
            return f"{left} {last.sign} {right} is again {result}"


_LENSES = (
    ("what is being asked for", "the answer has a form: a choice, a reason, a number or a plan"),
    ("who asks", "the same question wants another answer from a beginner than from an expert"),
    ("what would change the answer", "a fact that cannot change it need not be looked up"),
    ("the simplest case", "if the idea fails there, nothing larger will save it"),
    ("the opposite", "arguing for it shows which of my reasons are only habits"),
    ("what it costs to be wrong", "cheap mistakes may be made quickly, dear ones slowly"),
    ("what is known already", "most questions are a known one in other clothes"),
    ("the next step", "an answer that cannot be acted on is an opinion"),
)


def _frame(prompt: str) -> tuple[str, str]:
    subject = filling.topic(prompt)
    lenses = sample(_LENSES, 4, prompt)
    first = pick(("The question is about", "So this is about", "Let me first see what this is about:"), prompt, "first")
    thought = (
        f"{first} “{subject}”.\n\nI am a script, so I know nothing about it that was not in the question. "
        "What I can do honestly is to put it in order. Which sides does it have?\n\n"
        + "\n".join(f"- {name}: {reason}." for name, reason in lenses)
        + "\n\nThe order matters: the one that can end the question early goes first. "
        "Then a check: does each step leave something in hand? Yes. That will do."
    )
    steps = "\n".join(
        f"{number}. **{name[0].upper()}{name[1:]}.** Because {reason}."
        for number, (name, reason) in enumerate(lenses, 1)
    )
    said = (
        f"Here is an order in which to think about **{subject}**:\n\n{steps}\n\n"
        "> I am a demo model: the order is real, knowledge I have none. "
        "Give me a sum, say `(17 + 4) * 2 / 3`, and I work it out.\n"
    )
    return thought, said
