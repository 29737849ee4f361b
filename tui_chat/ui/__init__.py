"""Floor 4: the screen. The only importer of textual."""
