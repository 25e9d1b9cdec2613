"""Products of spec2 and of the peer made from the same inputs, one pair of folders a case.

SPEC2 is the program. The sample in data/ is always used; the cases of the shared folder (SPEC2_SHARED) where it is there.
"""
import dataclasses
import gzip
import logging
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

logging.disable(logging.CRITICAL)
ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "nirspec_fs_sample"
SHARED = pathlib.Path(os.environ.get("SPEC2_SHARED", ROOT.parent / "shared"))
CASES = ["sample", "nirspec_fs_g395m", "nirspec_fs_lamp", "nirspec_bots_prism"]


@dataclasses.dataclass
class Pair:
    """The products of one case under `ours` and `peer`, and the environment they were made in."""

    ours: pathlib.Path
    peer: pathlib.Path
    environment: dict

    def files(self, *suffixes):
        """(ours, peer) for each product whose name ends with one of the suffixes."""
        found = [
            (self.ours / path.name, path) for suffix in suffixes for path in sorted(self.peer.glob(f"*_{suffix}.fits"))
        ]
        return found


def copy_inputs(source, folder):
    folder.mkdir(parents=True)
    for path in [*source.glob("asn.json"), *source.glob("*_rate*.fits*")]:
        if path.suffix == ".gz":
            (folder / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
        else:
            shutil.copy(path, folder)


def make_products(program, folder, environment):
    done = subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{program[0]} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"


@pytest.fixture(scope="session", params=CASES)
def products(request, tmp_path_factory):
    is_sample = request.param == "sample"
    source = SAMPLE if is_sample else SHARED / "cases" / request.param
    if not source.is_dir():
        pytest.skip(f"{source} is not there; only the sample in data/ is tested")
    folder = tmp_path_factory.mktemp(request.param)
    environment = {
        **os.environ,
        "CRDS_PATH": str(SAMPLE / "crds" if is_sample else SHARED / "crds"),
        "CRDS_CONTEXT": "jwst_9001.pmap",
        "CRDS_READONLY_CACHE": "1",
    }
    environment.pop("CRDS_SERVER_URL", None)
    pair = Pair(folder / "ours", folder / "peer", environment)
    for each in (pair.ours, pair.peer):
        copy_inputs(source, each)
    configuration = str(ROOT / "cfgs" / "calwebb_spec2.cfg")
    make_products([os.environ["SPEC2"], "run", "asn.json", "--cfg", configuration], pair.ours, environment)
    strun = pathlib.Path(sys.executable).parent / "strun"
    make_products([str(strun), "calwebb_spec2", "asn.json"], pair.peer, environment)
    return pair
