"""Choosing a theme by seeing it: the whole screen wears the theme that the cursor is on."""

from typing import Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.theme_files import AUTO, Themes
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.rows.frame import Divider, Frame
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, cut
from tui_chat.ui.theming.marks import Mark
from tui_chat.ui.theming.themes import apply_theme

_ANSWER: Final = (
    ("Reading ", "$heading bold"),
    ("thought for 2 s", "$reasoning italic"),
    ("\n  Use ", "$foreground"),
    ("pathlib", "$code on $code-background"),
    (", see ", "$foreground"),
    ("the manual", "$link underline"),
    (".\n", "$foreground"),
    ("  for ", "$syntax-keyword on $code-background"),
    ("line ", "$syntax-variable on $code-background"),
    ("in ", "$syntax-keyword on $code-background"),
    ("open", "$syntax-function on $code-background"),
    ("(", "$syntax-punctuation on $code-background"),
    ('"notes.md"', "$syntax-string on $code-background"),
    ("): ", "$syntax-punctuation on $code-background"),
    ("# 42 lines ", "$syntax-comment on $code-background"),
)

_NARROW: Final = 44
"""Cells below which a row has room for the name alone."""


def sample() -> Content:
    """A few lines in the colours of a theme, with the marks as they are drawn now."""
    return Content.assemble(
        (f"{Mark.YOURS.drawn} ", "$user bold"),
        ("How do I read a file?\n", "$foreground"),
        (f"{Mark.ANSWER.drawn} ", "$assistant bold"),
        *_ANSWER,
        (f"\n{Mark.DONE.drawn} done  ", "$success"),
        (f"{Mark.CAUTION.drawn} cut off  ", "$warning"),
        (f"{Mark.FAILED.drawn} failed  ", "$error"),
        (f"{Mark.CALL.drawn} search", "$tool"),
    )


class ThemePicker(Dialog[str | None]):
    """A list of themes. The result is the chosen one, which the app shows by then; None where it shows the previous
    one."""

    DEFAULT_CSS = """
    ThemePicker PickList { max-height: 9; }
    ThemePicker #sample { height: auto; padding: 0 1; background: $background; }
    ThemePicker #problem { height: auto; max-height: 3; padding: 0 1; color: $warning; display: none; }
    ThemePicker #problem.-told { display: block; }
    ThemePicker.-low #sample, ThemePicker.-low Divider { display: none; }
    ThemePicker.-low > Frame { height: 100%; }
    ThemePicker.-low PickList { height: 1fr; max-height: 100%; }
    """

    def __init__(self, themes: Themes, worn: str, *, auto: str = "", is_auto: bool = False) -> None:
        """`worn` is the name of the theme that the app wears now, `auto` that of the one that suits the terminal; empty
        offers to follow it not. `is_auto`: it is followed now."""
        super().__init__()
        self._themes = themes
        self._before = worn
        self._auto = auto
        self._names = (*([AUTO] if auto else []), *themes.names())
        self._current = AUTO if auto and is_auto else worn
        self._worn = worn

    def compose(self) -> ComposeResult:
        """The list, and a sample of what is hidden behind it."""
        hints = (Hint("list-up list-down", "try"), Hint("list-choose", "take"))
        with Frame(title="Themes", way_out=Hint("leave", "keep the old one"), hints=hints) as frame:
            frame.show_facts(str(len(self._names)))
            yield PickList(id="themes")
            yield Static(id="problem")
            yield Divider("Sample")
            yield Static(sample(), id="sample")

    def on_mount(self) -> None:
        """List the themes, with the cursor on the one in use."""
        at = self._names.index(self._current) if self._current in self._names else 0
        themes = self.query_one(PickList)
        themes.show_items(len(self._names), self._draw, cursor=at)
        themes.focus()

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Show the theme under the cursor; of moves that came faster than the screen only the last one counts."""
        event.stop()
        if event.index == event.pick_list.cursor:
            self._wear(self._names[event.index])

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Choose it."""
        event.stop()
        name = self._names[event.index]
        self._wear(name)
        self.dismiss(name)

    def action_leave(self) -> None:
        """Show the previous theme again, and leave."""
        self._wear(self._before)
        self.dismiss(None)

    def _wear(self, name: str) -> None:
        name = self._auto if name == AUTO else name
        if name == self._worn:
            return
        self._worn = name
        if name not in self._names and self.app.get_theme(name):
            self.app.theme = name
            return
        problems = apply_theme(self.app, self._themes, name)
        told = self.query_one("#problem", Static)
        told.set_class(bool(problems), "-told")
        told.update(Content(sanitize_line(str(problems[0]), 200) if problems else ""))

    def _draw(self, index: int, width: int) -> tuple[Row, ...]:
        id_ = self._names[index]
        mark = (Ink.ACCENT, f"{Mark.ANSWER.drawn} ") if id_ == self._current else (Ink.TEXT, "  ")
        words, has_mistakes = self._said(id_)
        told = (Ink.WARNING if has_mistakes else Ink.MUTED, sanitize_line(words, 80))
        name = (Ink.TEXT, sanitize_line(id_, 20))
        if width < _NARROW:
            return (cut((mark, name, (Ink.TEXT, "  "), told) if has_mistakes else (mark, name), width),)
        return (cut((mark, (Ink.TEXT, f"{name[1]:<21}"), told), width),)

    def _said(self, id_: str) -> tuple[str, bool]:
        """What is said of a theme, and whether it has mistakes; one with a name of its own is told by that, too."""
        if id_ == AUTO:
            return "follows the terminal", False
        theme, problems = self._themes.read(id_)
        is_named = theme.id == id_ and theme.title.casefold().replace(" ", "-") != id_
        said = (theme.title if is_named else "", "has mistakes" if problems else theme.summary)
        return " · ".join(filter(None, said)), bool(problems)
