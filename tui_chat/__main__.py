"""`python -m tui_chat`: the same program as the `tui-chat` command."""

import sys

from tui_chat.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
