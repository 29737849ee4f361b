"""Parses a command line: finds the subcommand, and builds its parser from the tables of subcommands and flags.

argparse is used in this module alone; the result is an `Invocation`.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

from tui_chat.cli.commands import GROUPS, MEANINGS, POSITIONALS, Subcommand, actions_of, first_words
from tui_chat.cli.flags import FLAGS, Flag, flags_of
from tui_chat.cli.split import Split, split
from tui_chat.cli.wrong_use import WrongUse, refuse

if TYPE_CHECKING:
    from tui_chat.cli.arguments import Invocation

_UNSEEN: Final = 80
"""Columns of what is written only to be checked; asking the terminal for each option takes twice as long."""
_NAMES: Final = frozenset(command.value for command in Subcommand if command is not Subcommand.CHAT)


def parse(words: Sequence[str]) -> "Invocation":
    """Parse the words after the program's name.

    Raises:
        SystemExit: 0 after `--help` and `--version`, 2 after wrong use; a message has been printed, and where a program
            reads the answers of `ask`, its object too.
    """
    sorted_words = split(words)
    command, bare = _find_command(sorted_words)
    positional = (*bare, *sorted_words.literal)
    behind = ("--", *positional) if positional else ()  # so that argparse takes none of them for an option
    try:
        given = vars(_parser_of(command).parse_args((*sorted_words.options, *behind)))
    except WrongUse as wrong:
        if command is Subcommand.ASK and (form := _form_of(sorted_words.options)):
            from tui_chat.cli.ask import write_refused  # only for a mistake

            write_refused(wrong, form)
        raise

    import msgspec  # `--help` and `--version` ended above

    from tui_chat.cli.arguments import ARGUMENTS, Invocation
    from tui_chat.settings.command_line import CommandLine, Override

    overrides = {
        flag.setting: Override(flag.long_name, given[flag.field])
        for flag in FLAGS
        if flag.setting and flag.field in given
    }
    return Invocation(
        msgspec.convert({**given, "overrides": overrides}, CommandLine), msgspec.convert(given, ARGUMENTS[command])
    )


def _form_of(options: Sequence[str]) -> str:
    """The form of the answer of `ask` that a program reads; empty where none was asked for, or more than one."""
    flags = [flag for flag in flags_of(Subcommand.ASK) if flag.field == "form"]
    forms = {name: flag.stands_for for flag in flags for name in flag.names}
    asked = {str(forms[word]) for word in options if word in forms}
    return asked.pop() if len(asked) == 1 else ""


def _find_command(words: Split) -> tuple[Subcommand, tuple[str, ...]]:
    """Find the subcommand, and the bare words that are not its name."""
    match words.bare:
        case (first, *rest) if first in GROUPS:
            return _find_action(first, rest, words)
        case (first, *rest) if first in _NAMES:
            return Subcommand(first), tuple(rest)
        case (alone,) if not words.literal and len(alone.split()) == 1:
            from tui_chat.cli.mistaken_command import advice_for  # only for a prompt of one word

            if advice := advice_for(alone.strip()):
                refuse(f"{alone} is no command; {advice} `tui-chat -- {alone}` sends it as a prompt.")
    return Subcommand.CHAT, words.bare


def _find_action(group: str, rest: Sequence[str], words: Split) -> tuple[Subcommand, tuple[str, ...]]:
    actions = actions_of(group)
    if not rest or rest[0] not in actions:
        _explain_group(group, rest[0] if rest else "", words.options)
    return actions[rest[0]], tuple(rest[1:])


def _explain_group(group: str, action: str, options: Sequence[str]) -> NoReturn:
    """Print the group's help where that was asked for; else refuse an `action` that is missing or unknown."""
    actions = actions_of(group)
    parser = _new_parser(group, GROUPS[group])
    parser.usage = f"{parser.prog} [-h] [--version] ACTION ..."
    parser.epilog = _listing("actions (each has --help)", {word: MEANINGS[each] for word, each in actions.items()})
    parser.formatter_class = _Help
    parser.parse_known_args(options)
    if not action:
        parser.error(f"an action is needed: {', '.join(actions)}")
    from tui_chat.cli.mistaken_command import nearest_command  # only for a mistake

    near = nearest_command(action.lower(), actions)
    meant = f"did you mean `tui-chat {group} {near}`?" if near else f"there are {', '.join(actions)}."
    parser.error(f"there is no action {action}; {meant}")


_Help = argparse.RawDescriptionHelpFormatter


class _Parser(argparse.ArgumentParser):
    """Reports errors as the rest of the program does, with what was typed sanitised."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        message = message.replace("arguments: -- ", "arguments: ")  # the one that `parse` puts there
        refuse(message, command=self.prog.partition(" ")[2])


class _Version(argparse.Action):
    """Prints the version. An action, so that the commit is read from files only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from tui_chat.cli.version import version_text

        print(f"tui-chat {version_text()}")
        parser.exit()


def _new_parser(command: str, description: str) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=f"tui-chat {command}".strip(),
        description=description,
        formatter_class=partial(_Help, width=_UNSEEN),
        argument_default=argparse.SUPPRESS,  # defaults stand with the arguments' types
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    return parser


def _parser_of(command: Subcommand) -> argparse.ArgumentParser:
    parser = _new_parser(command.value, MEANINGS[command])
    if command is Subcommand.CHAT:
        parser.epilog = _listing("commands (each has --help)", first_words())
    for positional in POSITIONALS.get(command, ()):
        parser.add_argument(
            positional.field,
            metavar=positional.metavar,
            nargs=positional.nargs,
            choices=positional.choices,
            default=None,
            help=positional.meaning,
        )
    alternatives: dict[str, Callable[..., object]] = {}
    shared = parser.add_argument_group("shared options")
    for flag in flags_of(command):
        if flag.is_shared:
            _add(shared.add_argument, flag, is_listed=command in flag.commands)
        elif flag.is_alternative:
            if flag.field not in alternatives:
                alternatives[flag.field] = parser.add_mutually_exclusive_group().add_argument
            _add(alternatives[flag.field], flag)
        else:
            _add(parser.add_argument, flag)
    parser.formatter_class = _Help
    return parser


def _add(add_argument: Callable[..., object], flag: Flag, *, is_listed: bool = True) -> None:
    meaning = flag.meaning if is_listed else argparse.SUPPRESS
    if flag.takes_value:
        add_argument(
            *flag.names,
            dest=flag.field,
            action="append" if flag.repeats else "store",
            type=flag.read,
            choices=flag.choices,
            metavar=flag.metavar or None,
            help=meaning,
        )
    else:
        add_argument(*flag.names, dest=flag.field, action="store_const", const=flag.stands_for, help=meaning)


def _listing(title: str, meanings: Mapping[str, str]) -> str:
    width = max(map(len, meanings))
    return "\n".join([f"{title}:", *(f"  {word:{width}}  {meaning}" for word, meaning in meanings.items())])
