"""From the command line to a command, and from what went wrong to an exit code."""

from collections.abc import Callable, Sequence

from launcher import commands, stop
from launcher.layout import Layout
from launcher.progress import Failed, say, tail
from launcher.register import Busy

HELP = """\
python3 run.py                 set everything up and serve http://127.0.0.1:8000
python3 run.py test [ARGS]     set up and run the tests; ARGS go to pytest
python3 run.py manage ARGS     run a management command in this environment
python3 run.py check [NAME]    style, format, types, floors, migrations, translations
python3 run.py bench [NAME]    run the benchmarks

PORT                           another port than 8000
MINGSHU_DEMO_PASSWORD          the password of the demo accounts; otherwise one is made
DATABASE_URL, REDIS_URL        servers of your own instead of the embedded ones
MINGSHU_VAR                    another state folder than var/
"""

Command = Callable[[Layout, Sequence[str]], int]
COMMANDS: dict[str, Command] = {
    "test": commands.test,
    "manage": commands.manage,
    "bench": commands.bench,
    "check": commands.check,
}


def run(args: Sequence[str], layout: Layout | None = None) -> int:
    """Run one command; gives the exit code of the process."""
    if args and args[0] in ("help", "-h", "--help"):
        print(HELP, end="")
        return 0
    stop.install()
    try:
        return _dispatch(layout or Layout.here(), args)
    except Busy as busy:
        say(_busy(busy.state))
    except Failed as failure:
        if failure.log and (lines := tail(failure.log)):
            say(f"\nThe last lines of {failure.log}:\n{lines}\n")
        say(str(failure))
    except stop.Interrupted:
        return 0 if not args else 128 + stop.last_signal()
    return 1


def _dispatch(layout: Layout, args: Sequence[str]) -> int:
    if args and (command := COMMANDS.get(args[0])):
        return command(layout, args[1:])
    return commands.serve(layout, args)


def _busy(state: dict) -> str:
    what, pid = state.get("command", "another command"), state.get("pid", "unknown")
    return (
        f"Mingshu is already running in this folder: {what} (process {pid}).\n"
        f"Stop it with Ctrl-C in its window, or: kill {pid}"
    )
