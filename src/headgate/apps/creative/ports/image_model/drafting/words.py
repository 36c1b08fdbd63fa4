"""Which silhouette stands for a product, from the words that a brief uses. Pure."""

import re
from typing import Literal

Silhouette = Literal["bottle", "can", "mug", "box", "shoe", "shirt", "jar"]

_WORDS: dict[Silhouette, str] = {
    "bottle": (
        "bottle water wine beer juice shampoo conditioner perfume parfum fragrance cologne oil "
        "lotion serum syrup sauce vinegar whisky whiskey vodka gin rum cider kombucha smoothie "
        "drink mouthwash detergent cleanser toner ketchup milk"
    ),
    "can": "can soda cola tonic lemonade seltzer soup beans tin energy spray deodorant lager ale",
    "mug": "mug cup coffee tea espresso latte cappuccino cocoa chai matcha tumbler teacup brew",
    "shoe": (
        "shoe sneaker trainer boot plimsoll sandal loafer runner footwear slipper cleat heel pump"
    ),
    "shirt": (
        "shirt tee tshirt t-shirt hoodie sweater sweatshirt jumper jacket coat polo blouse top "
        "pullover cardigan dress garment apparel clothing jersey vest fleece"
    ),
    "jar": (
        "jar cream balm moisturizer moisturiser candle honey jam butter mask scrub pot wax "
        "ointment paste tub yogurt yoghurt spread marmalade salve powder ball round"
    ),
    "box": (
        "box pack package book set kit cereal chocolate cookie biscuit tea-bags game phone laptop "
        "tablet headphone watch camera speaker charger soap gift"
    ),
}
_SILHOUETTES = {word: kind for kind, words in _WORDS.items() for word in words.split()}


def silhouette_for(product_name: str, description: str) -> Silhouette:
    """Choose by the last telling word of the name, else by the first of the description.

    The last word of an English name says what a thing is: a "coffee mug" is a mug, a "water bottle"
    a bottle. Anything unknown comes in a box.
    """
    in_name = [kind for word in _words(product_name) if (kind := _SILHOUETTES.get(word))]
    in_text = [kind for word in _words(description) if (kind := _SILHOUETTES.get(word))]
    return in_name[-1] if in_name else in_text[0] if in_text else "box"


def _words(text: str) -> list[str]:
    found = re.findall(r"[\w-]+", text.lower())
    return [word if word in _SILHOUETTES else _singular(word) for word in found]


def _singular(word: str) -> str:
    for ending, stem in (("ies", "y"), ("es", ""), ("s", "")):
        if word.endswith(ending) and word.removesuffix(ending) + stem in _SILHOUETTES:
            return word.removesuffix(ending) + stem
    return word
