"""Folders of modules → compiled modules. The only part of the mapping that reads files."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import portico
from portico.errors import Finding, Findings, MappingError
from portico.mapping.compiling.compile import CompiledShape, compile_shape
from portico.mapping.conversion.converter import Environment
from portico.mapping.language.reader import read_module
from portico.mapping.language.rule import ModuleSpec, Part
from portico.mapping.language.schema import load_schema
from portico.mapping.language.terminology import Terminology
from portico.mapping.running.bundle import BundleModule
from portico.mapping.running.fan import FanModule
from portico.mapping.running.module import SingleModule

ObjectModule: TypeAlias = SingleModule | BundleModule | FanModule

_NOT_MODULES = frozenset({"vendor.yaml"})


def find_mappings() -> Path:
    """The folder of the mappings: inside the installed package, or beside `src` in a checkout."""
    package = Path(portico.__file__).parent
    installed = package / "mappings"
    return installed if installed.is_dir() else package.parent.parent / "mappings"


def load_vendor_modules(folder: Path, terminology: Terminology) -> dict[str, ObjectModule]:
    """All modules of a vendor's folder by object name. Raises MappingError with all findings."""
    findings = Findings()
    modules = {}
    for path in module_files(folder):
        try:
            modules[path.stem] = load_module(path, terminology)
        except MappingError as error:
            findings.found.extend(error.findings)
    findings.raise_if_any()
    return modules


def module_files(folder: Path) -> Iterator[Path]:
    """The module files of a vendor's folder, in the order of their names."""
    yield from sorted(path for path in folder.glob("*.yaml") if path.name not in _NOT_MODULES)


def load_module(path: Path, terminology: Terminology) -> ObjectModule:
    """Read and compile one module. Raises MappingError."""
    name = f"{path.parent.name}/{path.name}"
    spec = read_module(path, name, terminology)
    own = terminology.with_systems(spec.systems).with_own(spec.oids)
    environment = Environment(own, spec.codes)
    folder = path.parent / "schemas"
    schemas = {
        role: load_schema(folder, file, spec.place, strict=role != "schema")
        for role, file in spec.schemas.items()
    }
    shapes = _compiled(spec, environment)
    if spec.bundle:
        return BundleModule(spec, shapes, schemas)
    singles = {
        part.name: SingleModule(replace(spec, parts=(part,)), shapes[part.name], schemas)
        for part in spec.parts
    }
    return singles[""] if "" in singles else FanModule(spec, singles, schemas)


def _compiled(spec: ModuleSpec, environment: Environment) -> Mapping[str, CompiledShape]:
    name = f"{spec.vendor}.{spec.object}"
    return {part.name: _compile(part, name, environment) for part in spec.parts}


def _compile(part: Part, name: str, environment: Environment) -> CompiledShape:
    try:
        return compile_shape(part.shape, f"{name}.{part.name}".rstrip("."), environment)
    except SyntaxError as error:
        finding = Finding("E900", part.shape.place, "the rules do not compile to Python")
        raise MappingError(finding) from error
