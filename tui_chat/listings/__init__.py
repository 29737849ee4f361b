"""The commands that print (models, history, usage, config): columns for people, `--json` for programs."""
