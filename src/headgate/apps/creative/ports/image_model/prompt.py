"""The words a model is given, from the words of a brief. Pure."""

import unicodedata
from itertools import accumulate

from headgate.apps.creative.compose.text.clusters import clusters

_OPENING = "Professional product photography of {name}."
_STYLE = "High quality, studio lighting, white background, commercial advertising style."
_CAMPAIGN = "Marketing campaign: {message}."
_AUDIENCE = "Made to appeal to {audience}."
_REGION = "For the market of {region}."
_CLOSING = "Photorealistic, 4K quality, centered composition."


def prompt_for(
    *,
    product_name: str,
    description: str,
    message: str,
    audience: str = "",
    region: str = "",
    max_prompt: int,
) -> str:
    """Return a prompt of at most `max_prompt` characters.

    When it gets too long, the words on the market give way first, then the description, the
    campaign's message and the name; the words about style stay. Text is cut between words where
    there are words, and never inside what a reader takes for one character.
    """
    name, description, message = (_sentence(t) for t in (product_name, description, message))
    market = _market(_sentence(audience), _sentence(region))
    whole = _assemble(name, description, message, market=market)
    if market and len(whole) <= max_prompt:
        return whole
    over = len(_assemble(name, description, message)) - max_prompt
    if over > 0:
        description = _shortened(description, len(description) - over)
        over = len(_assemble(name, description, message)) - max_prompt
    if over > 0:
        message = _shortened(message, len(message) - over)
        over = len(_assemble(name, description, message)) - max_prompt
    if over > 0:
        name = _shortened(name, len(name) - over)
    return _shortened(_assemble(name, description, message), max_prompt)


def _market(audience: str, region: str) -> str:
    said = [
        _AUDIENCE.format(audience=audience) if audience else "",
        _REGION.format(region=region) if region else "",
    ]
    return " ".join(sentence for sentence in said if sentence)


def _assemble(name: str, description: str, message: str, *, market: str = "") -> str:
    lines = [
        _OPENING.format(name=name or "the product"),
        f"{description}." if description else "",
        _STYLE,
        _CAMPAIGN.format(message=message) if message else "",
        market,
        _CLOSING,
    ]
    return "\n".join(line for line in lines if line)


def _sentence(text: str) -> str:
    """One line without control characters and without the full stop that the prompt adds."""
    visible = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    return " ".join(visible.split()).rstrip(". ")


def _shortened(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    space = text.rfind(" ", 0, max(length, 0) + 1)
    # A lone early space in a script that is written without spaces would throw most of it away.
    if space >= max(length, 1) // 2:
        return text[:space].rstrip(" ,;:-")
    ends = accumulate(len(cluster) for cluster in clusters(text))
    return text[: max((end for end in ends if end <= length), default=0)].rstrip(" ,;:-")
