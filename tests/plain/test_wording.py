"""What is read aloud of an answer that holds more than words."""

from tui_chat.core.models import ModelInfo, ModelKind
from tui_chat.core.parts import Foreign, Image, Media, Message, Role, Source, Text
from tui_chat.core.usage import TokenCounts
from tui_chat.plain.wording import count_words, message_text, model_words


def test_what_came_beside_words_is_said_with_type_and_size() -> None:
    message = Message(
        Role.ASSISTANT,
        (
            Text("Here."),
            Image("data:image/png;base64,AAAA"),
            Media("file", "", "a.pdf"),
            Foreign("hologram", "{}"),
            Source("https://a", "Tides", 1),
        ),
    )

    assert message_text(message).split("\n") == [
        "Here.",
        "Picture: image/png, 3 B",
        "File: a.pdf",
        "Part of the type hologram: 2 B",
        "Source [1] Tides · https://a",
    ]


def test_reasoning_is_called_a_part_of_the_output_only_where_it_is_one() -> None:
    assert count_words(TokenCounts(32, 95, 127, 86)).endswith("95 out, 86 of them reasoning")
    assert count_words(TokenCounts(32, 9, 135, 94)).endswith("9 out, 94 of reasoning")


def test_a_model_that_cannot_chat_says_what_it_is_for() -> None:
    assert "for speech, not to chat with" in model_words(ModelInfo("whisper", kind=ModelKind.SPEECH))
