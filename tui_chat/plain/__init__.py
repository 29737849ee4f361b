"""The plain front end: a chat in lines, for screen readers, braille displays, Emacs shells and serial lines.

It writes text and newlines only: no cursor movement, no colours, and no line is ever rewritten.
"""
