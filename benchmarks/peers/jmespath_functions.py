"""What JMESPath lacks for this task, as functions of the host."""

from typing import Any

Json = Any


def options(library: Any, tables: Json) -> Any:  # noqa: ANN401  # a library without types
    """Options with `present`, `look_up` and `undashed`."""
    functions, signature = library.functions, library.functions.signature

    class Host(functions.Functions):  # type: ignore[misc,name-defined]  # a library without types
        @signature({"types": []})  # type: ignore[untyped-decorator]  # a library without types
        def _func_present(self, value: Json) -> Json:
            return present(value)

        @signature({"types": ["string"]}, {"types": ["string"]})  # type: ignore[untyped-decorator]
        def _func_look_up(self, table: str, key: str) -> Json:
            return tables[table].get(key)

        @signature({"types": ["string"]})  # type: ignore[untyped-decorator]
        def _func_undashed(self, text: str) -> str:
            return text.replace("-", "")

    return library.Options(custom_functions=Host())


def present(value: Json) -> Json:
    """The document without nulls."""
    if isinstance(value, dict):
        return {key: present(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [present(item) for item in value if item is not None]
    return value
