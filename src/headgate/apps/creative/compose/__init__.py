"""Makes finished ads of a product picture and a campaign message: bytes in, bytes out.

How one picture becomes five files, in the order of the flow:

- `picture/`: untrusted bytes to upright sRGB pixels (`decode`), and what they show (`subject`): a
  cut-out, a product on a plain backdrop (`studio`), or a scene (`saliency`).
- `text/`: the message to characters that some font can draw, to lines, to a raster.
- `presets`: the formats with their safe zones. `layouts/`: the picture brought to a format, its
  backdrop extended, cropped, or contained, and a place for the text.
- `lettering`: the text drawn there, over a veil where it would not reach 4.5:1 (`style`).
- `render` runs it all for each format and measures the result (`report`).

Nothing here reads a clock, a random source, the environment or the network; of the disk, only
fonts. The same input gives the same bytes with the same versions of libvips, Pillow and OpenCV.
"""

from headgate.apps.creative.compose.picture.decode import BadImage, ImageFacts, inspect_image
from headgate.apps.creative.compose.presets import PRESETS, Insets, Preset
from headgate.apps.creative.compose.render import RENDERER_VERSION, compose
from headgate.apps.creative.compose.report import Variant, VariantReport
from headgate.apps.creative.compose.style import Style
from headgate.apps.creative.compose.text.fonts import use_bundled_fonts

__all__ = [
    "PRESETS",
    "RENDERER_VERSION",
    "BadImage",
    "ImageFacts",
    "Insets",
    "Preset",
    "Style",
    "Variant",
    "VariantReport",
    "compose",
    "inspect_image",
    "use_bundled_fonts",
]
