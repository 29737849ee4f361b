"""Where text is written: the composer and what it has, the list that completes what is typed, the external editor."""
