"""Which messages a person deleted, in SQL: the rule of `core.tree.deleted_ids`. Their words stay in the file until the
conversation is deleted, and no search finds them."""

from typing import Final

_DELETED: Final = """instr({marks}, '"is_deleted":true') > 0"""
"""Of the marks of a message. In a text of theirs the quote before the colon has a backslash before it."""

IN_SIGHT: Final = f"""NOT {_DELETED.format(marks="nodes.marks")} AND (nodes.role <> 'tool' OR NOT EXISTS (
    WITH RECURSIVE above (parent_id, role, marks) AS (
        SELECT nodes.parent_id, nodes.role, nodes.marks
        UNION SELECT upper.parent_id, upper.role, upper.marks
            FROM above JOIN nodes AS upper ON upper.conversation_id = conversations.id AND upper.id = above.parent_id
            WHERE above.role = 'tool'
    ) SELECT 1 FROM above WHERE role <> 'tool' AND {_DELETED.format(marks="marks")}))"""
"""The condition on a row of `nodes` beside that of its conversation: neither it nor, where it is a result, the answer
that called for it is deleted."""
