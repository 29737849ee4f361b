"""Lists and drawn rows, of which panes and dialogs are made."""
