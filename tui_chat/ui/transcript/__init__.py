"""The message log: how a conversation looks, and how a person reads it.

`view` is the widget and wires the rest, which does not know it. From the bottom up: text becomes leaves (`parser`,
`blocks`, `section`), a conversation becomes sections (`model`), leaves become rows (`rendering`, `layouts`), rows come
into sight (`window`, `viewport`), are read (`reading`, `search`, `selecting`, `pointing`), marked (`decorating`) and
painted (`rows_view`).
"""
