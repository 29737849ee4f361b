"""The command line: its commands and flags, their parser, and the lists for people and programs."""
