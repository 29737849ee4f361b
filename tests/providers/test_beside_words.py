# ruff: noqa: E501  # shapes from the wire read best in one line
"""What an answer holds beside words: nothing of it vanishes, nothing comes twice, nothing is taken for words."""

import json
from collections.abc import Sequence

import pytest

from tests.providers.streams import END, chunk, data, decode, reply_to, text
from tui_chat.core.parts import Beside, Foreign, Image, Media, Source, Text
from tui_chat.core.reply import Reply
from tui_chat.core.stream_events import PartReceived, SourceFound

PNG = "data:image/png;base64,iVBORw0KGgo="
WAV = "UklGRgAAAABXQVZF"
PICTURE = {"type": "image_url", "image_url": {"url": PNG}}


def delta(**fields: object) -> bytes:
    return data({"choices": [{"index": 0, "delta": fields}]})


def beside(reply: Reply) -> Sequence[Beside]:
    return reply.message.beside_words


@pytest.mark.parametrize(
    "fields",
    [
        {"content": "", "images": [{**PICTURE, "index": 0}]},
        {"images": [{"image_url": PNG}]},
        {"images": [{"url": PNG}]},
        {"images": [PNG]},
        {"images": [{"b64_json": "iVBORw0KGgo="}]},
        {"image": {"url": PNG}},
        {"content": [PICTURE]},
        {"content": [{"type": "output_image", "image_url": PNG}]},
        {
            "content": [
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}
            ]
        },
        {"content": PICTURE},
    ],
)
def test_a_picture_is_kept_in_whatever_shape_it_comes(fields: dict[str, object]) -> None:
    assert beside(reply_to(delta(**fields) + END)) == (Image(PNG),)


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        ({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}}, Media),
        ({"type": "video_url", "video_url": {"url": "https://host/v.mp4"}}, Media),
        ({"type": "file", "file": {"filename": "a.pdf", "file_data": "JVBERi0="}}, Media),
        ({"type": "file", "file": {"file_id": "f-1"}}, Media),
        ({"type": "hologram", "depth": 3}, Foreign),
        ({"type": "reference", "reference_ids": [1, 2]}, Foreign),
    ],
)
def test_a_part_that_is_no_picture_is_kept_too(part: dict[str, object], kept: type) -> None:
    reply = reply_to(delta(content=[{"type": "text", "text": "a"}, part]) + END)

    assert reply.text == "a"
    assert [type(each) for each in beside(reply)] == [kept]


def test_what_is_known_of_a_part_is_kept_with_it() -> None:
    content = [
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "JVBERi0="}},
        {"type": "hologram", "depth": 3},
    ]

    assert beside(reply_to(delta(content=content) + END)) == (
        Media("audio", "data:audio/mpeg;base64,AAAA", "", "audio/mpeg"),
        Media("file", "data:application/pdf;base64,JVBERi0=", "a.pdf"),
        Foreign("hologram", '{"type": "hologram", "depth": 3}'),
    )


def test_a_picture_stands_where_it_came_and_is_counted_once() -> None:
    body = text("before ") + delta(images=[PICTURE]) + text("after") + delta(images=[PICTURE]) + END

    assert reply_to(body).parts == (Text("before "), Image(PNG), Text("after"))


def test_a_picture_of_a_whole_answer_is_kept() -> None:
    body = json.dumps({"choices": [{"message": {"content": "", "images": [PICTURE]}, "finish_reason": "stop"}]})

    assert beside(reply_to(body.encode())) == (Image(PNG),)


@pytest.mark.parametrize("empty", [None, [], {}, "", 5, [None], [{}], [{"type": "image_url"}]])
def test_where_nothing_came_nothing_is_kept(empty: object) -> None:
    assert reply_to(text("a") + delta(images=empty, audio=empty, annotations=empty) + END).parts == (Text("a"),)


def test_what_is_spoken_is_the_text_and_its_sound_is_one_part() -> None:
    body = (
        delta(audio={"id": "a", "transcript": "Good "})
        + delta(audio={"data": WAV})
        + delta(audio={"data": "AAAA", "transcript": "morning."})
        + END
    )
    reply = reply_to(body)

    assert reply.text == "Good morning."
    assert beside(reply) == (Media("audio", f"data:audio/wav;base64,{WAV}AAAA", "", "audio/wav"),)


def test_a_transcript_beside_the_same_words_is_not_said_twice() -> None:
    body = delta(content="Good morning.") + delta(audio={"data": WAV, "transcript": "Good morning."}) + END

    assert reply_to(body).text == "Good morning."


