"""What a connection file says, read and checked: how to talk to a vendor, as data.

Everything here is frozen and knows nothing of HTTP clients. `Vendor.objects` holds one
`VendorObject` for each kind of record; its operations are requests with blanks, which `query`
fills, and rules for the answers, which `answer` and `fault` apply.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from portico import Record
from portico.errors import Place
from portico.vendor.answer import Answer
from portico.vendor.credential import Credential
from portico.vendor.dotted import DottedPath
from portico.vendor.fault import FaultRules
from portico.vendor.pagination import HeaderValue, Paging
from portico.vendor.query import RequestTemplate
from portico.vendor.search_parameters import ReadByKey, SearchRule
from portico.vendor.template import Template

SettingKind = Literal["required", "optional", "secret"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting that a connection of this vendor may or must have."""

    name: str
    kind: SettingKind
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked of a vendor. `name` is like `patient.read`, without data.

    `each` tells that a list gives only keys (or parts) of records, to be read one by one; `ids` is
    the key member that an entry of the list fills. `over` is an object for each of whose records
    there is a list of its own, which is asked for where nothing names the record.
    """

    name: str
    request: RequestTemplate
    answer: Answer
    faults: FaultRules
    place: Place
    paging: Paging | None = None
    each: str | None = None
    over: str | None = None


@dataclass(frozen=True, slots=True)
class VersionMember:
    """The version is a member of the record: `version`."""

    member: str


VersionSource = VersionMember | HeaderValue
"""Where a record's version is told. A header becomes a member of the record with its name."""


def version_name(version: VersionSource) -> str:
    """The member of a record that holds its version, and the blank that stands for it."""
    return version.member if isinstance(version, VersionMember) else version.name


Interaction = Literal["read", "search-type", "create", "update", "delete"]


@dataclass(frozen=True, slots=True)
class VendorObject:
    """One kind of record of a vendor. `module` is the file that maps it, else `<name>.yaml`.

    `key` are the record's members that address it (`id`, or `patient.id` and `id`); they are blanks
    in its paths. `gone` is a member that is set when the record is deleted. `mint` are key members
    that the caller must make before a create, and how. `undo` tells that what a create made is
    deleted again when a later request of the same write fails. `warns` is a member of the answer to
    a create that holds the vendor's warnings. `parameter_places` tells where the search parameters
    are named.
    """

    name: str
    key: tuple[str, ...]
    place: Place
    module: str | None = None
    read: Operation | None = None
    read_via_list: bool = False
    search: Operation | None = None
    create: Operation | None = None
    update: Operation | None = None
    delete: Operation | None = None
    actions: Mapping[str, Operation] = field(default_factory=dict)
    search_parameters: Mapping[str, tuple[SearchRule, ...]] = field(default_factory=dict)
    gone: DottedPath | None = None
    version: VersionSource | None = None
    mint: Mapping[str, Literal["uuid"]] = field(default_factory=dict)
    upsert: bool = False
    undo: bool = False
    warns: DottedPath | None = None
    parameter_places: Mapping[str, Place] = field(default_factory=dict)

    def warnings_in(self, answer: Record) -> int:
        """How many warnings the vendor's answer to a create holds."""
        found = self.warns.first(answer) if self.warns else None
        return len(found) if isinstance(found, list) else int(found not in (None, "", {}))

    @property
    def found_by(self) -> tuple[str, ...]:
        """The search parameters that tell a record's key, so that it can be read without a list."""
        parameters = self.search_parameters.items()
        return tuple(n for n, rules in parameters if any(isinstance(r, ReadByKey) for r in rules))

    @property
    def interactions(self) -> frozenset[Interaction]:
        """The FHIR interactions that the vendor has operations for."""
        there: dict[Interaction, bool] = {
            "read": self.read is not None or self.read_via_list,
            "search-type": self.search is not None or bool(self.found_by),
            "create": self.create is not None,
            "update": self.update is not None,
            "delete": self.delete is not None,
        }
        return frozenset(code for code, has in there.items() if has)


@dataclass(frozen=True, slots=True)
class CatalogueSource:
    """A vendor's own list of terms: which members are the key, the text and standard codes.

    `codes` maps a member to a code system's URI; `local` is the URI under which the vendor's own
    key is a code; `lifetime` is in seconds.
    """

    name: str
    operation: Operation
    key: DottedPath
    text: DottedPath | None
    codes: tuple[tuple[DottedPath, str], ...]
    local: str | None
    lifetime: float


@dataclass(frozen=True, slots=True)
class Vendor:
    """A product with an API. `environments` are its named base URLs."""

    name: str
    title: str
    settings: Mapping[str, Setting]
    environments: Mapping[str, Template]
    base: Template | None
    credential: Credential
    objects: Mapping[str, VendorObject]
    catalogues: Mapping[str, CatalogueSource]
