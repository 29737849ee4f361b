"""Proofs over every pane, dialog and hint there is, in the states of the gallery."""
