"""Keys as values: what a command is, which keys it has now, and what a terminal can tell of them."""
