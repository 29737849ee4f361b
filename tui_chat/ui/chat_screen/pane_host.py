"""The place where panes open: beside the transcript on a wide screen, over it on a narrow one. One at a time."""

from textual.containers import Container
from textual.reactive import var
from textual.widget import Widget


class PaneHost(Container):
    """Holds at most one pane; not there while it holds none."""

    DEFAULT_CSS = """
    PaneHost {
        width: 50%;
        max-width: 100;
        height: 1fr;
        display: none;
        &.-open { display: block; }
    }
    """

    pane: var[Widget | None] = var(None)
    """The pane that is open; None while there is none."""

    @property
    def has_focus_inside(self) -> bool:
        """The focus is somewhere in the pane."""
        focused = self.screen.focused
        return focused is not None and self in focused.ancestors

    async def open(self, pane: Widget) -> None:
        """Show this pane in place of the open one."""
        await self.remove_children()
        self.pane = pane
        self.add_class("-open")
        self.screen.add_class("-beside")
        await self.mount(pane)

    async def close(self) -> None:
        """Close the open pane."""
        self.pane = None
        self.remove_class("-open")
        self.screen.remove_class("-beside")
        await self.remove_children()
