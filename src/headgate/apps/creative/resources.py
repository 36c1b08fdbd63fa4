"""What the creative app's operators share in one process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, assert_never

from headgate.apps.creative.catalogue import Catalogue, shipped_catalogue
from headgate.apps.creative.ports.image_model import ImageModel
from headgate.apps.creative.settings import BedrockModel, CreativeSettings, DraftModel


@dataclass(frozen=True, slots=True)
class CreativeResources:
    model: ImageModel
    catalogue: Catalogue


def build(settings: Mapping[str, Any]) -> CreativeResources:
    """Choose the image model; nothing heavy is loaded before it is used."""
    catalogue = shipped_catalogue()
    match CreativeSettings.model_validate(settings).image_model:
        case DraftModel():
            from headgate.apps.creative.ports.image_model.draft import DraftImageModel

            return CreativeResources(DraftImageModel(catalogue=catalogue), catalogue)
        case BedrockModel() as bedrock:
            from headgate.apps.creative.ports.image_model.bedrock import BedrockImageModel

            model = BedrockImageModel(
                bedrock.model_id,
                catalogue=catalogue,
                region=bedrock.region,
                endpoint_url=bedrock.endpoint_url,
                connect_timeout=timedelta(seconds=bedrock.connect_timeout),
                read_timeout=timedelta(seconds=bedrock.read_timeout),
            )
            return CreativeResources(model, catalogue)
        case other:
            assert_never(other)
