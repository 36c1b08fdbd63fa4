"""The entry point: run one command, and end with the exit code that its outcome means."""

# Nothing more at the top: an interrupt while the rest is imported must end as quietly as a later one.
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
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        code = 130
    except BrokenPipeError:
        # The reader has what it wanted (`| head`). What is still buffered must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _run(args: Sequence[str]) -> int:
    import click
    from click.exceptions import Exit as ClickExit
    from click.exceptions import NoArgsIsHelpError

    from headgate.cli.errors import CliError, Exit

    for stream in (sys.stdout, sys.stderr):
        # Names and messages may hold characters that the terminal's encoding lacks.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        return _invoke(args)
    except ClickExit as error:
        return error.exit_code
    except NoArgsIsHelpError as error:
        if error.ctx.parent is not None:
            error.show()
            return Exit.USAGE
        click.echo(error.message)
        return Exit.OK
    except click.Abort:  # Ctrl-C or the end of input at a question
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CliError as error:
        return _end(error)
    except BrokenPipeError:
        raise
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        hint = "mend what the message names, then run the command again."
        return _end(CliError(f"{error.strerror or error}{where}.", exit_code=Exit.FAILED, hint=hint))
    except Exception as error:  # noqa: BLE001 - shown whole, or told from one made for people
        return _end(_explained(error))


def _end(error: "CliError") -> int:
    sys.stdout.flush()
    sys.stderr.write(f"{error}\n")
    return error.exit_code


def _invoke(args: Sequence[str]) -> int:
    from headgate.cli.catalog import headgate
    from headgate.environment import COMPLETION_VARIABLE, client_environment

    if asked := client_environment().completion:
        from click.shell_completion import shell_complete

        return shell_complete(headgate, {}, "headgate", COMPLETION_VARIABLE, asked)
    with headgate.make_context("headgate", list(args)) as context:
        headgate.invoke(context)
    return 0


def _explained(error: Exception) -> "CliError":
    """Return the error for people; one that nobody foresaw shows its traceback first."""
    from headgate.cli.errors import CliError, Exit, Fault, exit_of
    from headgate.core.errors import HeadgateError

    if isinstance(error, HeadgateError):
        return CliError(
            error.message,
            exit_code=exit_of(error.status),
            fault=error.fault,
            hint=error.hint,
            faults=[Fault(problem.pointer, problem.message) for problem in error.problems],
        )
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
