"""Conditions of SQL on messages that a person deleted, which the tree alone shows: see `core.tree.deleted_ids`."""

from typing import Final

_IS_MARKED: Final = "{0} <> '{{}}' AND CASE WHEN json_valid({0}) THEN json_extract({0}, '$.is_deleted') ELSE 0 END"
NOT_MARKED: Final = f"NOT coalesce({_IS_MARKED.format('nodes.marks')}, 0)"
"""The message itself is not deleted; results of the calls of an answer that is are not told apart."""
NOT_DELETED: Final = f"""
    {NOT_MARKED} AND (nodes.role <> 'tool' OR NOT EXISTS (
        WITH RECURSIVE above(parent_id, role, marks) AS (
            SELECT nodes.parent_id, nodes.role, '{{}}'
            UNION
            SELECT node.parent_id, node.role, node.marks FROM above JOIN nodes AS node
                ON node.conversation_id = nodes.conversation_id AND node.id = above.parent_id
            WHERE above.role = 'tool'
            LIMIT 300
        )
        SELECT 1 FROM above WHERE role <> 'tool' AND {_IS_MARKED.format("marks")}
    ))
"""
"""Neither the message is deleted, nor the answer whose calls it has results of."""
