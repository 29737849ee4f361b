"""Floor 1: what the user has set, where it comes from, and where files live."""
