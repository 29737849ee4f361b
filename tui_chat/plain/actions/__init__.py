"""Handlers of the commands in plain mode: one small module for each subject."""
