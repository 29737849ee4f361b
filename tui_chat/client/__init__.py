"""The wire. The only importer of httpx beside demo/transport."""
