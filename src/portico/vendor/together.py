"""Several conversations with a vendor at once, as one."""

from collections.abc import Iterable

from portico.vendor.message import Exchange, Request, Response, T


def together(exchanges: Iterable[Exchange[T]]) -> Exchange[list[T]]:
    """Hold conversations side by side: what they ask at the same time is one batch.

    Raises what the first of them raises; the others are left where they are.
    """
    held = list(exchanges)
    results: dict[int, T] = {}
    asked: dict[int, tuple[Request, ...]] = {}
    for number, exchange in enumerate(held):
        _step(number, exchange, None, asked, results)
    while asked:
        batch, asked = asked, {}
        responses = iter((yield tuple(one for requests in batch.values() for one in requests)))
        for number, requests in batch.items():
            answers = tuple(next(responses) for _ in requests)
            _step(number, held[number], answers, asked, results)
    return [results[number] for number in range(len(held))]


def _step(
    number: int,
    exchange: Exchange[T],
    answers: tuple[Response, ...] | None,
    asked: dict[int, tuple[Request, ...]],
    results: dict[int, T],
) -> None:
    """Let one conversation go on: it asks something more, or is over."""
    try:
        asked[number] = next(exchange) if answers is None else exchange.send(answers)
    except StopIteration as end:
        results[number] = end.value
