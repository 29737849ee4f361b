"""Commands on the screen: the table, dispatch, the palette, and their actions."""
