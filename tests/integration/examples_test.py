"""Runs the commands in the ```sh blocks of the README and the documents, each in a fresh folder with the sample beside it.

    examples_test.py SPEC2 SOURCE_FOLDER
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

program, source = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
sample = source / "data" / "nirspec_fs_sample"
environment = os.environ | {
    "PATH": f"{program.parent}:{os.environ['PATH']}",
    "CRDS_PATH": str(sample / "crds"),
    "CRDS_CONTEXT": "jwst_9001.pmap",
}

count = 0
for document in [source / "README.md", *sorted((source / "docs").glob("*.md"))]:
    for block in re.findall(r"^```sh\n(.*?)^```", document.read_text(encoding="utf-8"), re.M | re.S):
        with tempfile.TemporaryDirectory() as folder:
            for file in [sample / "asn.json", *sample.glob("*_rate.fits"), source / "cfgs" / "calwebb_spec2.cfg"]:
                shutil.copy(file, folder)
            ended = subprocess.run(["sh", "-eu", "-c", block], cwd=folder, env=environment, capture_output=True, text=True)
        assert ended.returncode == 0, f"{document.name}: {block}\nexit {ended.returncode}\n{ended.stdout}{ended.stderr}"
        count += 1
assert count >= 5, count
print(f"{count} examples run")
