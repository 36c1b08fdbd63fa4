"""Draws a product draft on this machine: no model, no network, no cost.

It is a wireframe with manners, not a picture by a model: it says DRAFT on its front, and manifests
say so too.
"""

import asyncio
import hashlib
from datetime import date

import pyvips

from headgate.apps.creative.catalogue import Catalogue, Lifecycle, Price
from headgate.apps.creative.ports.image_model import (
    Capabilities,
    GeneratedImage,
    ImageRequest,
    ImageSource,
    check_request,
)
from headgate.apps.creative.ports.image_model.drafting.colors import inks_for
from headgate.apps.creative.ports.image_model.drafting.label import write_name
from headgate.apps.creative.ports.image_model.drafting.scene import Frame, scene
from headgate.apps.creative.ports.image_model.drafting.silhouettes import draw
from headgate.apps.creative.ports.image_model.drafting.words import silhouette_for

MODEL = "headgate.draft-v1"
_COMPRESSION = 3


class DraftImageModel:
    """The same request gives the same bytes, as long as libvips and the fonts stay the same."""

    image_source: ImageSource = "draft"

    def __init__(self, *, catalogue: Catalogue) -> None:
        self._entry = catalogue.model(MODEL)
        self._catalogue = catalogue

    @property
    def model(self) -> str:
        return self._entry.id

    def capabilities(self) -> Capabilities:
        return Capabilities(
            local=True,
            deterministic=True,
            idempotent=True,
            aspect_ratios=self._entry.ratios,
            max_prompt=self._entry.max_prompt,
        )

    def price(self, request: ImageRequest, *, on: date) -> Price:
        return self._catalogue.price_of(self.model, on=on)

    def lifecycle(self, *, on: date) -> Lifecycle:
        return self._catalogue.lifecycle_of(self.model, on=on)

    async def generate(self, request: ImageRequest, *, on: date) -> GeneratedImage:
        check_request(request, self.capabilities())
        return await asyncio.to_thread(self._generate, request)

    def _generate(self, request: ImageRequest) -> GeneratedImage:
        dice = hashlib.sha256(f"{request.seed}\n{request.product_name}".encode()).digest()
        silhouette = silhouette_for(request.product_name, request.description)
        inks = inks_for(request.palette, dice=dice)
        drawing = draw(silhouette, inks)
        frame = Frame(*self._entry.sizes[request.aspect_ratio])
        svg = scene(drawing, inks, frame=frame, setting=dice[3])
        drawn = pyvips.Image.new_from_buffer(svg.encode(), "")
        pixels = drawn.numpy()[..., :3].copy()
        label = drawing.label
        write_name(
            pixels,
            request.product_name,
            corner=frame.pixel(label.x, label.y),
            size=(label.width * frame.scale, label.height * frame.scale),
            ink=label.ink,
        )
        image = pyvips.Image.new_from_array(pixels, interpretation="srgb")
        png: bytes = image.write_to_buffer(".png", compression=_COMPRESSION, keep="none")
        return GeneratedImage(
            png=png,
            width=frame.width,
            height=frame.height,
            model=self.model,
            seed=request.seed,
            details={"silhouette": silhouette},
        )
