"""What asks or shows over the chat: one dialog a file."""
