"""Themes: colours from files, turned into variables for Textual's styles and for the transcript's renderer.

Every theme defines every variable below, always as a plain opaque colour (`#rrggbb`, or `ansi_…` in a theme of the
terminal's own colours), so that `Color.parse(app.theme_variables["heading"])` works. Use them plain: no alpha, no
`-lighten-1`, no `auto`, since the terminal's own colours cannot be mixed. The roles of the names are in `theme_file`:

    grounds   $background $surface $panel $user-background $code-background $cursor
    text      $foreground $muted $primary $secondary $accent $success $warning $error
              $user $assistant $reasoning $tool $cursor-text
    Markdown  $heading $strong $emphasis $link $quote $list-marker $code
    code      $syntax-keyword $syntax-type $syntax-function $syntax-variable $syntax-constant $syntax-string
              $syntax-escape $syntax-number $syntax-comment $syntax-operator $syntax-punctuation $syntax-tag
              $syntax-attribute $syntax-heading $syntax-inserted $syntax-deleted $syntax-error
    lines     $border (has the focus) $border-blurred (rules, table lines, frames without the focus) $scrollbar
    pairs     $selection $selection-text   $match $match-text
    styles    $cursor-style $muted-style (for `text-style`; in a theme of the terminal's own colours the highlighted
              row is told by `reverse` and muted text by `dim`, elsewhere they are `bold` and `none`)

Every text colour is readable on every ground: 4.5 : 1 or more. Textual's own widgets follow the same roles: their
`$block-cursor-…`, `$input-…`, `$footer-…`, `$markdown-…`, `$text-muted` and so on are set from them.
"""
