"""Sums for demo/thinker, worked out one step at a time in exact fractions.

They may have `+ - * / ^ ( ) %`, the signs × ÷ and their words. Powers are limited, so that no number gets long.
"""

import ast
import re
from fractions import Fraction

import msgspec

_WORDS = (
    (r"\bpercent of\b|%\s*of\b", "/100*"),
    (r"\b(multiplied by|times)\b|[×·]|(?<=\d)\s*x\s*(?=\d)", "*"),
    (r"\b(divided by|over)\b|÷", "/"),
    (r"\bplus\b", "+"),
    (r"\bminus\b|−", "-"),
    (r"\bsquared\b", "**2"),
    (r"\bto the power of\b|\^", "**"),
    (r"(?<=\d),(?=\d{3}\b)", ""),
)
_SUM = re.compile(r"[-(\d.][-+*/().\d\s]*[-+*/][-+*/().\d\s]*[\d)]")
_MAX_DIGITS = 60


class Operation(msgspec.Struct, frozen=True):
    """One operation with its result."""

    left: Fraction
    sign: str
    right: Fraction
    result: Fraction


class Sum(msgspec.Struct, frozen=True):
    """An expression, its steps in order, and its value; None where there is none (a division by zero)."""

    expression: str
    steps: tuple[Operation, ...]
    value: Fraction | None

    @property
    def shown(self) -> str:
        """The expression with the signs that people write, none of which is Markdown."""
        return self.expression.replace("**", "^").replace("*", "×").replace("/", "÷")


class _TooLarge(Exception):
    """A number has too many digits to be worth showing."""


def find(prompt: str) -> Sum | None:
    """Find the first sum in the prompt and work it out; None where there is none."""
    text = prompt[:2000]
    for pattern, sign in _WORDS:
        text = re.sub(pattern, sign, text, flags=re.IGNORECASE)
    for match in _SUM.finditer(text):
        expression = " ".join(match[0].split())
        try:
            steps: list[Operation] = []
            value = _value(ast.parse(expression, mode="eval").body, steps)
            return Sum(expression, tuple(steps), value)
        except ZeroDivisionError:
            return Sum(expression, (), None)
        except (SyntaxError, ValueError, _TooLarge, RecursionError, MemoryError):
            continue
    return None


def _value(node: ast.expr, steps: list[Operation]) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Fraction(str(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, steps)
        case ast.BinOp(left=left, op=op, right=right):
            step = _apply(_value(left, steps), op, _value(right, steps))
            steps.append(step)
            return step.result
        case _:
            raise ValueError("not a sum")


def _apply(left: Fraction, op: ast.operator, right: Fraction) -> Operation:
    match op:
        case ast.Add():
            sign, result = "+", left + right
        case ast.Sub():
            sign, result = "−", left - right
        case ast.Mult():
            sign, result = "×", left * right
        case ast.Div():
            sign, result = "÷", left / right
        case ast.Pow() if right.denominator == 1 and 0 <= right <= 200 and len(shown(left)) * right < 400:
            sign, result = "^", left ** int(right)
        case _:
            raise ValueError("not an operation of ours")
    if max(abs(result.numerator), result.denominator) >= 10**_MAX_DIGITS:
        raise _TooLarge
    return Operation(left, sign, right, result)


def shown(number: Fraction) -> str:
    """Write a number exactly; one without a finite decimal as a fraction with a rounded value: `1/3 ≈ 0.333333`."""
    text = exact(number)
    return f"{text} ≈ {float(number):.6g}" if "/" in text else text


def exact(number: Fraction) -> str:
    """Write a number as a whole or finite decimal one, else as a fraction."""
    if number.denominator == 1:
        return str(number.numerator)
    rest = number.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    if rest == 1 and number.denominator <= 10**12:
        places = next(places for places in range(1, 60) if 10**places % number.denominator == 0)
        whole = abs(number) * 10**places
        digits = str(whole.numerator).rjust(places + 1, "0")
        return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    return f"{number.numerator}/{number.denominator}"
