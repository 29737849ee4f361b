"""Inputs: one line, a search, one of several options, and the caret in them."""
