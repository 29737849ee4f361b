"""Commands on the screen: the table, what is typed and pressed, the palette, and the actions by subject."""
