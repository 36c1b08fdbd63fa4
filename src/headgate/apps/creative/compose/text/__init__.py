"""From a campaign message to a fitted raster: characters, glyphs, lines, pixels.

`headline` cleans the message and checks every character against the fonts (`fonts`, `sfnt`).
`linebreak` finds where lines may end, between whole characters (`clusters`), and balances them.
`typeset` fits the lines into a box with what `pango` measured, and lets it draw them.
"""
