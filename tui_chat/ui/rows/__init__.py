"""Lists and drawn lines: what panes and dialogs are made of."""
