"""Bytes and keys, modes, clipboard, notifications: what a terminal says and is told. Knows no widget."""
