"""Run an operator in another process as if it ran here."""

from collections.abc import Mapping
from typing import Any

import msgspec

from headgate.core.app import Operator, TaskContext
from headgate.core.errors import HeadgateError, LimitExceeded
from headgate.core.work.remote.doors import Doors
from headgate.core.work.remote.failures import ChildCrashed, RemoteError, class_name
from headgate.core.work.remote.line import too_large
from headgate.core.work.remote.requests import Begin, Described
from headgate.core.work.remote.values import NotCarried
from headgate.ports.runtime import (
    LimitHit,
    Limits,
    Runtime,
    RuntimeFailure,
    TooMuchToCarry,
    Work,
    WorkCrashed,
    WorkRaised,
)

_ENTRY = "headgate.core.work.remote.child:main"
_NONSENSE = "What the child process sent at its end makes no sense."
_described = msgspec.msgpack.Decoder(Described)


async def run_operator_remotely(
    runtime: Runtime,
    *,
    operator: Operator,
    app_module: str,
    settings: Mapping[str, Any],
    context: TaskContext[Any],
    limits: Limits,
) -> None:
    """Run the operator over there on the doors of `context`; return when it has returned.

    `app_module` is the package of the app, with its `App` as `app`; `settings` are plain data for
    `App.resources`. What the operator wrote and emitted has then been handed to `context`. Raises
    what the operator raised, as the same class where that is one of Headgate's, else as
    `RemoteError`; `LimitExceeded`; or `ChildCrashed`.
    """
    doors = Doors(context, package=app_module)
    begin = Begin(
        app=app_module,
        module=operator.module,
        operator=operator.name,
        settings=msgspec.json.encode(dict(settings), order="deterministic"),
        packed=doors.values.pack((context.task, list(context.events), context.now)),
    )
    work = Work(entry=_ENTRY, payload=msgspec.msgpack.encode(begin), limits=limits)
    try:
        answer = await runtime.run(work, doors)
    except WorkRaised as raised:
        raise _operator_error(raised, doors) from None
    except RuntimeFailure as failure:
        raise _runtime_error(failure, context.task.job, limits) from failure
    try:
        doors.finish(answer)
    except msgspec.DecodeError as error:
        raise ChildCrashed(_NONSENSE) from error


def _operator_error(raised: WorkRaised, doors: Doors) -> Exception:
    error: Exception
    if raised.kind == class_name(TooMuchToCarry):
        error = too_large(str(raised))
    elif raised.error:
        try:
            error = doors.error_from(_described.decode(raised.error))
        except (msgspec.DecodeError, NotCarried):
            error = ChildCrashed(_NONSENSE)
    else:
        message = str(raised) or raised.kind
        error = RemoteError(message, kind=raised.kind, traceback=raised.detail)
    error.add_note(f"In the child process:\n{raised.detail}")
    return error


def _runtime_error(failure: RuntimeFailure, job: str, limits: Limits) -> HeadgateError:
    match failure:
        case LimitHit(limit="memory"):
            limit = f"memory limit of {limits.memory_mb} MiB"
            setting = "`memory_mb` under `limits:`"
        case LimitHit(limit="cpu"):
            limit = f"CPU time limit of {limits.cpu_seconds:g} s"
            setting = "`cpu` under `limits:`"
        case LimitHit():
            limit = f"timeout of {limits.wall_seconds:g} s"
            setting = "`timeout`"
        case TooMuchToCarry():
            return too_large(str(failure))
        case WorkCrashed() if failure.output:
            hint = f"The last that it printed:\n{failure.output}"
            return ChildCrashed(f"{job} crashed. {failure}", hint=hint)
        case _:
            return ChildCrashed(f"{job} crashed. {failure}")
    return LimitExceeded(
        f"{job} went over its {limit}: {failure}",
        hint=f"Raise {setting} of the job in the DAG and deploy, or make the work smaller.",
    )
