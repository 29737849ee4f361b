"""Floor 3: conversations as Markdown and JSON documents."""
