"""What the commands of plain mode do: one small module for each subject."""
