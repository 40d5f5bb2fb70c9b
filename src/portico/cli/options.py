"""A command's arguments as one frozen dataclass instead of a row of parameters."""

import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any, TypeVar, get_type_hints

T = TypeVar("T")


def taking(options: type[T]) -> Callable[[Callable[[T], None]], Callable[..., None]]:
    """Make a Typer command of a function that takes `options`, a dataclass.

    Its fields are annotated as Typer's parameters are: `Annotated[int, typer.Option(…)] = 1`.
    """
    hints = get_type_hints(options, include_extras=True)
    parameters = [_parameter(each, hints[each.name]) for each in fields(options)]  # type: ignore[arg-type]  # T is a dataclass

    def decorate(run: Callable[[T], None]) -> Callable[..., None]:
        def command(**given: Any) -> None:  # noqa: ANN401  what Typer parsed, checked by it
            run(options(**given))

        command.__doc__ = run.__doc__
        command.__name__ = run.__name__
        command.__annotations__ = {each.name: each.annotation for each in parameters}
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by inspect
        return command

    return decorate


def _parameter(option: "Field[Any]", annotation: object) -> inspect.Parameter:
    default = inspect.Parameter.empty if option.default is MISSING else option.default
    return inspect.Parameter(
        option.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )
