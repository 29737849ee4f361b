"""The command line: which command runs, with what, and the lists for people and programs."""
