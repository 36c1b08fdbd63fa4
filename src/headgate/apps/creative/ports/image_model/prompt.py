"""The words a model is given, from the words of a brief. Pure."""

import unicodedata

_OPENING = "Professional product photography of {name}."
_STYLE = "High quality, studio lighting, white background, commercial advertising style."
_CAMPAIGN = "Marketing campaign: {message}."
_CLOSING = "Photorealistic, 4K quality, centered composition."
_JOINERS = {"\u200d", "\ufe0e", "\ufe0f"}


def prompt_for(*, product_name: str, description: str, message: str, max_prompt: int) -> str:
    """Return a prompt of at most `max_prompt` characters.

    When it gets too long, the description gives way first, then the campaign's message, then the
    name; the words about style stay. Text is cut between words where there are words, and never
    inside a character that is made of several code points.
    """
    name, description, message = (_sentence(t) for t in (product_name, description, message))
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


def _assemble(name: str, description: str, message: str) -> str:
    lines = [
        _OPENING.format(name=name or "the product"),
        f"{description}." if description else "",
        _STYLE,
        _CAMPAIGN.format(message=message) if message else "",
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
    if length <= 0:
        return ""
    cut = text[:length]
    if not text[length].isspace() and " " in cut:
        cut = cut.rpartition(" ")[0]
    else:
        cut = text[: _boundary(text, length)]
    return cut.rstrip(" ,;:-")


def _boundary(text: str, length: int) -> int:
    """The last place up to `length` that no combining mark or joiner ties to what precedes it."""
    while length > 0 and _tied(text, length):
        length -= 1
    return length


def _tied(text: str, place: int) -> bool:
    after, before = text[place], text[place - 1]
    return unicodedata.combining(after) != 0 or after in _JOINERS or before == "\u200d"
