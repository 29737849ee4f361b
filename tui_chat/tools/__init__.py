"""Running what tools do: programs and web services."""
