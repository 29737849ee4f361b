"""The plain front end: a chat in lines, for screen readers, braille displays, Emacs shells and serial lines.

It writes text and newlines only: nothing is ever drawn, moved or written again.
"""
