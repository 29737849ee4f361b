"""Floor 3: the domain. Sessions, turns and the ports they need."""
