"""Conversations out of other programs' exports, one module a program. What they read is hostile until judged."""
