"""tui-chat: a full-screen terminal chat for SolRouter and every OpenAI-compatible gateway."""

__version__ = "0.1.0"
