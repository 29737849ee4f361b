"""How a transcript looks in a browser: one style sheet in the colours of a theme, for a phone, a desk and paper."""

from collections.abc import Mapping
from typing import Final

import msgspec

from tui_chat.settings.theme_files import AUTO, DEFAULT, LIGHT_DEFAULT, Themes

_ROLES: Final = (
    "background", "user-background", "code-background", "foreground", "muted", "user", "assistant", "reasoning",
    "tool", "warning", "heading", "strong", "emphasis", "link", "quote", "code", "border-blurred",
)  # fmt: skip
_RULES: Final = """\
*{box-sizing:border-box}
html{background:var(--background);color:var(--foreground);-webkit-text-size-adjust:100%}
body{margin:0;font:1rem/1.55 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:46rem;margin:0 auto;padding:1rem 1rem 4rem}
h1,h2,h3,h4,h5,h6{line-height:1.25;color:var(--heading);margin:1.4em 0 .5em}
header h1{margin-top:.5em}
p,ul,ol,blockquote,pre,table,figure,details{margin:.6em 0}
a{color:var(--link)}
strong{color:var(--strong)}
em{color:var(--emphasis)}
blockquote{margin-left:0;padding-left:.9em;border-left:3px solid var(--border-blurred);color:var(--quote)}
code,pre{font:.9em/1.45 ui-monospace,monospace;color:var(--code)}
pre{background:var(--code-background);padding:.7em .9em;border-radius:6px;overflow-x:auto;tab-size:4}
:not(pre)>code{background:var(--code-background);padding:.1em .3em;border-radius:4px}
hr{border:0;border-top:1px solid var(--border-blurred);margin:1.5em 0}
img{display:block;max-width:100%;max-height:40rem;height:auto;border-radius:6px}
table{border-collapse:collapse;display:block;overflow-x:auto}
th,td{border:1px solid var(--border-blurred);padding:.25em .6em;text-align:left;vertical-align:top}
.center{text-align:center}
.right{text-align:right}
ul,ol{padding-left:1.6em}
article{margin:1.6rem 0}
article>h2,section>h2{font-size:1rem;margin:0 0 .4em;color:var(--assistant)}
.user{background:var(--user-background);padding:.7rem .9rem;border-radius:8px}
.user>h2{color:var(--user)}
.tool>h2,figcaption{color:var(--tool)}
.muted>h2,.muted>.words{opacity:.75}
.words.plain{white-space:pre-wrap}
.facts,h2 small{color:var(--muted);font-size:.85rem;font-weight:normal}
.standing{color:var(--warning);font-size:.85rem}
.gap{text-align:center;color:var(--muted);font-size:.85rem;margin:2rem 0}
.summary{border:1px dashed var(--border-blurred);border-radius:8px;padding:.4rem .9rem}
.branch{border-top:3px double var(--border-blurred);padding-top:1rem;margin-top:3rem}
details{color:var(--reasoning)}
summary{cursor:pointer}
@media print{
main{max-width:none;padding:0}
pre{white-space:pre-wrap;overflow:visible}
table{display:table}
pre,figure,img,tr{break-inside:avoid}
h1,h2,h3,h4,h5,h6{break-after:avoid}
details::details-content{content-visibility:visible;height:auto}
.user,pre{border:1px solid var(--border-blurred)}
}
"""


class HtmlStyle(msgspec.Struct, frozen=True):
    """The colours of a document, by the roles of `theme_file`; of two sets the reader's system chooses one."""

    colors: Mapping[str, str]
    is_dark: bool
    dark_colors: Mapping[str, str] | None = None
    """The other set, for a dark system; None where there is one set only."""
    print_colors: Mapping[str, str] = {}

    @property
    def scheme(self) -> str:
        """What the browser's own parts shall look like."""
        return "light dark" if self.dark_colors is not None else "dark" if self.is_dark else "light"

    def sheet(self) -> str:
        """The style sheet. The same colours give the same bytes."""
        dark = "" if self.dark_colors is None else f"@media (prefers-color-scheme:dark){{{_root(self.dark_colors)}}}\n"
        return f"{_root(self.colors)}\n{dark}@media print{{{_root(self.print_colors)}}}\n{_RULES}"


def style_of(themes: Themes, name: str) -> HtmlStyle:
    """The look of a theme. A light and a dark one where none is named, or where the named one has the colours of the
    terminal, which a browser does not know; on paper always the light one."""
    light, dark = themes.read(LIGHT_DEFAULT)[0], themes.read(DEFAULT)[0]
    theme = light if name in ("", AUTO) else themes.read(name)[0]
    if theme.ansi or name in ("", AUTO):
        return HtmlStyle(light.colors, False, dark.colors, light.colors)
    return HtmlStyle(theme.colors, theme.dark, None, light.colors if theme.dark else theme.colors)


def _root(colors: Mapping[str, str]) -> str:
    return f":root{{{';'.join(f'--{role}:{colors[role]}' for role in _ROLES)}}}"
