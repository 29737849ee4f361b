"""Tool servers that speak MCP: started when they are first needed, asked for their tools, called, and ended.

servers.py     all of them, as the chat sees them: implements `ToolServers`
server.py      one of them over its runs: start, back-off, what was said of it
offer.py       what it offers, and what of that changed since it was first seen
names.py       by which name the model knows each tool
talk.py        one run, with the official SDK; with `over_stdio` and `over_http` all that imports it, when a server
               is first started
lines.py, server_log.py, values.py    messages within bounds · its log · what it gets of the environment
"""
