"""The embedded gateway: scripted models that answer through the same byte path as a real one."""
