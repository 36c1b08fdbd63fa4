"""From a campaign message to a fitted raster: characters, glyphs, lines, pixels.

`headline` cleans the message and checks every character against the fonts (`sfnt`, `fonts`),
`linebreak` finds where lines may end and balances them, `typeset` measures with Pango, fits the
block into a box and draws it.
"""
