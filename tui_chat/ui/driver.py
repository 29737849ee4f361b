"""The terminal driver, hardened where Textual 8.2.8's input thread would end the whole program.

One byte that is not UTF-8, or a key report of a protocol that another program left switched on, raises in the thread
that reads the keyboard (Textual's issue 6456). Here a bad byte becomes a replacement sign and a report that cannot be
read is passed over.
"""

import os
import selectors
from codecs import getincrementaldecoder

from textual._parser import ParseError  # private, as is the next: the parser is the input thread's own
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

READ_BYTES = 16 * 1024
TICK_S = 0.1


class HardenedDriver(LinuxDriver):
    """Reads the keyboard and survives what it reads."""

    def run_input_thread(self) -> None:
        """Read until the driver is stopped or the terminal is gone."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser = XTermParser(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                text = ""
                if selector.select(TICK_S):
                    try:
                        data = os.read(self.fileno, READ_BYTES)
                    except OSError:
                        return  # the terminal is gone; SIGHUP ends the program
                    if not data:
                        return
                    text = decode(data)
                parser = self._pass_on(parser, text)

    def _pass_on(self, parser: XTermParser, text: str) -> XTermParser:
        """Hand what was read to the app; a parser that broke is replaced by a new one."""
        try:
            for message in parser.feed(text) if text else ():
                self.process_message(message)
            for message in parser.tick():
                self.process_message(message)
        except (ValueError, OverflowError, IndexError, ParseError):
            return XTermParser(self._debug)
        return parser
