"""From botocore's errors to ours: whose fault, is a retry of use, and was it charged."""

from datetime import timedelta
from typing import Any

from botocore import exceptions as aws

from headgate.apps.creative.ports.image_model import AnswerLost, ProviderBusy
from headgate.core.errors import HeadgateError, ProviderRefused

_GATEWAY_TIMEOUT = 504
_SERVER_ERROR = 500

# The model, or the way to it, took no work. All but the two server errors are 4xx, which the
# retry rules of HTTP would call final.
_BUSY = {
    "ThrottlingException": "Ask AWS for a higher quota of this model, or lower the concurrency.",
    "TooManyRequestsException": "Ask AWS for a higher quota of this model.",
    "ServiceQuotaExceededException": "Ask AWS for a higher quota of this model.",
    "ModelNotReadyException": "The model is being loaded; it is tried again.",
    "ModelTimeoutException": "The model gave up; it is tried again.",
    "ModelErrorException": "The model failed; it is tried again.",
    "ServiceUnavailableException": "Bedrock is overloaded; it is tried again.",
    "InternalServerException": "Bedrock failed; it is tried again.",
}
_CREDENTIALS = (
    "Give this process AWS credentials: AWS_PROFILE, AWS_ACCESS_KEY_ID and "
    "AWS_SECRET_ACCESS_KEY, or a role."
)
_REFUSED = {
    "AccessDeniedException": (
        "Open the Amazon Bedrock console, Model access, in this Region and request the model; then "
        "check that the role may call bedrock:InvokeModel on it."
    ),
    "ValidationException": "Change the request: the same one will be refused again.",
    "ResourceNotFoundException": (
        "Check the model's id and the Region, and in the model catalogue whether it has ended."
    ),
    "ExpiredTokenException": "The AWS credentials have expired: sign in again.",
    "UnrecognizedClientException": _CREDENTIALS,
    "InvalidSignatureException": "Check the AWS secret key and this machine's clock.",
}


def translated(error: Exception, *, model: str, region: str) -> HeadgateError:
    """Return our error for one that `invoke_model`, or reading its body, raised."""
    where = f"{model} in {region}"
    match error:
        case aws.ClientError():
            return _answered(error, where=where)
        case aws.ConnectTimeoutError() | aws.EndpointConnectionError() | aws.ProxyConnectionError():
            return ProviderBusy(
                f"{where} cannot be reached: {error}",
                hint="Check the network, the Region and the endpoint URL. Nothing was charged.",
            )
        case aws.SSLError():
            return ProviderBusy(
                f"{where} cannot be reached safely: {error}",
                hint="Check the endpoint's certificate. Nothing was charged.",
            )
        case aws.HTTPClientError() | aws.ResponseStreamingError() | aws.IncompleteReadError():
            return AnswerLost(
                f"The answer of {where} did not arrive: {error}",
                hint="The image may have been made and charged. A retry sends the same seed.",
            )
        case (
            aws.NoCredentialsError()
            | aws.PartialCredentialsError()
            | aws.CredentialRetrievalError()
            | aws.TokenRetrievalError()
            | aws.ProfileNotFound()
        ):
            return ProviderRefused(f"{where} was not called: {error}", hint=_CREDENTIALS)
        case _:
            return ProviderRefused(f"{where} was not called: {error}")


def _answered(error: Any, *, where: str) -> HeadgateError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    said = str(error.response.get("Error", {}).get("Message", "")).strip() or "no reason given"
    meta = error.response.get("ResponseMetadata", {})
    status = int(meta.get("HTTPStatusCode", 0))
    if status == _GATEWAY_TIMEOUT:
        return AnswerLost(
            f"The answer of {where} did not arrive: {said}",
            hint="The image may have been made and charged. A retry sends the same seed.",
        )
    if code in _BUSY or status >= _SERVER_ERROR:
        return ProviderBusy(
            f"{where} took no work ({code}): {said}",
            hint=_BUSY.get(code, "Bedrock failed; it is tried again."),
            retry_after=_retry_after(meta.get("HTTPHeaders", {})),
        )
    return ProviderRefused(
        f"{where} refused the request ({code}): {said}", hint=_REFUSED.get(code, "")
    )


def _retry_after(headers: dict[str, str]) -> timedelta | None:
    seconds = headers.get("retry-after", "")
    return timedelta(seconds=int(seconds)) if seconds.isascii() and seconds.isdigit() else None
