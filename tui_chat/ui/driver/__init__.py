"""Between Textual and the terminal: the driver, the compositor, the gates for what comes in and goes out. Beside them,
what becomes of a worker that breaks."""
