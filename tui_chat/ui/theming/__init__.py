"""Themes: read from files, chosen, applied."""
