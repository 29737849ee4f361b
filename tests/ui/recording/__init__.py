"""The README's recording: twenty seconds of the program in a terminal, as asciinema keeps them and as an animated SVG.

`python -m tests.ui.recording` makes both anew after a change of looks that was looked at.
"""
