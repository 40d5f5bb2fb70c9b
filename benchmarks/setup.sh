#!/usr/bin/env bash
# Everybody that benchmarks/mapping.py can race against, in .peers (not under version
# control): this project with its extra `bench`, and environments of their own for those whose pins
# or language ask for it. What cannot be installed is said, and skipped by the benchmark.
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=${PYTHON:-python3}
mkdir -p .peers

environment() {
    local name=$1
    shift
    [ -x ".peers/$name/bin/python" ] || "$python" -m venv ".peers/$name"
    ".peers/$name/bin/python" -m pip install --quiet "$@" || echo "$name: not installed" >&2
}

environment main --editable '.[bench]'
environment healthchain 'healthchain[cda]'
environment linkml linkml-map
mkdir -p .peers/node
npm install --silent --prefix .peers/node jsonata || echo "jsonata: not installed" >&2
