"""What the user has set, where it comes from, and where files live."""
