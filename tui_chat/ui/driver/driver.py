"""The terminal driver: reads whatever a terminal sends and survives it, stops and goes on as a job of the shell's.

Textual 8.2.8's input thread ends the whole program at a byte that is not UTF-8 (its issue 6456) and at key reports of
a protocol that another program left switched on; pastes pass through it one character at a time. Here what is read is
cut up by `terminal.input` first, and Textual's parser sees only whole sequences that it knows.
"""

import contextlib
import os
import re
import selectors
import signal
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Iterable
from time import monotonic, sleep
from types import FrameType
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import constants, events
from textual._xterm_parser import XTermParser  # private: the parser is the input thread's own
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui_chat.terminal import mouse as mouse_use
from tui_chat.terminal.abilities import AUTO, abilities
from tui_chat.terminal.background import Background, BackgroundWatch
from tui_chat.terminal.early import ALTERNATE_SCREEN, LinesWaiting
from tui_chat.terminal.frame_encoder import FRAME_BEGINS, FRAME_ENDS, FrameEncoder
from tui_chat.terminal.frames import Frame
from tui_chat.terminal.input import InputSplitter, Pasted, Piece, Replied, Sequence, Typed, escape_delay_s
from tui_chat.terminal.output import Kind, TerminalOutput
from tui_chat.terminal.waking import WakingEvent
from tui_chat.ui.driver.app_side import BeganEarly, ChoosesPainting, FollowsBackground, ShowsCaret
from tui_chat.ui.driver.terminal_keys import JOINERS, understand

if TYPE_CHECKING:
    from textual.app import App

_FRAME = re.compile(r"\x1b\[\d+;\d+H")
"""Beginning of a frame: nothing else addresses the screen."""
READ_BYTES = 64 * 1024

_AT_ONCE = re.compile(rf"[^\x00-\x20\x7f]*[{JOINERS}][^\x00-\x20\x7f]*|[^\x00-\x1f\x7f]{{64,}}")
"""Text that goes in whole: what a joiner holds together, which as single keys would fall apart, and what nobody types
that fast."""

_ASK_FOR_KEYS = "\x1b[>4;1m\x1b[=4;2u\x1b[?u"
"""Shift+Enter and its like told apart: xterm's modifyOtherKeys, which tmux passes on too, for terminals without the
kitty protocol; and in that protocol, where a key is besides what it writes. Last, whether it is spoken."""
_KITTY_REPLY = re.compile(r"\x1b\[\?\d{1,3}u")
_KEEP_TITLE, _OLD_TITLE = "\x1b[22;0t", "\x1b]2;\x07\x1b[23;0t"
"""The window's title is put on the terminal's stack and taken back; where there is none, ours is cleared."""
_LEAVE_LOOKS, _LEAVE_REGION = "\x1b[0m", "\x1b[r"
"""What is written with after the last frame, and which rows scroll if it was cut; that also moves the cursor."""
_LEAVE_KEYS = "\x1b[>4m"
_LEAVE_FOCUS = "\x1b[?1004l"
_BLINKING_BLOCK, _STEADY_BLOCK, _OLD_CARET = "\x1b[1 q", "\x1b[2 q", "\x1b[0 q"
MOST_AT_ONCE = 64
"""Keys that may wait in the app; more wait here, and are dropped at the end."""
MANY_AT_ONCE = 1000
"""More than this was held down and not aimed: what merely moves is passed over where a key that leaves waits behind."""
_LEAVING = frozenset({"ctrl+c", "ctrl+d", "ctrl+q"})
_MOVING = frozenset({"left", "right", "up", "down", "pageup", "pagedown", "home", "end"})
LOOK_AGAIN_S = 0.002
LAST_REPORTS_S = 0.05
"""Time in which reports that were on their way may still arrive after the terminal was told to send no more."""
_LEAVE_PIXELS = "\x1b[?1016l"
"""Textual 8.2.8 switches mouse reports in pixels on and never off."""


class KittyTold(Message):
    """The terminal said that it speaks the kitty keyboard protocol."""


class BackgroundTold(Message):
    """The terminal said what its background is."""

    def __init__(self, background: Background) -> None:
        super().__init__()
        self.background = background


