"""Whether what the configured features need is there: libraries, credentials, fonts."""

import shutil
import subprocess
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from headgate.cli.about.doctor.finding import Finding
from headgate.config import S3Store

if TYPE_CHECKING:
    from headgate.config import Settings

_MODULES = {
    "creative": ("numpy", "cv2", "PIL", "pyvips"),
    "bedrock": ("boto3",),
    "s3": ("obstore",),
}
_SCRIPTS = {"Japanese": "ja", "Chinese": "zh-cn", "Korean": "ko", "emoji": "und-zsye"}
_FONTS = "install Noto's: apt install fonts-noto-cjk fonts-noto-color-emoji"


def check_extras(settings: "Settings") -> Iterator[Finding]:
    """Check each extra; a missing one matters as far as the settings use it."""
    yield _extra("creative", used=True)
    yield _extra("bedrock", used=_uses_bedrock(settings))
    yield _extra("s3", used=isinstance(settings.object_store, S3Store))


def check_credentials(settings: "Settings") -> Iterator[Finding]:
    """Check that the AWS SDK finds credentials, if a paid model is configured."""
    if not _uses_bedrock(settings) or _missing("bedrock"):
        return
    import boto3

    credentials = boto3.Session().get_credentials()
    if credentials is None:
        yield Finding(
            "credentials",
            "fail",
            "the AWS SDK finds none, and the image model is Amazon Bedrock",
            "run `aws configure`, set AWS_PROFILE, or give this machine a role.",
        )
    else:
        yield Finding("credentials", "ok", f"AWS, by {credentials.method}")


def check_fonts() -> Finding:
    """Check that texts in scripts beyond the bundled fonts can be drawn."""
    program = shutil.which("fc-list")
    if program is None:
        return Finding(
            "fonts", "warn", "cannot tell: there is no fc-list", "apt install fontconfig"
        )
    missing = [name for name, code in _SCRIPTS.items() if not _has_font(program, code)]
    if missing:
        return Finding("fonts", "warn", f"none for {', '.join(missing)}", _FONTS)
    return Finding("fonts", "ok", f"for {', '.join(_SCRIPTS)}")


def _extra(name: str, *, used: bool) -> Finding:
    missing = _missing(name)
    if not missing:
        return Finding(name, "ok", "installed")
    if not used:
        return Finding(name, "ok", "not installed, and not used")
    return Finding(
        name, "fail", f"missing: {', '.join(missing)}", f"pip install 'headgate[{name}]'"
    )


def _missing(extra: str) -> list[str]:
    """Return the modules that cannot be imported; also a library that they wrap may be absent."""
    missing = []
    for module in _MODULES[extra]:
        try:
            import_module(module)
        except (ImportError, OSError):
            missing.append(module)
    return missing


def _uses_bedrock(settings: "Settings") -> bool:
    return settings.creative.image_model.kind == "bedrock"


def _has_font(program: str, language: str) -> bool:
    done = subprocess.run(  # noqa: S603 - the system's own program
        [program, f":lang={language}", "family"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return bool(done.stdout.strip())
