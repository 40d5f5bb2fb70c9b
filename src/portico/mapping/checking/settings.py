"""The settings that modules ask for, held against those that the connection file declares."""

from collections.abc import Collection, Iterator

from portico.errors import Finding
from portico.mapping.load import ObjectModule


def undeclared_settings(declared: Collection[str], module: ObjectModule) -> Iterator[Finding]:
    """E503 for each gate whose setting nobody could give."""
    for lane in (lane for shape in module.shapes.values() for lane in shape.lanes):
        for name in (lane.reads_if, lane.writes_if):
            if name is not None and name not in declared:
                known = ", ".join(sorted(declared))
                what = f"vendor.yaml declares no setting '{name}'"
                yield Finding("E503", lane.place, what, f"declare it, or use one of: {known}")
