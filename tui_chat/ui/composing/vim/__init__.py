"""Vim's normal and visual modes over any lines of text; knows no widget."""
