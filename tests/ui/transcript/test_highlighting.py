"""Code that grows is coloured as if it had been there from the start."""

import pytest

from tui_chat.ui.transcript.highlighting import AGAIN, WINDOW, Highlighter
from tui_chat.ui.transcript.leaves import Kind
from tui_chat.ui.transcript.lexing import BEGINNING, Token, find_lexer, is_plain, lex, lex_whole
from tui_chat.ui.transcript.section import Section, SectionKind

SAMPLES = {
    "python": 'class A:\n    """Doc\n    string."""\n\n    def f(self) -> int:  # why\n        return f"{self.x!r}"\n',
    "javascript": "const f = async (x) => {\n  /* over\n     lines */\n  return `t ${x}\n more`;\n};\n",
    "rust": 'fn main() {\n    /* a /* nested */ b */\n    println!("{}", 1u8 as char);\n}\n',
    "c++": '#include <x>\n// one\nstd::vector<int> v{1, 2};\n/* two\n*/ auto s = R"(raw)";\n',
    "bash": "for f in *.txt; do\n  echo \"$f\" | sed 's/a/b/' # why\ndone\ncat <<EOF\nhere $x\nEOF\n",
    "go": 'package main\n\nfunc f(a int) string {\n\treturn `raw\nlines` + "s"\n}\n',
    "sql": "SELECT a, 'b' FROM t -- why\nWHERE c > 1.5 /* over\nlines */;\n",
    "json": '{"a": [1, true, null], "b": "c"}\n',
    "html": "<p class='a'>text <!-- over\nlines --></p>\n",
    "diff": "--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n",
}


def section(language: str, code: str, *, growing: bool = False) -> Section:
    made = Section(SectionKind.TEXT)
    made.is_growing = True
    made.read(80)
    made.feed(f"```{language}\n{code}")
    made.advance()
    if not growing:
        made.finish()
    return made


def painted(highlighter: Highlighter, made: Section) -> list[list[Token]]:
    numbers = [number for number, leaf in enumerate(made.leaves) if leaf.kind is Kind.CODE]
    return [line for number in numbers for line in highlighter.lines(made, number)]


def merged(lines: list[list[Token]]) -> list[list[Token]]:
    """The same with neighbours of one colour joined."""
    result: list[list[Token]] = []
    for line in lines:
        row: list[Token] = []
        for text, name in line:
            if row and row[-1][1] == name:
                row[-1] = (row[-1][0] + text, name)
            else:
                row.append((text, name))
        result.append(row)
    return result


@pytest.mark.parametrize("language", SAMPLES)
def test_growing_code_ends_coloured_like_the_whole(language: str) -> None:
    code = (SAMPLES[language].replace("\t", "    ") * 20).rstrip("\n")
    lexer = find_lexer(language)
    assert lexer is not None
    expected = lex_whole(lexer, code + "\n")[: code.count("\n") + 1]
    made = section(language, "", growing=True)
    highlighter = Highlighter()
    for line in code.split("\n"):
        made.feed(line + "\n")
        made.advance()
        painted(highlighter, made)
    made.finish()
    assert merged(painted(highlighter, made)) == merged(expected)


@pytest.mark.parametrize("language", SAMPLES)
def test_code_is_coloured_like_the_whole_once_text_follows_it(language: str) -> None:
    code = SAMPLES[language].replace("\t", "    ") * 3
    lexer = find_lexer(language)
    assert lexer is not None
    made = section(language, "", growing=True)
    highlighter = Highlighter()
    for at in range(0, len(code), 7):
        made.feed(code[at : at + 7])
        made.advance()
        painted(highlighter, made)
    made.feed("```\n\nAnd so on.\n")
    made.advance()
    expected = lex_whole(lexer, code)[: code.count("\n")]
    assert merged(painted(highlighter, made)) == merged(expected)


def test_a_comment_of_any_length_is_one_when_the_code_is_over() -> None:
    code = "let a = 1;\n/* one\n" + "const word = 2;\n" * 3 * WINDOW + "*/\nlet b = 2;\n"
    made = section("javascript", "", growing=True)
    highlighter = Highlighter()
    for line in code.splitlines(keepends=True):
        made.feed(line)
        made.advance()
        painted(highlighter, made)
    made.feed("```\n\nAnd so on.\n")
    made.advance()
    assert {name for line in painted(highlighter, made)[1:-1] for _, name in line} == {"syntax-comment"}


def test_what_a_few_lines_more_make_a_comment_is_one_soon() -> None:
    made = section("javascript", "let a = 1;\n/* one\n", growing=True)
    highlighter = Highlighter()
    painted(highlighter, made)
    made.feed("two */\n")
    for number in range(AGAIN):
        made.feed(f"let b{number} = 2;\n")
        made.advance()
        painted(highlighter, made)
    assert painted(highlighter, made)[1:3] == [[("/* one", "syntax-comment")], [("two */", "syntax-comment")]]


@pytest.mark.parametrize("language", [name for name in SAMPLES if is_plain(find_lexer(name))])
def test_our_loop_gives_what_pygments_gives(language: str) -> None:
    lexer = find_lexer(language)
    assert lexer is not None
    lines, checkpoints = lex(lexer, SAMPLES[language], BEGINNING.stack)
    assert lines == lex_whole(lexer, SAMPLES[language])
    assert checkpoints or language == "html"


@pytest.mark.parametrize("language", ["", "nosuchlanguage", "{.python .x}", "../../etc", "python:main.py"])
def test_any_word_may_stand_behind_a_fence(language: str) -> None:
    lines = painted(Highlighter(), section(language, "x = 1\n"))
    assert "".join(text for text, _ in lines[0]) == "x = 1"


def test_no_language_is_guessed() -> None:
    assert painted(Highlighter(), section("", "def f(): pass\n")) == [[("def f(): pass", "")]]


def test_a_very_long_line_is_left_plain() -> None:
    code = "x = '" + "y" * 5_000 + "'"
    assert painted(Highlighter(), section("python", code + "\n")) == [[(code, "")]]


def test_code_too_long_to_colour_while_it_grows_is_coloured_when_it_is_done() -> None:
    made = section("html", SAMPLES["html"] * 800, growing=True)
    highlighter = Highlighter()
    assert {name for line in painted(highlighter, made) for _, name in line} == {""}
    made.finish()
    assert len({name for line in painted(highlighter, made) for _, name in line}) > 3
