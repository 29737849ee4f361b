"""What the composer is made of: its document, how that is broken into rows, chips, and what was killed."""
