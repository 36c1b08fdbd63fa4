"""Image models on Amazon Bedrock, by an unmodified boto3 client."""

import asyncio
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from headgate.apps.creative.catalogue import Catalogue, Lifecycle, Price
from headgate.apps.creative.ports.image_model import (
    AnswerLost,
    Capabilities,
    GeneratedImage,
    ImageRequest,
    ImageSource,
    check_request,
)
from headgate.apps.creative.ports.image_model.bedrock_bodies import (
    read_answer,
    request_body,
    seed_for,
)
from headgate.apps.creative.ports.image_model.decoding import Picture, UnreadableImage, picture_from
from headgate.core.errors import ProviderRefused

_CALLS_AT_ONCE = 10
_MAYBE = "The image may have been made and charged. A retry sends the same seed."


class BedrockImageModel:
    """One model of the catalogue, in one Region (by default the first that the catalogue names).

    `read_timeout` must be longer than the model takes: an answer that comes later is paid for and
    lost. `session` returns the boto3 session to use; by default credentials come from where boto3
    looks for them. boto3 is first imported when a picture is asked for.
    """

    image_source: ImageSource = "generated"

    def __init__(
        self,
        model: str,
        *,
        catalogue: Catalogue,
        region: str | None = None,
        endpoint_url: str | None = None,
        connect_timeout: timedelta = timedelta(seconds=5),
        read_timeout: timedelta = timedelta(seconds=100),
        session: Callable[[], Any] | None = None,
    ) -> None:
        self._entry = catalogue.model(model)
        self._catalogue = catalogue
        self._region = region or self._entry.regions[0]
        self._endpoint_url = endpoint_url
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._session = session
        self._client: Any = None
        self._client_lock = threading.Lock()
        # Not the loop's own threads: calls that hang until their timeout would starve the rest of
        # the process.
        self._threads = ThreadPoolExecutor(_CALLS_AT_ONCE, thread_name_prefix="bedrock")

    @property
    def model(self) -> str:
        return self._entry.id

    def capabilities(self) -> Capabilities:
        return Capabilities(
            local=False,
            deterministic=False,
            idempotent=False,
            aspect_ratios=self._entry.ratios,
            max_prompt=self._entry.max_prompt,
        )

    def price(self, request: ImageRequest, *, on: date) -> Price:
        return self._catalogue.price_of(self.model, on=on)

    def lifecycle(self, *, on: date) -> Lifecycle:
        return self._catalogue.lifecycle_of(self.model, on=on)

    async def generate(self, request: ImageRequest, *, on: date) -> GeneratedImage:
        check_request(request, self.capabilities())
        self._refuse_if_ended(on)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._generate, request)

    def _refuse_if_ended(self, on: date) -> None:
        now = self.lifecycle(on=on)
        if now.status == "ended":
            since = f"ended on {now.ends_on}" if now.ends_on else "was withdrawn by its provider"
            raise ProviderRefused(
                f"{self.model} {since} and was not called.",
                hint=f"Choose {now.replacement} as the image model.",
            )

    def _generate(self, request: ImageRequest) -> GeneratedImage:
        request_id, answer = self._invoke(json.dumps(request_body(self._entry, request)))
        picture = self._picture_in(answer)
        return GeneratedImage(
            png=picture.png,
            width=picture.width,
            height=picture.height,
            model=self.model,
            seed=seed_for(self._entry, request.seed),
            provider_request_id=request_id,
            details={"region": self._region},
        )

    def _invoke(self, body: str) -> tuple[str | None, bytes]:
        """Call the model once; return AWS's id of the request and the body of the answer."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            response = self._connected().invoke_model(
                modelId=self.model,
                body=body,
                contentType="application/json",
                accept="application/json",
            )
            return response["ResponseMetadata"].get("RequestId"), response["body"].read()
        except (BotoCoreError, ClientError) as error:
            from headgate.apps.creative.ports.image_model.bedrock_errors import translated

            raise translated(error, model=self.model, region=self._region) from error

    def _connected(self) -> Any:
        """Return the client, made once: boto3's clients are thread-safe, making one is not."""
        with self._client_lock:
            if self._client is None:
                import boto3
                from botocore.config import Config

                session = self._session() if self._session else boto3.Session()
                self._client = session.client(
                    "bedrock-runtime",
                    region_name=self._region,
                    endpoint_url=self._endpoint_url,
                    config=Config(
                        connect_timeout=self._connect_timeout.total_seconds(),
                        read_timeout=self._read_timeout.total_seconds(),
                        max_pool_connections=_CALLS_AT_ONCE,
                        # A retry may be charged again, so it is the ledger's decision. The SDK's
                        # `max_attempts` counts retries; this counts attempts.
                        retries={"total_max_attempts": 1, "mode": "standard"},
                    ),
                )
            return self._client

    def _picture_in(self, body: bytes) -> Picture:
        try:
            answer = read_answer(self._entry, json.loads(body))
        except ValueError as error:
            raise AnswerLost(
                f"{self.model} answered with what is not JSON: {error}", hint=_MAYBE
            ) from error
        if answer.filtered:
            raise ProviderRefused(
                f"{self.model} made no image: its content filter stopped it ({answer.filtered}).",
                hint="Change the product's description or the campaign's message.",
            )
        if answer.image is None:
            raise AnswerLost(
                f"{self.model} answered without an image: {answer.failed}", hint=_MAYBE
            )
        try:
            return picture_from(answer.image)
        except UnreadableImage as error:
            raise AnswerLost(f"{self.model} answered, but {error}", hint=_MAYBE) from error
