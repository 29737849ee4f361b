"""The message log: block stream, model, renderer, view."""
