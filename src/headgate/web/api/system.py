"""The system itself: health, status, metrics, traces."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel

from headgate import __version__
from headgate.config import LocalStore, S3Store, Settings
from headgate.core.dispatch.store import backlog
from headgate.core.errors import HeadgateError, NotFound
from headgate.core.observe import metrics, store
from headgate.core.observe.spans import RING, SpanView
from headgate.core.observe.store import Worker
from headgate.core.services import Services
from headgate.web.api.fields import Who
