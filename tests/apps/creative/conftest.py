"""Parts that the creative tests share."""

from collections.abc import Iterator

import pytest
from bedrock_stub import BedrockStub


@pytest.fixture
def bedrock() -> Iterator[BedrockStub]:
    """A loopback Bedrock of this test's own."""
    with BedrockStub() as stub:
        yield stub
