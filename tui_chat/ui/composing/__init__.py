"""Writing: the composer and its parts, the completion list, the external editor."""
