#!/usr/bin/env python3
"""Fails when a source has a line of more than 130 characters or more than 400 lines."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
ENDINGS = {".cpp", ".hpp", ".c", ".py"}
FOLDERS = ("scripts", "core", "wcs", "datamodels", "steps", "pipeline", "tests")
LONGEST_LINE, MOST_LINES = 130, 400


def problems(path):
    name = path.relative_to(ROOT).as_posix()
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            yield f"{name}:{number}: {len(line)} characters; at most {LONGEST_LINE}"
    if len(lines) > MOST_LINES:
        yield f"{name}: {len(lines)} lines; at most {MOST_LINES}: split it by topic"


def main():
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")) if path.suffix in ENDINGS]
    found = [problem for path in paths for problem in problems(path)]
    print("\n".join(found) if found else "file sizes: all within the limits")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