@pytest.mark.parametrize(
    ("fields", "sources"),
    [
        ({"citations": ["https://a", "https://b"]}, [Source("https://a", "", 1), Source("https://b", "", 2)]),
        (
            {"citations": ["https://b", "https://a"], "search_results": [{"title": "A", "url": "https://a"}]},
            [Source("https://b", "", 1), Source("https://a", "A", 2)],
        ),
        ({"search_results": [{"title": "A", "url": "https://a"}]}, [Source("https://a", "A", 1)]),
        ({"web_search": [{"title": "A", "link": "https://a", "refer": "ref_3"}]}, [Source("https://a", "A", 3)]),
        (
            {"search_info": {"search_results": [{"index": 2, "title": "A", "url": "https://a"}]}},
            [Source("https://a", "A", 2)],
        ),
        ({"sources": [{"source": {"name": "A", "url": "https://a"}}]}, [Source("https://a", "A")]),
        (
            {"citations": ["Tides: a handbook", "https://a"]},
            [Source("", "Tides: a handbook", 1), Source("https://a", "", 2)],
        ),
        ({"search_results": [{"title": "A", "url": None}]}, [Source("", "A", 1)]),
        ({"sources": [{"source": {"id": "x", "name": "a.pdf"}, "document": ["…"]}]}, [Source("", "a.pdf")]),
        ({"citations": [{"title": "A", "url": "file:///srv/a.pdf"}]}, [Source("", "A", 1)]),
        (
            {"citations": [{"text": "a", "sources": [{"type": "document", "id": "1", "document": {"title": "A"}}]}]},
            [Source("", "A")],
        ),
        ({"citations": [{"type": "char_location", "document_title": "A", "document_index": 0}]}, [Source("", "A", 1)]),
        ({"grounding_metadata": {"grounding_chunks": [{"retrieved_context": {"title": "A"}}]}}, [Source("", "A")]),
        ({"citations": ["javascript:alert(1)", "file:///etc/passwd", 5, None, {}]}, []),
        ({"citations": None, "search_results": "none"}, []),
    ],
)
def test_sources_are_found_beside_the_choices(fields: dict[str, object], sources: list[Source]) -> None:
    assert list(reply_to(text("a[1]") + data({"choices": [], **fields}) + END).message.sources) == sources


@pytest.mark.parametrize(
    "annotation",
    [
        {"type": "url_citation", "url_citation": {"url": "https://a", "title": "A", "start_index": 0}},
        {"type": "url_citation", "url": "https://a", "title": "A"},
    ],
)
def test_annotations_of_the_text_are_sources(annotation: dict[str, object]) -> None:
    reply = reply_to(text("a") + delta(annotations=[annotation]) + text("b") + END)

    assert reply.parts == (Text("ab"), Source("https://a", "A"))


@pytest.mark.parametrize(
    "annotation",
    [
        {"type": "file_citation", "file_id": "file-1", "filename": "a.pdf", "index": 992},
        {"type": "file_citation", "text": "【4:0†a.pdf】", "file_citation": {"file_id": "a.pdf"}, "start_index": 1},
    ],
)
def test_a_cited_file_has_a_name_and_its_place_in_the_text_is_no_number(annotation: dict[str, object]) -> None:
    reply = reply_to(text("a") + delta(annotations=[annotation, annotation]) + END)

    assert reply.message.sources == (Source("", "a.pdf"),)


def test_sources_of_a_document_store_stand_in_the_context() -> None:
    cited = {"citations": [{"content": "…", "title": "A", "url": None, "filepath": "a.pdf"}], "intent": "[]"}

    assert reply_to(delta(context=cited) + text("a[doc1]") + END).message.sources == (Source("", "A", 1),)
    assert reply_to(delta(context=[1, 2, 3]) + text("a") + END).message.sources == ()


def test_sources_that_come_with_every_chunk_are_told_once() -> None:
    events = decode(b"".join(chunk(citations=["https://a"]) + text("x") for _ in range(5)) + END)

    assert [event for event in events if isinstance(event, SourceFound)] == [SourceFound(Source("https://a", "", 1))]


def test_a_picture_is_told_as_it_comes() -> None:
    assert PartReceived(Image(PNG)) in decode(delta(images=[PICTURE]) + END)


def test_a_refusal_among_the_parts_of_a_content_is_one() -> None:
    assert reply_to(delta(content=[{"type": "refusal", "refusal": "No."}]) + END).refusal == "No."


# What users of other clients missed, with the tracker it comes from.

B64 = PNG.partition(",")[2]


@pytest.mark.parametrize(
    "fields",
    [
        # maximhq/bifrost#7032, agentgateway/agentgateway#3438, danny-avila/LibreChat#6065
        {"content": [{"inlineData": {"mimeType": "image/png", "data": B64}}]},
        {"content": [{"type": "text", "text": ""}, {"inline_data": {"mime_type": "image/png", "data": B64}}]},
        # ThinkInAIXYZ/deepchat#647
        {"images": [{"type": "image", "b64_json": B64}]},
        # khoj-ai/khoj#1082: bytes that nobody marked as a picture's
        {"images": [B64]},
        {"images": [{"type": "image_url", "image_url": {"url": B64}}]},
        {"images": [{"type": "image_url", "image_url": B64}]},
        # mozilla-ai/any-llm#1295
        {"role": "assistant", "content": None, "images": [{"type": "image_url", "image_url": {"url": PNG}}]},
    ],
)
def test_a_picture_is_kept_in_the_shapes_that_others_dropped(fields: dict[str, object]) -> None:
    assert beside(reply_to(delta(**fields) + END)) == (Image(PNG),)


