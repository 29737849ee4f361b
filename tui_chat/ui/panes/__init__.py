"""Panes beside the transcript: models, tools, usage."""
