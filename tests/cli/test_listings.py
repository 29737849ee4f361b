"""`tui-chat models` and `tui-chat history` against a real server on loopback."""

import json
import re
from pathlib import Path

from tests.cli.program import CalledProgram, Program
from tests.transcripts.importers.exports import chatgpt


def test_a_listing_that_is_refused_ends_with_the_status_of_the_refusal(program: Program) -> None:
    done = program.run("models", "--refresh", SOLROUTER_API_KEY="wrong")
    assert done.returncode == 3
    assert "key" in done.stderr


def test_a_refresh_that_is_refused_says_so_with_the_age_of_what_is_shown_instead(called: CalledProgram) -> None:
    rows = called.json("models", "--json")
    done = called.run("models", "--refresh", "--json", SOLROUTER_API_KEY="wrong")
    assert done.returncode == 3
    assert json.loads(done.stdout) == rows
    assert "key" in done.stderr
    assert "The list is an old one, of " in done.stderr
    assert "(just now)" in done.stderr
    again = called.run("models", "--refresh", SOLROUTER_API_KEY="wrong")
    assert (again.returncode, again.stderr) == (3, done.stderr)
    assert "demo/guide" in again.stdout


def test_what_cannot_be_imported_is_wrong_use(called: CalledProgram, tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("no export")
    assert called.run("history", "import", str(tmp_path / "no.json")).returncode == 2
    assert called.run("history", "import", str(tmp_path / "missing.json")).returncode == 2


def test_history_lists_shows_searches_exports_imports_and_deletes(called: CalledProgram, tmp_path: Path) -> None:
    result = called.json("ask", "--json", "-m", "demo/fast", "quantum teapots")
    assert isinstance(result, dict)
    id_ = result["conversation"]
    listed = called.json("history", "list", "--json")
    assert isinstance(listed, list)
    assert [row["id"] for row in listed] == [id_]
    assert "quantum teapots" in called.run("history", "show", id_[:6]).stdout
    found = called.json("history", "search", "teapots", "--json")
    assert isinstance(found, list)
    assert found[0]["conversation"] == id_
    file = tmp_path / "export.json"
    assert called.run("history", "export", id_, "--json", "-o", str(file)).returncode == 0
    assert called.run("history", "delete", id_).returncode == 0
    assert called.json("history", "list", "--json") == []
    assert called.run("history", "import", str(file)).returncode == 0
    assert "quantum teapots" in called.run("history", "list").stdout


def test_another_programs_export_comes_in_with_counts_and_adds_nothing_to_what_was_spent(
    called: CalledProgram, tmp_path: Path
) -> None:
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps([chatgpt(), {**chatgpt(), "conversation_id": "other"}, {"mood": 1}]))
    first = called.json("history", "import", str(file), "--json")
    assert isinstance(first, dict)
    assert first["conversations"] == ["68c13686-4a3c-8329-940b-479ccb6a079f", "other"]
    assert (first["messages"], first["already"], first["new_ids"]) == (18, 0, [])
    assert len(first["left_out"]) == 3
    assert first["left_out"][0] == "Conversation 3 of the file is of no known program."
    second = called.run("history", "import", str(file))
    assert second.returncode == 0
    assert second.stdout.count("Tides (already here)") == 2
    assert "Left out: Hidden messages" in second.stderr
    assert "2 conversations (all of them already here)" in second.stderr
    usage = called.json("usage", "--json")
    assert isinstance(usage, dict)
    assert usage["total"]["answers"] == 0


def test_exports_never_write_over_a_file(called: CalledProgram, tmp_path: Path) -> None:
    result = called.json("ask", "--json", "-m", "demo/fast", "hi")
    assert isinstance(result, dict)
    (tmp_path / "there.md").write_text("mine")
    done = called.run("history", "export", result["conversation"], "-o", str(tmp_path / "there.md"))
    assert done.returncode != 0
    assert (tmp_path / "there.md").read_text() == "mine"


def test_models_are_listed_with_prices(called: CalledProgram) -> None:
    rows = called.json("models", "--json")
    assert isinstance(rows, list)
    assert {"demo/guide", "demo/tools"} <= {row["id"] for row in rows}
    assert "demo/writer" in called.run("models", "writer").stdout


def test_words_filter_the_listed_models_and_all_that_is_known_is_told(called: CalledProgram) -> None:
    rows = called.json("models", "reasons", "--json")
    assert isinstance(rows, list)
    assert rows
    for row in rows:
        assert row["abilities"]["reasons"] is True
        assert row["cached_input_usd_per_million"] is None
        assert row["long_context_prices"] == []
    free = called.json("models", "free", "guide", "--json")
    assert isinstance(free, list)
    assert [(row["id"], row["output_usd_per_million"]) for row in free] == [("demo/guide", "0")]


def test_where_no_model_fits_that_is_said(called: CalledProgram) -> None:
    done = called.run("models", "free", "zebra")
    assert done.stdout == ""
    assert re.fullmatch(r"tui-chat: None of \d+ models fits “free zebra”\.\n", done.stderr)
    assert called.json("models", "free", "zebra", "--json") == []
