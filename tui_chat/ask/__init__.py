"""The headless front end: one answer without the screen."""