@pytest.mark.parametrize("text_", ["", "a lighthouse", "no picture", "aGVsbG8gd29ybGQsIGhvdyBhcmUgeW91"])
def test_words_among_the_pictures_are_none(text_: str) -> None:
    assert beside(reply_to(text("a") + delta(images=[text_]) + END)) == ()


def test_sound_and_films_that_say_their_type_are_what_they_say() -> None:
    content = [
        {"inlineData": {"mimeType": "audio/wav", "data": WAV}},
        {"fileData": {"mimeType": "video/mp4", "fileUri": "https://host/v.mp4"}},
    ]
    assert beside(reply_to(delta(content=content) + END)) == (
        Media("audio", f"data:audio/wav;base64,{WAV}", "", "audio/wav"),
        Media("video", "https://host/v.mp4", "", "video/mp4"),
    )


def test_pictures_that_a_search_found_are_kept_once() -> None:
    """lossless-group/perplexed-plugin#13, perplexityai/perplexity-py#61"""
    found = {"image_url": "https://host/a.png", "origin_url": "https://host/", "height": 338, "width": 363}
    body = text("a") + chunk({"content": "b"}, images=[found]) + chunk({"content": ""}, "stop", images=[found])

    assert beside(reply_to(body)) == (Image("https://host/a.png"),)


def test_sound_comes_with_its_words_in_another_chunk() -> None:
    """earendil-works/pi#2582"""
    body = (
        delta(content="Good morning.")
        + delta(audio={"data": WAV})
        + delta(audio={"data": "AAAA", "expires_at": 1})
        + END
    )

    assert reply_to(body).parts == (
        Text("Good morning."),
        Media("audio", f"data:audio/wav;base64,{WAV}AAAA", "", "audio/wav"),
    )


@pytest.mark.parametrize(
    ("body", "sources"),
    [
        # langchain-ai/langchain-litellm#46
        (
            data({"choices": [], "vertex_ai_grounding_metadata": [{"webSearchQueries": ["q"], "groundingChunks": [
                {"web": {"uri": "https://a", "title": "A"}}, {"web": {"uri": "https://b", "title": "B"}}]}]}),
            [Source("https://a", "A"), Source("https://b", "B")],
        ),
        # openai/openai-dotnet#179
        (
            delta(role="assistant", context={"intent": '["q"]', "citations": [
                {"content": "x", "title": "A", "url": "https://a", "filepath": "a.pdf", "chunk_id": "0"}]}),
            [Source("https://a", "A", 1)],
        ),
        # BerriAI/litellm#7970
        (
            delta(content="", provider_specific_fields={"citation": {"type": "web_search_result_location",
                  "url": "https://a", "title": "A", "cited_text": "x"}}),
            [Source("https://a", "A")],
        ),
        (
            delta(provider_specific_fields={"citations": [[{"type": "web_search_result_location", "url": "https://a", "title": "A"}]]}),
            [Source("https://a", "A")],
        ),
        (
            delta(provider_specific_fields={"web_search_results": [{"type": "web_search_tool_result", "content": [
                {"type": "web_search_result", "url": "https://a", "title": "A"}]}]}),
            [Source("https://a", "A")],
        ),
        # Groq, "Web search": executed_tools
        (
            delta(executed_tools=[{"type": "search", "search_results": {"results": [{"title": "A", "url": "https://a", "score": 1}]}}]),
            [Source("https://a", "A")],
        ),
        # BerriAI/litellm#41492
        (
            delta(content="", annotations=[{"type": "url_citation", "url_citation": {"start_index": 0, "end_index": 1, "url": "https://a", "title": "A"}}]),
            [Source("https://a", "A")],
        ),
        # diegosouzapw/OmniRoute#6791
        (chunk(finish="stop") + data({"choices": [], "search_results": [{"title": "A", "url": "https://a"}]}), [Source("https://a", "A", 1)]),
    ],
)  # fmt: skip
def test_pages_are_found_where_others_missed_them(body: bytes, sources: list[Source]) -> None:
    assert list(reply_to(text("a") + body + END).message.sources) == sources


def test_a_part_that_refers_to_pages_by_number_is_kept() -> None:
    """vercel/ai#4747"""
    reply = reply_to(delta(content=[{"type": "reference", "reference_ids": [1, 2]}]) + text("a") + END)

    assert reply.parts == (Foreign("reference", '{"type": "reference", "reference_ids": [1, 2]}'), Text("a"))
