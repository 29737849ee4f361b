"""The user's settings, the sources they come from, and the folders of the program's files."""
