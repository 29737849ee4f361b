"""Keys as values: the keys of commands, their names, and those that a person has set."""
