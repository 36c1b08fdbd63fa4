"""The entry point: run one command, and end with the exit code that its outcome means."""

# Nothing more at the top: an interrupt while the rest loads must end as quietly as a later one.
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headgate.cli.errors import CliError


def main() -> None:
    """Run the command line of this process and exit."""
    try:
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:
        _end_output()
        sys.stderr.write("Interrupted.\n")
        code = 130
    except BrokenPipeError:
        _end_output()
        code = 0  # the reader has what it wanted (`| head`)
    sys.exit(code)


def _run(args: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        # Names and messages may hold characters that the terminal's encoding lacks.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = _invoke(args)
        sys.stdout.flush()
    except Exception as error:  # noqa: BLE001 - each kind is told to people in its own way
        return _ended_by(error)
    return code


def _invoke(args: Sequence[str]) -> int:
    from headgate.cli.catalog import headgate
    from headgate.environment import COMPLETION_VARIABLE, client_environment

    if asked := client_environment().completion:
        from click.shell_completion import shell_complete

        return shell_complete(headgate, {}, "headgate", COMPLETION_VARIABLE, asked)
    with headgate.make_context("headgate", list(args)) as context:
        headgate.invoke(context)
    return 0


def _end_output() -> None:
    """Write out what is buffered; what cannot be written must not fail once more at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _ended_by(error: Exception) -> int:
    """Tell people about the error, as far as they should know; return the exit code."""
    import click
    from click.exceptions import Exit, NoArgsIsHelpError

    from headgate.cli.errors import CliError

    match error:
        case Exit():
            return error.exit_code
        case click.Abort():  # Ctrl-C or the end of input at a question
            raise KeyboardInterrupt from None
        case BrokenPipeError():
            raise error
        case NoArgsIsHelpError() if error.ctx.parent is None:
            click.echo(error.message)
            return 0
        case click.ClickException():
            error.show()
            return error.exit_code
        case _:
            told = error if isinstance(error, CliError) else _explained(error)
            _end_output()
            sys.stderr.write(f"{told}\n")
            return told.exit_code


def _explained(error: Exception) -> "CliError":
    """Return the error for people; one that nobody foresaw shows its traceback first."""
    from headgate.cli.errors import CliError, Exit, Fault, exit_of
    from headgate.core.errors import HeadgateError

    match error:
        case HeadgateError():
            return CliError(
                error.message,
                exit_code=exit_of(error.status),
                fault=error.fault,
                hint=error.hint,
                faults=[Fault(problem.pointer, problem.message) for problem in error.problems],
            )
        case OSError():
            return CliError(
                f"{error.strerror or error}" + (f": {error.filename}" if error.filename else ""),
                exit_code=Exit.FAILED,
                hint="mend what the message names, then run the command again.",
            )
        case _:
            import traceback

            traceback.print_exception(error)
            return CliError(
                f"{type(error).__name__} where none was foreseen.",
                exit_code=Exit.FAILED,
                fault="headgate",
                hint="report it with the lines above and what you ran.",
            )


if __name__ == "__main__":
    main()
