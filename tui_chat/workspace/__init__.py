"""The open conversation and what belongs to it, the same for every front end."""
