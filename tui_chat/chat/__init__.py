"""The domain: sessions, turns, and the ports they need."""
