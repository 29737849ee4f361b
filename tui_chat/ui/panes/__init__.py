"""What opens beside the transcript: models, tools, usage."""
