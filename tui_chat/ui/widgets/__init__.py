"""Panes and rows, one a file, each mountable alone."""
