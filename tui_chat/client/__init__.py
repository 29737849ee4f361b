"""Floor 2: the wire. The only importer of httpx beside demo/transport."""
