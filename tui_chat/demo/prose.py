"""Sentences that hold for nearly every subject, and paragraphs made of them.

A paragraph is an opening, two or three middles and a close. None is repeated until all of its kind have been used. With
the subject put in they read as one voice, which is all that a demo needs.
"""

_OPENINGS = (
    "The first thing to notice about {topic} is how ordinary it all looks from the outside.",
    "Nobody sets out to be careless with {topic}; it happens one reasonable shortcut at a time.",
    "Ask three people about {topic} and you get four answers, of which two are the same.",
    "There is a quiet way with {topic} and a loud one, and the quiet one does the work.",
    "Most of what matters about {topic} was decided before anybody wrote it down.",
    "It helps to look at {topic} the way a carpenter looks at a joint: from the side, and before the glue is dry.",
    "With {topic}, patience pays in a way that is hard to see from week to week and hard to miss from year to year.",
    "Everything about {topic} gets easier once the smallest part has a name.",
    "The oldest advice on {topic} is still the best: begin with the case that you can hold in your head.",
    "What people complain about in {topic} is seldom where the difficulty lies.",
    "A good test of your grasp of {topic} is to explain all of it to someone who has somewhere else to be.",
    "Look closely at {topic} and you find a chain of small promises, as strong as the one that nobody checks.",
    "Beginners meet {topic} as a list of rules; later the rules turn out to be one idea seen from several sides.",
    "The history of {topic} is mostly a history of things that were left out on purpose.",
)
_MIDDLES = (
    "What looks like a detail is often the only part that cannot be changed afterwards.",
    "The useful question is not whether something can fail, but who finds out first.",
    "Each step should leave you with something that already works, however small.",
    "A measurement taken once is an anecdote; taken every day it becomes a conscience.",
    "Where two parts meet, write down what each may expect of the other, and keep it short.",
    "Speed comes from the work that is not done, far more than from doing the work faster.",
    "The exception deserves a name of its own, since it is what people will talk about.",
    "It is worth being generous in what is accepted and strict in what is sent.",
    "Names carry most of the weight: a wrong one is paid for each time it is read.",
    "If a thing has to be remembered it will be forgotten, so let it be impossible to forget.",
    "Cheap experiments beat expensive arguments, provided that somebody writes down the result.",
    "Whatever grows without a limit will one day find it, usually at night.",
    "A default is a decision made for thousands of people who will never know that there was one.",
    "The second version teaches what the first was for.",
    "Simple does not mean few parts; it means parts that do not surprise each other.",
    "There is nearly always an order in which the hard step becomes an easy one.",
    "Doubt is a tool like any other: it should be sharp, and put away when the work is done.",
    "What cannot be undone should be slow, visible and asked about.",
    "Good examples do more than good rules, because they can be imitated without being understood.",
    "The best time to write the explanation is while it still feels difficult.",
)
_CLOSES = (
    "That is less a technique than a habit, and habits are what is left when attention runs out.",
    "None of this is new, which is a point in its favour.",
    "Start there, and the rest follows at its own pace.",
    "The rest is practice.",
    "It sounds like little. It is most of the difference.",
    "When in doubt, make it smaller and look again.",
    "You will know that it works when nobody mentions it any more.",
    "Keep that, and you may change nearly everything else.",
    "So the last step is also the first one: look at what is there.",
    "Anything beyond that should have to earn its place.",
)
HEADINGS = (
    "Where it begins", "What holds it together", "The part that everybody skips", "A closer look", "What it costs",
    "When it goes wrong", "The view from outside", "Small decisions, large effects", "How to tell that it works",
    "Doing it again", "What to leave out", "The second attempt", "An example from practice", "Working with others",
    "Keeping it alive", "Limits", "Patience and pace", "The shape of a good answer", "Questions worth asking",
)  # fmt: skip


def paragraph(topic: str, seed: int) -> str:
    """A paragraph; neighbouring seeds share no sentence until a bank has been gone through."""
    opening = _OPENINGS[seed % len(_OPENINGS)].replace("{topic}", topic)
    size = 2 + seed // 7 % 2
    middles = [_MIDDLES[(seed * 3 + step) % len(_MIDDLES)] for step in range(size)]
    return " ".join([opening, *middles, _CLOSES[seed % len(_CLOSES)]])


def capitalised(text: str) -> str:
    """The text with its first letter in upper case, the others as they are."""
    return text[:1].upper() + text[1:]
