"""The tags that models put around their thoughts, where a server does not take them out of the text.

A table of its own because each row is somebody else's rule, with its source.
"""

from typing import Final

import msgspec


class ThinkingTag(msgspec.Struct, frozen=True):
    """One pair of marks."""

    opening: str
    closing: str
    is_certain: bool = True
    """Nobody but a template writes it. Else people ask models for such a block too: then it is thought only where an
    answer follows it."""


TAGS: Final = (
    ThinkingTag("<think>", "</think>"),  # DeepSeek R1, Qwen 3, GLM 4.5, Kimi K2, MiniMax M1: chat templates
    ThinkingTag("<seed:think>", "</seed:think>"),  # Seed-OSS: chat template
    ThinkingTag("<thought>", "</thought>"),  # EXAONE Deep: chat template; Gemini's compatible layer
    ThinkingTag("[THINK]", "[/THINK]"),  # Magistral: mistral-common, special tokens
    ThinkingTag("◁think▷", "◁/think▷"),  # Kimi-VL-Thinking: chat template
    ThinkingTag("<|channel>thought", "<channel|>"),  # Gemma 4: chat template
    ThinkingTag("<|begin_of_thought|>", "<|end_of_thought|>"),  # Sky-T1, OpenThinker: system prompt of training
    ThinkingTag("<|START_THINKING|>", "<|END_THINKING|>"),  # Command A Reasoning: chat template
    ThinkingTag("<thinking>", "</thinking>", is_certain=False),  # prompts for Claude; Reflection 70B
    ThinkingTag("<reasoning>", "</reasoning>", is_certain=False),  # fine-tunes; Open WebUI's list of tags
    ThinkingTag("<reason>", "</reason>", is_certain=False),  # Open WebUI's list of tags
)
"""At a text's very start, as they are written here: other capitals are something that the model talks about."""
