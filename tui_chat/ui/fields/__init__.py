"""Inputs: one line, a search, a box to tick, and the caret in them."""