class HardenedDriver(LinuxDriver):
    """Reads the keyboard and survives what it reads."""

    def __init__(
        self, app: "App[object]", *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        # Between two callbacks: Textual's handlers are called in the middle of whatever runs, a write among them.
        self._loop.add_signal_handler(signal.SIGTSTP, self._sigtstp_application)
        self._loop.add_signal_handler(signal.SIGCONT, self._sigcont_application)
        self.exit_event: WakingEvent = WakingEvent()
        self._output: TerminalOutput | None = None
        self._abilities = abilities(os.environ, app.painting if isinstance(app, ChoosesPainting) else AUTO)
        self._marks_frames = False
        self._focused: object = None
        """What had the focus at the last frame."""
        self._shows_caret: ShowsCaret | None = None
        """The same, where it shows a caret."""
        self._is_leaving = False
        self._begun = app.begun if isinstance(app, BeganEarly) else None
        """The terminal as it was taken before this driver was there; None once that is told."""
        self._lines = LinesWaiting(self.fileno)
        self._mouse_use = mouse_use.FULL if mouse else mouse_use.OFF
        self._title = ""
        self._has_named = False
        """The window bears our title, and its own is on the terminal's stack."""
        self._background = BackgroundWatch(os.environ)
        self.last_input_at = monotonic()
        """Time at which the terminal sent something last: a key, the mouse, a reply."""
        self._pending: deque[Message] = deque()
        """Messages that the app has not been handed yet."""
        self._ahead_of_leaving = 0
        """Number of them that are ahead of a key that leaves."""
        self._is_handing_over = False

    def write(self, data: str) -> None:
        """Queue data for the terminal, while it is ours. A frame and its marks are one piece: all of it or nothing."""
        if data == ALTERNATE_SCREEN and self._begun is not None and self._begun.is_shown:
            self._begun.is_shown = False  # it is on, and some terminals would clear it
        elif data in (FRAME_BEGINS, FRAME_ENDS):
            self._marks_frames = data == FRAME_BEGINS
        elif self._output is not None:
            if self._is_leaving:
                self._output.write(data, Kind.WAY_BACK)
            elif _FRAME.match(data):
                self._output.show(self._frame(data))
            else:
                self._output.write(data)

    def _frame(self, data: str) -> Frame:
        """A frame; the terminal's cursor is the caret of the field that has the focus, wherever another one has put it
        (Textual 8.2.8 moves it for every text area that changes)."""
        columns, rows = self._app.size
        field = self._app.focused
        if field is not self._focused:  # to ask this of every frame's field would cost more than all else here
            self._focused, self._shows_caret = field, field if isinstance(field, ShowsCaret) else None
        place = self._shows_caret.caret_in_sight() if self._shows_caret is not None else None
        if place is not None:
            data += f"\x1b[{place.y + 1};{place.x + 1}H"
        return Frame(data, columns, rows, shows_cursor=place is not None, is_synchronised=self._marks_frames)

    def forget_screen(self) -> None:
        """Tell all of the frames that come from now on: something else may have changed the terminal's screen."""
        if self._output is not None:
            self._output.forget()

    def start_application_mode(self) -> None:
        """Take the terminal."""
        self._is_leaving = False
        encoder = FrameEncoder(self._abilities, cell_len)
        self._output = TerminalOutput(_terminal_number(), self._ask_for_all, encoder)
        self._output.start()
        begun = self._begun
        modes_before = begun.take() if begun is not None else None
        self._lines = begun.lines if begun is not None and modes_before is not None else LinesWaiting(self.fileno)
        if begun is not None and begun.rest:
            self._output.write(begun.rest)
            begun.rest = ""
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's, which says no types
        if modes_before is not None:
            self.attrs_before = modes_before
        if self._writer_thread is not None and self._writer_thread.is_alive():
            self._forget_when_resized()
            self.write(_ASK_FOR_KEYS + (_STEADY_BLOCK if self._app.animation_level == "none" else _BLINKING_BLOCK))
            self.follow_background()
            self._name_window()
        else:  # it is another job's
            self._output.stop()
            self._output = None

    def _forget_when_resized(self) -> None:
        """A terminal that gets another size, even for a moment, may cut or move its rows."""
        tell = signal.getsignal(signal.SIGWINCH)

        def resized(number: int, frame: FrameType | None) -> None:
            self.forget_screen()
            if callable(tell):
                tell(number, frame)

        signal.signal(signal.SIGWINCH, resized)

    def set_title(self, title: str) -> None:
        """Name the window, in harmless words; the name that it had comes back with the shell."""
        self._title = title
        if not self._is_leaving:  # shown when the terminal is ours again
            self._name_window()

    def _name_window(self) -> None:
        if self._title:
            self.write(("" if self._has_named else _KEEP_TITLE) + f"\x1b]2;{self._title}\x07")
            self._has_named = True

    def follow_background(self) -> None:
        """Ask for the terminal's background and be told when it changes, or no more, as the app wants it now."""
        app, watch = self._app, self._background
        follows = isinstance(app, FollowsBackground) and app.follows_background
        self.write(watch.switch_on(monotonic()) if follows else watch.switch_off())

    def ask_for_background(self) -> None:
        """Ask for it once more, where it is followed; for terminals that do not tell when it changes."""
        self.write(self._background.ask_again(monotonic()))

    def use_mouse(self, use: str) -> None:
        """Switch to another use of the mouse."""
        self._disable_mouse_support()
        self._mouse_use, self._mouse = use, use == mouse_use.FULL
        self._enable_mouse_support()
        if self._in_band_window_resize:
            self._enable_mouse_pixels()  # the parser counts in pixels from the first such report on

    def _enable_mouse_support(self) -> None:
        self.write(mouse_use.switched_on(self._mouse_use))

    def _disable_mouse_support(self) -> None:
        self.write(mouse_use.switched_off(self._mouse_use))

    def _ask_for_all(self) -> None:
        """Have the whole screen painted; called in any thread."""
        with contextlib.suppress(RuntimeError):  # the loop has ended, and with it the screen
            self._loop.call_soon_threadsafe(self._app.refresh)

    def close(self) -> None:
        """Write what is left, and stop writing."""
        super().close()
        self._stop_output()

    def _stop_output(self) -> None:
        if self._output is not None:
            self._output.stop()
            self._output = None

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was, all of it: what breaks later may end the program at once."""
        self._is_leaving = True
        self._pending.clear()
        changes = self._background.switch_off()
        looks = _LEAVE_LOOKS + (_LEAVE_REGION if self._abilities.scrolls else "") + _OLD_CARET
        self.write(looks + _LEAVE_KEYS + _LEAVE_PIXELS + changes + (_OLD_TITLE if self._has_named else ""))
        self._has_named = False
        super().stop_application_mode()
        self._stop_output()

    def disable_input(self) -> None:
        """Stop reading, once the terminal had time to take note: what it sent before that is taken by the thread that
        still reads, and never reaches the shell."""
        if self._output is not None and not self.exit_event.is_set():
            self._disable_mouse_support()
            self.write(_LEAVE_FOCUS + self._background.switch_off())
            sleep(LAST_REPORTS_S)
            while self._background.is_waiting(monotonic()):
                sleep(LOOK_AGAIN_S)
        super().disable_input()

    def run_input_thread(self) -> None:
        """Read until the driver is stopped or the terminal is gone, which ends the program as a hangup does."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        splitter = InputSplitter(escape_delay_s(constants.ESCAPE_DELAY, os.environ))
        parser = XTermParser(self._debug)
        for at, typed in self._begun.typed if self._begun is not None else ():
            parser = self._pass_on(parser, [*splitter.tick(at), *splitter.feed(decode(typed), at)])
        self._begun = None
        parser = self._pass_on(parser, splitter.tick(monotonic()))
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self.exit_event, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(splitter.patience_s):
                    if self.exit_event.is_set():
                        return
                    try:
                        data = self._lines.as_keys(os.read(self.fileno, READ_BYTES))
                    except OSError:
                        data = b""
                    if not data:
                        os.kill(os.getpid(), signal.SIGHUP)
                        return
                    self.last_input_at = monotonic()
                    pieces = splitter.feed(decode(data), self.last_input_at)
                else:
                    pieces = splitter.tick(monotonic())
                parser = self._pass_on(parser, pieces)

    def _pass_on(self, parser: XTermParser, pieces: Iterable[Piece]) -> XTermParser:
        """Hand events to the app; a parser that broke is replaced by a new one."""
        for piece in mouse_use.wheel_steps(pieces) if self._mouse_use == mouse_use.SCROLL else pieces:
            try:
                if not isinstance(piece, int) and (background := self._background.hear(piece)):
                    self.process_message(BackgroundTold(background))
                for message in (self._wheel(piece),) if isinstance(piece, int) else read_piece(parser, piece):
                    self.process_message(message)
            except Exception:  # noqa: BLE001 - whatever breaks in Textual's parser, one key is lost and not the program
                parser = XTermParser(self._debug)
        return parser

    def send_message(self, message: Message) -> None:
        """Queue a message for the app; called in any thread.

        Textual 8.2.8 wakes the loop for each: some hundred at once fill the pipe that it is woken by, and a signal that
        comes then is lost.
        """
        if isinstance(message, (events.AppFocus, events.Resize)):
            self.forget_screen()
        if isinstance(message, events.AppFocus):
            self._ask_for_all()  # others may have written while the window was not looked at
        if _is_key(message, _LEAVING) and len(self._pending) > MANY_AT_ONCE:
            self._ahead_of_leaving = len(self._pending)
        self._pending.append(message)
        if not self._is_handing_over:
            self._is_handing_over = True
            self._loop.call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        """Post as many messages as the app handles soon, so that leaving need not wait for what was typed before it."""
        self._is_handing_over = False
        while self._pending and not self._is_behind:
            message = self._pending.popleft()
            is_ahead = self._ahead_of_leaving > 0
            self._ahead_of_leaving -= is_ahead
            if not (is_ahead and _is_key(message, _MOVING)):
                self._app.post_message(message)
        if self._pending:
            self._is_handing_over = True
            self._loop.call_later(LOOK_AGAIN_S, self._hand_over)

    @property
    def _is_behind(self) -> bool:
        app = self._app
        if not app.screen_stack or not app.screen.is_mounted:
            return True  # nothing has the focus yet: a key would be nobody's
        busy = (app, app.screen, app.focused or app)
        return max(pump.message_queue_size for pump in busy) >= MOST_AT_ONCE

    def _wheel(self, step: int) -> Message:
        """A notch of the wheel, whose place nobody knows: over the text that is read, left of a pane, or a dialog."""
        columns, rows = self._get_terminal_size()
        turned = events.MouseScrollUp if step < 0 else events.MouseScrollDown
        x, y = columns // 3, rows // 3
        return turned(None, x, y, 0, 0, 0, False, False, False, screen_x=x, screen_y=y)

    def _sigcont_application(self, *_: object) -> None:
        """Go on after a stop, also after one that could not be seen coming (SIGSTOP).

        Textual 8.2.8 would then start a second time over the first and take our modes for those to go back to. A
        private name: `test_a_stop_that_cannot_be_caught_leaves_no_trace` fails if it goes.
        """
        if self._auto_restart and not self._must_signal_resume:
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application()
        self._ask_for_all()  # Textual paints a screen of another size alone


def _is_key(message: Message, keys: frozenset[str]) -> bool:
    return isinstance(message, events.Key) and message.key in keys


def read_piece(parser: XTermParser, piece: Piece) -> Iterable[Message]:
    """One piece of what was read, as Textual's messages."""
    match piece:
        case Pasted(text):
            yield events.Paste(text)
        case Typed(text):
            at = 0
            for whole in _AT_ONCE.finditer(text):
                yield from parser.feed(text[at : whole.start()]) if whole.start() > at else ()
                yield events.Paste(whole[0])
                at = whole.end()
            yield from parser.feed(text[at:]) if at < len(text) else ()
        case Replied():
            pass  # the driver itself hears what is told of colours
        case Sequence("\x1b"):
            yield events.Key("escape", "\x1b")
        case Sequence(text) if _KITTY_REPLY.fullmatch(text):
            yield KittyTold()
        case Sequence(text):
            match understand(text):
                case Sequence(known):
                    yield from parser.feed(known)
                case Typed() as typed:
                    yield from read_piece(parser, typed)
                case None:
                    pass


def _terminal_number() -> int:
    """The descriptor to draw on: standard error, as Textual does, but where that leads elsewhere standard output."""
    return 2 if os.isatty(2) else 1
