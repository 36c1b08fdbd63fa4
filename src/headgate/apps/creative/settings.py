"""The creative app's own settings (`HEADGATE_CREATIVE__…`)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DraftModel(_Group):
    """Wireframes drawn on this machine: free, and marked as drafts."""

    kind: Literal["draft"] = "draft"


class BedrockModel(_Group):
    """An image model of Amazon Bedrock, with the credentials that the AWS SDK finds."""

    kind: Literal["bedrock"]
    model_id: str = "stability.stable-image-core-v1:1"
    region: str | None = None  # default: the first one that has the model
    endpoint_url: str | None = None
    connect_timeout: float = Field(default=5.0, gt=0)
    read_timeout: float = Field(default=90.0, gt=0)


class CreativeSettings(_Group):
    image_model: Annotated[DraftModel | BedrockModel, Field(discriminator="kind")] = DraftModel()
