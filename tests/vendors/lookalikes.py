"""Texts that look much like another, and selectors that select a little more or less."""

import re
from collections.abc import Iterator

_WORD = re.compile(r"([A-Za-z0-9])(?=\W*$)")


def altered(text: str) -> str:
    """Another text that looks much like it; truth becomes falsehood."""
    if text in {"true", "false"}:
        return "false" if text == "true" else "true"
    return _WORD.sub(lambda found: "y" if found[1] == "x" else "x", text)


def selectors(text: str) -> Iterator[tuple[str, str]]:
    if "=" not in text:
        return
    if text.startswith("0 prefer"):
        yield "loosen slice", "0"
        yield "change constant", altered(text)
        return
    tests = text.split(",")
    for index, test in enumerate(tests):
        hard = test.replace("?=", "=") if "?=" in test else test.replace("=", "?=")
        yield "loosen slice", ",".join([*tests[:index], hard, *tests[index + 1 :]])
        yield "change constant", ",".join([*tests[:index], altered(test), *tests[index + 1 :]])
        if len(tests) > 1:
            yield "loosen slice", ",".join([*tests[:index], *tests[index + 1 :]]).strip()
