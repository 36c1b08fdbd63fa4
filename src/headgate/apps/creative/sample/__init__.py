"""The demo's own input: a brief with three products, and a picture for one of them."""

from importlib.resources import files

BRIEF_KEY = "input/campaign-briefs/orchard-summer.json"
ASSET_KEY = "existing-assets/orchard/mug/mug.png"


def brief() -> bytes:
    """Return the sample brief: two products to picture, one that brings its own."""
    return (files(__package__) / "brief.json").read_bytes()


def asset() -> bytes:
    """Return the picture of the mug, a transparent PNG of 1200 x 1200."""
    from headgate.apps.creative.compose import use_bundled_fonts

    use_bundled_fonts()
    import pyvips

    svg = (files(__package__) / "mug.svg").read_bytes()
    png: bytes = pyvips.Image.svgload_buffer(svg, scale=2).write_to_buffer(".png")
    return png
