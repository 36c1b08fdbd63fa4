"""The prompt: the brief's words in their place, never longer than the model takes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headgate.apps.creative.catalogue import shipped_catalogue
from headgate.apps.creative.ports.image_model.prompt import prompt_for

NOVA_LIMIT = shipped_catalogue().model("amazon.nova-canvas-v1:0").max_prompt


def prompt(name="Enamel Mug", description="For the campfire", message="Out there", limit=10_000):
    return prompt_for(product_name=name, description=description, message=message, max_prompt=limit)


def test_the_prompt_has_the_words_of_the_brief_and_the_house_style():
    assert prompt() == (
        "Professional product photography of Enamel Mug.\n"
        "For the campfire.\n"
        "High quality, studio lighting, white background, commercial advertising style.\n"
        "Marketing campaign: Out there.\n"
        "Photorealistic, 4K quality, centered composition."
    )


def test_full_stops_line_breaks_and_control_characters_do_not_pile_up():
    made = prompt(description="For the\n campfire.\x00 ", message="Out  there...")
    assert made == prompt()


def test_what_a_brief_leaves_out_leaves_no_hole():
    made = prompt(description="", message=" ")
    assert "campaign" not in made
    assert ".\n." not in made
    assert len(made.splitlines()) == 3


def test_nova_gets_at_most_1024_characters_and_keeps_all_but_the_description():
    made = prompt(description="warm enamel " * 400, limit=NOVA_LIMIT)
    assert NOVA_LIMIT == 1024
    assert 1000 < len(made) <= 1024
    assert made.endswith(
        "Marketing campaign: Out there.\nPhotorealistic, 4K quality, centered composition."
    )
    assert "enamel.\nHigh quality" in made


def test_a_long_message_gives_way_before_the_name():
    made = prompt(name="Enamel Mug " * 3, description="d" * 900, message="go " * 400, limit=512)
    assert len(made) <= 512
    assert "Enamel Mug Enamel Mug Enamel Mug." in made
    assert "go go." in made
    assert "Photorealistic" in made


def test_a_family_emoji_is_kept_whole_or_not_at_all():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    for limit in range(260, 300):
        made = prompt(description=family * 30, limit=limit)
        assert "\u200d" not in made.replace(family, "")
        assert "\U0001f468" not in made.replace(family, "")


@pytest.mark.parametrize("text", ["नमस्ते" * 60, "เครื่องดื่ม" * 60, "e\u0301" * 200])
def test_marks_stay_with_their_letters(text):
    for limit in range(250, 280):
        rest = prompt(description=text, limit=limit).split("\n")[1].rstrip(".")
        following = text[len(rest) : len(rest) + 1]
        if text.startswith(rest):
            assert not unicodedata.category(following).startswith("M")


@given(st.text(max_size=300), st.text(max_size=900), st.text(max_size=300), st.integers(80, 1200))
def test_no_words_of_any_script_make_a_prompt_too_long_or_empty(name, description, message, limit):
    made = prompt(name, description, message, limit)
    assert 0 < len(made) <= limit
    assert not any(unicodedata.category(c) == "Cc" and c != "\n" for c in made)
