"""What is found, and how: words, signs, scripts without spaces, filters, titles; whatever state the index is in."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.store.looking import ids_found, look_for
from tests.store.values import answer, question
from tui_chat.chat.found import FoundIn
from tui_chat.core.parts import File, Image, Message, Reasoning, Role, Text, ToolCall, ToolResult
from tui_chat.core.search_query import SearchQuery
from tui_chat.core.tree import Conversation, Node
from tui_chat.core.usage import Cost, CostSource
from tui_chat.store import finding, index
from tui_chat.store.index_text import apart, composed, indexed_form, match_expression, matches, with_forms
from tui_chat.store.sqlite import SqliteStore

MONDAY = 1_763_942_400.0
"""24 November 2025, 0:00 UTC."""


@pytest.fixture(params=[True, False], ids=["FTS5", "without FTS5"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqliteStore]:
    made = SqliteStore(tmp_path / "conversations.db", use_index=request.param)
    yield made
    await made.close()


async def keep(store: SqliteStore, texts: dict[str, str], conversation_id: str = "c1") -> None:
    """A question for each text, by its id."""
    await store.save_conversation(Conversation(conversation_id, 1.0))
    for id_, text in texts.items():
        await store.save_node(conversation_id, question(id_, text))


SIGNS = {
    "cpp": "I write C++, mostly.",
    "c": "I write c for fun.",
    "csharp": "C# on Windows",
    "path": "std::vector<int> v",
    "words": "std vector",
    "flag": "run it with --help, please",
    "help": "please help",
    "env": "echo $HOME",
    "snake": "call get_weather now",
    "apart": "get the weather",
    "file": "see node.js (v20)",
    "arrow": "fn f() -> u8",
    "mail": "write to a.b@example.org",
}


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("C++", ["cpp"]),
        ("c++", ["cpp"]),
        ("C#", ["csharp"]),
        ("std::vector", ["path"]),
        ("std::vec", ["path"]),
        ("std::", ["path"]),
        ("std vector", ["path", "words"]),
        ("--help", ["flag"]),
        ("help", ["flag", "help"]),
        ("$HOME", ["env"]),
        ("get_weather", ["snake"]),
        ("get_we", ["snake"]),
        ("weather", ["apart", "snake"]),
        ("node.js", ["file"]),
        ("a.b@example.org", ["mail"]),
        ("->", ["arrow"]),
    ],
)
async def test_signs_are_found_as_they_are_written(store: SqliteStore, typed: str, ids: list[str]) -> None:
    await keep(store, SIGNS)
    assert sorted(await ids_found(store, typed)) == sorted(ids)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("京都", ["ja"]),
        ("都", ["ja", "zh"]),
        ("东京 首都", ["zh"]),
        ("京东", []),
        ("รัก", ["th"]),
        ("서울", ["ko"]),
        ("Python语言", ["mixed"]),
        ("语言", ["mixed"]),
    ],
)
async def test_scripts_without_spaces_are_found_by_any_piece(store: SqliteStore, typed: str, ids: list[str]) -> None:
    texts = {
        "ja": "東京と京都へ行く",
        "zh": "东京是日本的首都。",
        "th": "ผมรักคุณ",
        "ko": "서울에서 만나요",
        "mixed": "学Python语言吧",
    }
    await keep(store, texts)
    assert sorted(await ids_found(store, typed)) == sorted(ids)


async def test_accents_and_case_make_no_difference(store: SqliteStore) -> None:
    await keep(store, {"q": "Ein Café in REYKJAVÍK"})
    for typed in ("cafe", "CAFÉ", "reykjavik", "Reykjavík"):
        assert await ids_found(store, typed) == ["q"]


async def test_the_last_word_may_be_a_beginning_and_short_ones_before_it_are_whole(store: SqliteStore) -> None:
    await keep(store, {"to": "go to Lisbon", "tomorrow": "go tomorrow Lisbon"})
    assert sorted(await ids_found(store, "li")) == ["to", "tomorrow"]
    assert await ids_found(store, "lisbon tom") == ["tomorrow"]
    assert await ids_found(store, "tomo lisb") == ["tomorrow"]


async def test_who_says_it_more_for_its_length_comes_first(store: SqliteStore) -> None:
    filler = "and other things that have been said " * 10
    await keep(
        store, {"once": f"needle {filler}", "often": "needle, a needle is a needle", "begun": f"needles {filler}"}
    )
    assert await ids_found(store, "needle") == ["often", "once", "begun"]


async def test_a_hit_says_in_what_it_was_found(store: SqliteStore) -> None:
    call = ToolCall("t", "run_rust", '{"code": "needle"}')
    messages = {
        "thought": Message(Role.USER, (Reasoning("a needle"), Text("nothing"))),
        "call": Message(Role.USER, (Text("nothing"), call)),
        "result": Message(Role.TOOL, (ToolResult("t", "run_rust", "a needle"),)),
        "file": Message(Role.USER, (File("notes.md", "the needle"), Text("see"))),
        "name": Message(Role.USER, (Image("data:", "needle.png"),)),
    }
    await store.save_conversation(Conversation("c1", 1.0))
    for id_, message in messages.items():
        await store.save_node("c1", Node(id_, None, 1.0, message))
    hits = {hit.node_id: (hit.found_in, hit.name) for hit in await look_for(store, "needle")}
    assert hits == {
        "thought": (FoundIn.REASONING, ""),
        "call": (FoundIn.CALL, "run_rust"),
        "result": (FoundIn.RESULT, "run_rust"),
        "file": (FoundIn.FILE, "notes.md"),
        "name": (FoundIn.FILE, "needle.png"),
    }


async def filled(store: SqliteStore) -> None:
    """Three conversations that all say “needle”."""
    cheap = answer("a", "needle", at=MONDAY + 60, cost="0.001")
    assert cheap.answer is not None
    dear = replace(
        cheap,
        id="b",
        answer=replace(cheap.answer, model="anthropic/claude", cost=Cost(Decimal("0.5"), CostSource.GATEWAY)),
    )
    await store.save_conversation(Conversation("work", 1.0, "A needle at work", "m"))
    for node in (question("q", "needle", at=MONDAY), cheap, dear):
        await store.save_node("work", node)
    await store.set_labels("work", ["Rust"])
    await store.save_conversation(Conversation("old", 1.0, "Old", "m"))
    result = Message(Role.TOOL, (ToolResult("t", "f", "needle"),))
    await store.save_node("old", question("o", "needle", at=MONDAY - 86_400 * 40))
    await store.save_node("old", Node("r", "o", MONDAY - 86_400 * 40, result))
    await store.save_conversation(Conversation("away", 1.0, "Archived", "m"))
    await store.save_node("away", question("x", "needle", at=MONDAY))
    await store.set_archived("away", True)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("needle", ["a", "b", "o", "q", "r", "title of work"]),
        ("needle model:claude", ["b"]),
        ("needle model:gpt", ["a"]),
        ("needle role:you", ["o", "q"]),
        ("needle role:tool", ["r"]),
        ("needle since:2025-11-24", ["a", "b", "q", "title of work"]),
        ("needle until:2025-11-01", ["o", "r"]),
        ("needle label:rust", ["a", "b", "q", "title of work"]),
        ("needle label:other", []),
        ("needle cost>0.01", ["b"]),
        ("needle cost<0.01", ["a"]),
        ("needle archived:yes", ["x"]),
        ("needle archived:all role:you", ["o", "q", "x"]),
        ("needle in:title", ["title of work"]),
        ("needle has:call", []),
        ("role:tool", ["r"]),
        ("model:claude role:assistant", ["b"]),
        ("needle model:claude role:you", []),
    ],
)
async def test_filters_hold_together(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, typed: str, ids: list[str]
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    await filled(store)
    assert sorted(await ids_found(store, typed)) == ids


async def test_what_is_hidden_is_not_found_until_it_is_back(store: SqliteStore) -> None:
    await keep(store, {"q": "needle"})
    await store.hide("c1")
    assert (await ids_found(store, "needle"), await store.list(), await store.latest_id()) == ([], (), None)
    await store.bring_back("c1")
    assert await ids_found(store, "needle") == ["q"]
    assert [row.id for row in await store.list()] == ["c1"]


async def test_what_is_added_again_is_not_hidden_any_more(store: SqliteStore) -> None:
    await store.add(Conversation("c1", 1.0), [question(text="needle")])
    await store.hide("c1")
    await store.add(Conversation("c1", 1.0), [question(text="needle")])
    await store.close()
    assert await ids_found(store, "needle") == ["q"]


async def test_of_a_word_in_very_many_messages_the_newest_are_ranked(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "RANKED", 10)
    await keep(store, {f"q{at:02}": "needle" for at in range(30)})
    result = await store.search(SearchQuery(("needle",)), 5)
    assert [hit.node_id for hit in result.hits] == ["q29", "q28", "q27", "q26", "q25"]
    assert (result.found, result.is_bounded, result.conversations) == (10, True, 1)


async def test_only_so_many_tables_are_looked_at_as_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "RANKED", 4)
    monkeypatch.setattr(index, "_BITS", 2)
    monkeypatch.setattr(index, "SIZE", 4)
    store = SqliteStore(tmp_path / "conversations.db")
    await keep(store, {f"q{at:02}": "needle" for at in range(1, 20)} | {"rare": "haystack"})
    result = await store.search(SearchQuery(("needle",)))
    assert [hit.node_id for hit in result.hits] == ["q19", "q18", "q17", "q16"]
    assert result.is_bounded
    assert (await store.search(SearchQuery(("haystack",)))).hits[0].node_id == "rare"
    await store.close()


# The index, as it comes to be


def unindexed(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as raw:
        return index.waiting(raw)


async def written_without(path: Path, texts: dict[str, str]) -> None:
    """A store that a library without FTS5 has written."""
    without = SqliteStore(path, use_index=False)
    await keep(without, texts)
    await without.close()


async def test_what_waits_for_the_index_is_found_and_taken_in_by_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_PIECE_MESSAGES", 3)
    path = tmp_path / "conversations.db"
    await written_without(path, {f"q{at}": f"needle {at}" for at in range(10)})
    store = SqliteStore(path)
    assert len(await ids_found(store, "needle")) == 10
    shares = [await store.tend() for _ in range(4)]
    assert shares == sorted(shares)
    assert unindexed(path) == 0
    assert await store.tend() == 1.0
    result = await store.search(SearchQuery(("needle",)))
    assert (len(result.hits), result.indexed) == (10, 1.0)
    await store.close()


async def test_an_index_that_is_not_whole_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_PIECE_MESSAGES", 5)
    monkeypatch.setattr(finding, "_MOST_COMPARED", 2)
    monkeypatch.setattr(finding, "_SLICE", 1)
    path = tmp_path / "conversations.db"
    await written_without(path, {f"q{at}": "needle" for at in range(10)})
    store = SqliteStore(path)
    await store.tend()
    result = await store.search(SearchQuery(("needle",)))
    assert (len(result.hits), result.indexed) == (7, 0.5)  # five by the index, two compared
    await store.close()


async def test_words_that_a_library_without_an_index_took_out_are_out_of_it(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    first = SqliteStore(path)
    await keep(first, {"q": "needle", "other": "needle"})
    await first.close()
    await written_without(path, {"q": "haystack"})
    store = SqliteStore(path)
    for _ in range(2):
        assert (await ids_found(store, "needle"), await ids_found(store, "haystack")) == (["other"], ["q"])
        while await store.tend() < 1.0:
            pass
    await store.close()
    assert b"needle haystack" not in path.read_bytes()


async def test_deleting_leaves_no_word_in_the_index_once_the_program_ended(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    store = SqliteStore(path)
    await keep(store, {f"q{at}": f"xyzzyplugh{at} among others" for at in range(200)})
    await keep(store, {"kept": "among others"}, "c2")
    await store.delete("c1")
    assert await ids_found(store, "among") == ["kept"]
    await store.close()
    assert b"xyzzyplugh" not in path.read_bytes()


async def test_what_was_hidden_goes_with_the_program_that_hid_it(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    store = SqliteStore(path)
    await keep(store, {"q": "xyzzyplugh"})
    await store.hide("c1")
    other = SqliteStore(path)
    assert await other.list() == ()  # it is out of everybody's sight,
    await store.bring_back("c1")  # and not gone while its program lives
    assert len(await other.list()) == 1
    await store.hide("c1")
    await store.close()
    assert b"xyzzyplugh" not in path.read_bytes()
    await other.close()


async def test_the_old_index_is_removed_by_pieces_and_all_is_found_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_PIECE_OLD_ROWS", 1)
    path = tmp_path / "conversations.db"
    await written_without(path, {"q": "needle"})
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(text, content = 'search_text', content_rowid = 'node_seq')"
        )
        raw.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")
        raw.commit()
    store = SqliteStore(path)
    while await store.tend() < 1.0:
        assert await ids_found(store, "needle") == ["q"]
    with contextlib.closing(sqlite3.connect(path)) as raw:
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE name GLOB 'search_index*'")]
    assert names
    assert all(name.startswith("search_index_0") for name in names)
    await store.close()


async def test_a_search_that_is_cancelled_holds_up_nobody(store: SqliteStore) -> None:
    await keep(store, {"q": "needle"})
    searching = asyncio.create_task(store.search(SearchQuery(("needle",))))
    await asyncio.sleep(0)
    searching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await searching
    assert await ids_found(store, "needle") == ["q"]


# Accents that came as characters of their own (names of files on macOS, words out of PDFs)


@pytest.mark.parametrize(
    "typed", ["crème", "creme", "cre\u0300me", "BRULE\u0301E", "brulee crè", "한국", "\u1112\u1161\u11ab"]
)
async def test_a_letter_is_found_however_its_accents_came(store: SqliteStore, typed: str) -> None:
    text = "Recipe for crème brûlée of 한국 tonight"
    await keep(store, {"apart": normalize("NFD", text), "whole": text})
    for id_, title in (("c2", text), ("c3", normalize("NFD", text))):
        await store.save_conversation(Conversation(id_, 1.0, title))
    hits = await look_for(store, typed)
    assert sorted(hit.node_id or hit.conversation_id for hit in hits) == ["apart", "c2", "c3", "whole"]


async def test_the_excerpt_stands_around_the_word_also_behind_many_accents(store: SqliteStore) -> None:
    await keep(store, {"long": normalize("NFD", "é " * 400 + "needle")})
    (hit,) = await look_for(store, "needle")
    assert hit.excerpt.endswith("é needle")


# The form of the index and the comparison agree

letters = st.text("aB0é\u0301_+:.#- 京都รั\n", max_size=12)


@given(letters, st.text("aB0é_+:.#-京都ร", min_size=1, max_size=4))
def test_the_index_finds_every_text_that_has_the_word_between_spaces(around: str, word: str) -> None:
    expression = match_expression([word])
    if not expression:  # punctuation
        return
    with contextlib.closing(sqlite3.connect(":memory:")) as memory:
        memory.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')")
        text = f"{around} {word} {around}"
        memory.execute("INSERT INTO t VALUES (?)", (indexed_form(text),))
        assert memory.execute("SELECT count(*) FROM t WHERE t MATCH ?", (expression,)).fetchone()[0] == 1
        assert matches(text, [word])


@given(st.text(max_size=80))
def test_any_text_has_a_form_that_keeps_its_letters(text: str) -> None:
    kept = [character for character in composed(text) if character.isalnum()]
    assert [character for character in indexed_form(text) if character.isalnum()] == kept


@given(st.one_of(st.text("ab _.,:-+#(", max_size=40), st.text("aé\u0301 _.…:-+(—¼\n"), st.text(max_size=40)))
def test_the_quick_searches_for_signs_make_the_same_form_as_the_whole_one(text: str) -> None:
    assert indexed_form(text) == with_forms(composed(text), apart())


@given(st.lists(st.text(max_size=10), max_size=4))
def test_nothing_that_is_typed_is_syntax(words: list[str]) -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as memory:
        memory.execute("CREATE VIRTUAL TABLE t USING fts5(text)")
        if expression := match_expression(word.replace("\0", "") for word in words):
            memory.execute("SELECT * FROM t WHERE t MATCH ?", (expression,)).fetchall()
