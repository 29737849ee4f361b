"""Documents and recordings of a question on the wire, byte for byte, and in words where they are not taken."""

import json

import pytest

from tests.providers.test_refusals import PLAIN, refusal
from tui_chat.core.models import Ability
from tui_chat.core.parts import File, Image, Media, user_message
from tui_chat.core.request import Request
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.providers.quirks import Quirks
from tui_chat.providers.refusals import adapted

PDF = Media("file", "data:application/pdf;base64,JVBERi0=", "papers/report.pdf", "application/pdf")
WAV = Media("audio", "data:audio/wav;base64,UklGRg==", "talk.wav", "audio/wav")
MP3 = Media("audio", "data:audio/mpeg;base64,SUQzAw==", "talk.mp3", "audio/mpeg")
PICTURE = Image("data:image/png;base64,aGk=", "chart.png")


def asking(*parts: File | Image | Media, not_taken: frozenset[Ability] = frozenset()) -> Request:
    return Request("m", (user_message("Read this.", parts),), not_taken=not_taken)


def content_of(request: Request, quirks: Quirks = PLAIN) -> bytes:
    """The bytes of the one message's content."""
    body = OpenAIChat().request(request, quirks).body
    start = body.index(b'"content":') + len(b'"content":')
    return body[start : body.index(b"}]", body.index(b"Read this.")) + 2]


def test_a_pdf_is_a_file_with_its_bare_name() -> None:
    assert content_of(asking(PDF)) == (
        b'[{"type":"file","file":{"filename":"report.pdf","file_data":"data:application/pdf;base64,JVBERi0="}},'
        b'{"type":"text","text":"Read this."}]'
    )


@pytest.mark.parametrize(("sound", "data", "form"), [(WAV, b"UklGRg==", b"wav"), (MP3, b"SUQzAw==", b"mp3")])
def test_sound_is_its_bytes_and_the_name_of_its_format(sound: Media, data: bytes, form: bytes) -> None:
    assert content_of(asking(sound)) == (
        b'[{"type":"input_audio","input_audio":{"data":"' + data + b'","format":"' + form + b'"}},'
        b'{"type":"text","text":"Read this."}]'
    )


@pytest.mark.parametrize(
    ("name", "sent"),
    [("", "document.pdf"), ("report", "report.pdf"), ("a\x1b[2J.PDF", "a␛[2J.PDF"), ("/etc/x/", "document.pdf")],
)
def test_a_name_is_harmless_and_says_that_it_is_a_pdf(name: str, sent: str) -> None:
    part = Media("file", PDF.url, name, PDF.media_type)
    assert b'"filename":"%s"' % sent.encode() in content_of(asking(part))


def test_what_a_gateway_named_otherwise_goes_under_the_usual_name() -> None:
    part = Media("audio", "data:audio/x-wav;base64,UklGRg==", "a", "audio/x-wav")
    assert b'"format":"wav"' in content_of(asking(part))
    renamed = Media("file", "data:;base64,JVBERi0xLjc=", "a", "")
    assert b'"file_data":"data:application/pdf;base64,JVBERi0xLjc="' in content_of(asking(renamed))


def test_what_the_model_does_not_take_is_words_and_the_rest_stays() -> None:
    request = asking(PDF, WAV, PICTURE, not_taken=frozenset({Ability.PDF, Ability.SOUND}))
    sent = OpenAIChat().request(request, PLAIN)
    assert json.loads(sent.body)["messages"][0]["content"] == [
        {"type": "image_url", "image_url": {"url": PICTURE.url}},
        {
            "type": "text",
            "text": "(The PDF report.pdf was here.)\n\n(The sound file talk.wav was here.)\n\nRead this.",
        },
    ]
    assert sent.left_out == ("files", "audio")


def test_what_has_no_form_on_the_wire_is_words_for_everybody() -> None:
    film = Media("video", "https://host/film.mp4", "film.mp4", "video/mp4")
    sent = OpenAIChat().request(asking(film), PLAIN)
    assert json.loads(sent.body)["messages"][0]["content"] == "(The file film.mp4 was here.)\n\nRead this."
    assert sent.left_out == ("files",)


