"""What keeps one definition of a tools file from being used."""


class WrongKey(Exception):
    """One key of a definition cannot be used. Its text says why, to be read after the key's name."""

    def __init__(self, key: str, message: str) -> None:
        """`key` is empty where it is the definition as a whole."""
        super().__init__(message)
        self.key = key
