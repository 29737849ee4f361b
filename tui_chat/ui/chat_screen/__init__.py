"""The chat screen and the parts that only it has."""
