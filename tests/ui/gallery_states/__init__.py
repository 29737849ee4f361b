"""The main states of the screen, each a way to it by commands and keys, for `tests.ui.gallery`."""
