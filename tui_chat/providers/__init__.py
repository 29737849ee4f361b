"""Dialects, which turn a Request into an HTTP request and server-sent events into stream events. No IO."""
