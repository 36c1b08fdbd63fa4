"""The request and answer bodies of each family of Bedrock's image models. Pure.

Sources: the "inference parameters" pages of the Amazon Bedrock user guide. Sizes, seed ranges and
prompt lengths are in the catalogue.
"""

from dataclasses import dataclass
from typing import Any

from headgate.apps.creative.catalogue import ModelEntry
from headgate.apps.creative.ports.image_model import ImageRequest

# What the catalogue's prices are for: another quality or more steps would cost more.
_SDXL_STEPS = 50
_QUALITY = {"titan": "standard", "nova": "premium"}
_CFG_SCALE = {"sdxl": 7.0, "titan": 8.0, "nova": 6.5}


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """`image` is base64; without one `filtered` names the filter, or `failed` the failure."""

    image: str | None = None
    filtered: str | None = None
    failed: str | None = None


def seed_for(model: ModelEntry, seed: int) -> int:
    """Fit a seed into a model's range. Never 0: Stability's models take 0 for "choose one"."""
    return (seed - 1) % model.max_seed + 1


def request_body(model: ModelEntry, request: ImageRequest) -> dict[str, Any]:
    """Return what `InvokeModel` is sent for one image."""
    seed = seed_for(model, request.seed)
    match model.family:
        case "stability":
            return _stability(request, seed=seed)
        case "sdxl":
            return _sdxl(request, seed=seed, size=model.sizes[request.aspect_ratio])
        case "titan" | "nova" as family:
            size = model.sizes[request.aspect_ratio]
            return _amazon(request, seed=seed, size=size, family=family)
        case "draft":
            raise ValueError(f"{model.id} is not a Bedrock model")


def read_answer(model: ModelEntry, body: Any) -> ModelAnswer:
    """Find the image in a decoded answer, or why there is none."""
    if not isinstance(body, dict):
        return ModelAnswer(failed=f"an answer of type {type(body).__name__}")
    if model.family == "sdxl":
        return _sdxl_answer(body)
    reason = _first(body.get("finish_reasons")) or body.get("error")
    image = _first(body.get("images"))
    if isinstance(image, str) and image and not reason:
        return ModelAnswer(image=image)
    if not isinstance(reason, str):
        return ModelAnswer(failed="no image and no reason")
    if reason == "Inference error":
        return ModelAnswer(failed=reason)
    return ModelAnswer(filtered=reason.removeprefix("Filter reason: "))


def _stability(request: ImageRequest, *, seed: int) -> dict[str, Any]:
    body: dict[str, Any] = {
        "prompt": request.prompt,
        "mode": "text-to-image",
        "aspect_ratio": request.aspect_ratio,
        "output_format": "png",
        "seed": seed,
    }
    if request.negative_prompt:
        body["negative_prompt"] = request.negative_prompt
    return body


def _sdxl(request: ImageRequest, *, seed: int, size: tuple[int, int]) -> dict[str, Any]:
    prompts = [{"text": request.prompt, "weight": 1.0}]
    if request.negative_prompt:
        prompts.append({"text": request.negative_prompt, "weight": -1.0})
    return {
        "text_prompts": prompts,
        "cfg_scale": _CFG_SCALE["sdxl"],
        "steps": _SDXL_STEPS,
        "width": size[0],
        "height": size[1],
        "samples": 1,
        "seed": seed,
    }


def _amazon(
    request: ImageRequest, *, seed: int, size: tuple[int, int], family: str
) -> dict[str, Any]:
    words = {"text": request.prompt}
    if request.negative_prompt:
        words["negativeText"] = request.negative_prompt
    return {
        "taskType": "TEXT_IMAGE",
        "textToImageParams": words,
        "imageGenerationConfig": {
            "numberOfImages": 1,
            "width": size[0],
            "height": size[1],
            "quality": _QUALITY[family],
            "cfgScale": _CFG_SCALE[family],
            "seed": seed,
        },
    }


def _sdxl_answer(body: dict[str, Any]) -> ModelAnswer:
    artifact = _first(body.get("artifacts"))
    if not isinstance(artifact, dict):
        return ModelAnswer(failed="no image and no reason")
    match artifact.get("finishReason"):
        case "SUCCESS" if isinstance(artifact.get("base64"), str):
            return ModelAnswer(image=artifact["base64"])
        # A filtered SDXL answer still carries an image, blurred past use.
        case "CONTENT_FILTERED":
            return ModelAnswer(filtered="output image")
        case reason:
            return ModelAnswer(failed=str(reason))


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list) and values else None
