"""The terminal without any widget: bytes and keys, modes, mouse, clipboard, notifications, output."""
