"""What can be typed after `dltv-hub`: one module a command, loaded when it is typed.

A module has HELP (one line), `add(parser)` for its options and `run(options)`, which returns the exit code; its name is the
command's, with _ for -. A command that is a program of its own has `main(arguments)` instead of both, and reads its own options.
Raise what the operator is told (MISTAKES in complaints.py); print what was asked for on stdout.
"""

COMMANDS = (
    "serve",
    "migrate",
    "db",
    "historian",
    "broker-config",
    "backup",
    "restore",
    "doctor",
    "bundle",
    "sdcard",
    "replay",
    "whatif",
    "simulate",
    "evaluate",
    "schools",
    "assets",
    "enrol",
    "revoke",
    "ca",
    "people",
    "token",
    "audit",
    "release",
    "config",
    "profiles",
    "forms",
    "report",
    "rollout",
)
"""In the order of the help."""
