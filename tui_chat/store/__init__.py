"""Floor 3: conversations on disk."""
