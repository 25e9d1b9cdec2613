#!/usr/bin/env python3
"""Fails when a source file includes a header of a layer above its own, or when one step includes another."""
import pathlib
import re
import sys

LAYERS = ["core", "wcs", "datamodels", "steps", "pipeline"]
ROOT = pathlib.Path(__file__).resolve().parents[1]
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]((?:spec2/)?([a-z_]+)/[^">]*)[>"]')


def problems():
    for rank, layer in enumerate(LAYERS):
        for path in sorted((ROOT / layer).rglob("*.[ch]pp")):
            name = path.relative_to(ROOT)
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                found = INCLUDE.match(line)
                if not found:
                    continue
                target = found.group(2)
                if target in LAYERS and LAYERS.index(target) > rank:
                    yield f"{name}:{number}: {layer} must not use {target}: {found.group(1)}"
                parts = found.group(1).removeprefix("spec2/").split("/")
                both_in_folders = len(parts) > 2 and len(name.parts) > 2
                if layer == target == "steps" and both_in_folders and parts[1] != name.parts[1]:
                    yield f"{name}:{number}: step {name.parts[1]} must not use step {parts[1]}"


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found) if found else "include direction: no upward includes")
    sys.exit(1 if found else 0)