@pytest.mark.parametrize(
    ("part", "status", "message", "kind"),
    [
        (PDF, 400, "Unknown part type: file", Ability.PDF),
        (PDF, 400, "messages[0]: unknown variant `file`, expected `text` or `image_url`", Ability.PDF),
        (PDF, 400, "This model does not support file content types.", Ability.PDF),
        # openai/openai-dotnet#393, QwenLM/qwen-code#1838, vllm-project/vllm#57774
        (
            PDF,
            400,
            "Invalid Value: 'file'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal', and 'audio'.",
            Ability.PDF,
        ),
        (
            PDF,
            400,
            "Invalid value: file. Supported values are: 'text','image_url','video_url' and 'video'.",
            Ability.PDF,
        ),
        (PDF, 400, "Unsupported chat content part type: 'file'. Supported types: text, image_url", Ability.PDF),
        (PDF, 422, "messages.0.content.0.type: Input should be 'text' or 'image_url'", Ability.PDF),
        (PDF, 404, "No endpoints found that support file input", Ability.PDF),
        # openai/openai-python#2454, hkjarral/AVA-AI-Voice-Agent-for-Asterisk#541
        (WAV, 400, "content blocks are expected to be either text or image_url type", Ability.SOUND),
        (
            WAV,
            400,
            "The audio content type (CONTENT_TYPE_AUDIO) is not supported for this model configuration.",
            Ability.SOUND,
        ),
        (PDF, 400, "Invalid type for 'messages[0].content': content must be a string", Ability.PDF),
        (WAV, 404, "No endpoints found that support input audio", Ability.SOUND),
        (WAV, 500, "audio input is not supported - hint: you may need to provide the mmproj", Ability.SOUND),
        (WAV, 400, "At most 0 audio(s) may be provided in one prompt.", Ability.SOUND),
        (WAV, 400, "Invalid content type. input_audio is only supported by certain models.", Ability.SOUND),
    ],
)
def test_a_kind_that_a_server_refuses_is_told_in_words_from_then_on(
    part: Media, status: int, message: str, kind: Ability
) -> None:
    body = OpenAIChat().request(asking(part), PLAIN).body
    learned = Quirks(in_words=frozenset({kind}))
    assert adapted(PLAIN, refusal(message, status), body) == learned
    assert b"was here" in OpenAIChat().request(asking(part), learned).body


@pytest.mark.parametrize(
    "message",
    [
        "The PDF is not supported: it is encrypted with a password.",
        "A maximum of 100 PDF pages may be provided; this file cannot be processed.",
        "The audio duration is not supported: at most 30 s.",
        "The audio file could not be decoded or its format is not supported.",
    ],
)
def test_one_bad_document_or_recording_says_nothing_of_all(message: str) -> None:
    body = OpenAIChat().request(asking(PDF, WAV), PLAIN).body
    assert adapted(PLAIN, refusal(message), body) is None


@pytest.mark.parametrize(
    "message",
    [
        "messages[0]: unknown variant `file`, expected `text` or `image_url`",
        "Unsupported chat content part type: 'file'. Supported types: text, image_url",
        "Invalid value: file. Supported values are: 'text','image_url','video_url' and 'video'.",
    ],
)
def test_pictures_stay_where_only_documents_are_refused(message: str) -> None:
    body = OpenAIChat().request(asking(PICTURE, PDF, WAV), PLAIN).body
    assert adapted(PLAIN, refusal(message), body) == Quirks(in_words=frozenset({Ability.PDF}))


def test_kinds_are_learned_one_after_the_other_and_all_at_once_where_only_words_are_taken() -> None:
    request = asking(PICTURE, PDF, WAV)

    def refused(quirks: Quirks, message: str) -> Quirks:
        found = adapted(quirks, refusal(message), OpenAIChat().request(request, quirks).body)
        assert found is not None
        return found

    all_kinds = Quirks(in_words=frozenset({Ability.PICTURES, Ability.PDF, Ability.SOUND}))
    one_by_one = PLAIN
    for name in ("Image", "Audio", "File"):
        one_by_one = refused(one_by_one, f"{name} input is not enabled for this model")
    assert one_by_one == refused(PLAIN, "content must be a string") == all_kinds
    content = json.loads(OpenAIChat().request(request, all_kinds).body)["messages"][0]["content"]
    assert content.endswith("Read this.")
