"""Runs HealthChain's Liquid registry and model builder on request: a line in, a line out.

Its engine reads CDA; what stands behind it, a template for each section and a fhir.resources model
made of what the template renders, is used here without CDA.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from healthchain.fhir import create_resource_from_dict
from healthchain.interop.template_registry import TemplateRegistry
from worker import serve

Json = Any


def _make(setup: Json) -> Any:
    folder = Path(tempfile.mkdtemp())
    (folder / "patient.liquid").write_text(setup["template"], encoding="utf-8")
    filters = {"json": json.dumps, "undashed": lambda value: value.replace("-", "")}
    template = TemplateRegistry(folder).initialize(filters).get_template("patient")
    tables = setup["tables"]

    def build(given: Json) -> Any:
        rendered = json.loads(template.render({"v": given, **tables}))
        return create_resource_from_dict(rendered, rendered.pop("resourceType"))

    return (
        lambda given: json.loads(build(given).model_dump_json()),
        lambda text: build(json.loads(text)).model_dump_json().encode(),
    )


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout, _make)
