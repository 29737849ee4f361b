"""The functions that make dialogs."""

from importlib import import_module
from inspect import isfunction, signature
from pkgutil import iter_modules

from tui_chat.ui import dialogs


def test_an_opener_is_there_after_every_dialog_was_imported() -> None:
    openers = {name: opener for name, opener in vars(dialogs).items() if isfunction(opener)}
    for module in iter_modules(dialogs.__path__):
        import_module(f"{dialogs.__name__}.{module.name}")
    assert openers
    assert {name: getattr(dialogs, name) for name in openers} == openers


def test_an_opener_says_what_its_dialog_answers() -> None:
    openers = [opener for opener in vars(dialogs).values() if isfunction(opener)]
    assert all("Dialog[" in str(signature(opener).return_annotation) for opener in openers)
