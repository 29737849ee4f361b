"""Conversations as Markdown and JSON documents."""
