"""Between Textual and the terminal: the driver, the compositor, and the gates for what comes in and goes out."""
