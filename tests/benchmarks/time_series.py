#!/usr/bin/env python3
"""Long time series: time that is linear in their length, two threads against one, and with PEER=/path/to/venv the peer.

    python3 time_series.py SPEC2 REPEAT_INTEGRATIONS [--repeat 11]

The series repeat integrations of nirspec_bots_prism of the shared folder; without it nothing is run. Exit status 1 when a target
is missed or products differ, 2 when a program fails.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime

from whole_process import ROOT, timed, undisturbed, unpack, without_dates

SHORT, MIDDLE, LONG = 100, 400, 1000


def peer_run(venv, folder, out, environment):
    """Wall seconds of the peer, and seconds of its extract_1d."""
    words = [str(venv / "bin/strun"), "calwebb_spec2", str(folder / "asn.json"), f"--output_dir={out}"]
    begin = datetime.now()
    done = subprocess.run(words, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    wall = (datetime.now() - begin).total_seconds()
    if done.returncode != 0:
        print(done.stdout[-3000:])
        sys.exit(2)
    stamps = re.findall(r"^(\S+ \S+) - \S+ - INFO - Step extract_1d (?:running|done)", done.stdout, re.M)
    first, last = (datetime.strptime(text, "%Y-%m-%d %H:%M:%S,%f") for text in (stamps[0], stamps[-1]))
    return wall, (last - first).total_seconds()


def step_seconds(table, step):
    """Wall seconds of a step in the table that a run prints."""
    return float(re.search(rf"^  {step} +([0-9.]+)", table, re.M).group(1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("spec2", type=pathlib.Path)
    parser.add_argument("repeat_integrations", type=pathlib.Path)
    parser.add_argument("--repeat", type=int, default=11)
    options = parser.parse_args()
    case = ROOT.parent / "shared/cases/nirspec_bots_prism"
    if not case.exists():
        print("the case nirspec_bots_prism is not here: no time series is run")
        return 0
    crds = os.environ.get("CRDS_PATH", str(ROOT.parent / "shared/crds"))
    environment = dict(os.environ, CRDS_PATH=crds, CRDS_CONTEXT="jwst_9001.pmap", CRDS_READONLY_CACHE="1")
    environment.pop("CRDS_SERVER_URL", None)
    peer = os.environ.get("PEER")
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="spec2_series_"))
    failures = []

    def check(label, value, limit, at_least):
        met = value >= limit if at_least else value <= limit
        print(f"  {label}: {value:.2f}, target {'>=' if at_least else '<='} {limit}: {'met' if met else 'MISSED'}")
        if not met:
            failures.append(f"{label}: {value:.2f}")

    try:
        folders = {total: scratch / str(total) for total in (SHORT, MIDDLE, LONG)}
        for total, folder in folders.items():
            folder.mkdir()
            unpack(case, folder)
            (rateints,) = folder.glob("*_rateints.fits")
            timed([options.repeat_integrations.resolve(), rateints, rateints, total], environment, folder)
        runs = {}
        for total, threads in ((SHORT, 1), (MIDDLE, 1), (LONG, 1), (MIDDLE, 2)):
            out = scratch / f"{total}_{threads}"
            runs[total, threads] = [options.spec2.resolve(), "run", folders[total] / "asn.json", "--quiet", "--threads", threads,
                                    "--output-dir", out]
        for words in runs.values():
            timed(words, environment, scratch)
        for product in (scratch / f"{MIDDLE}_1").glob("*.fits"):
            if without_dates(product) != without_dates(scratch / f"{MIDDLE}_2" / product.name):
                failures.append(f"{product.name} differs between one and two threads")
        times = {key: [] for key in runs}
        for _ in range(options.repeat):
            for key, words in runs.items():
                times[key].append(timed(words, environment, scratch, scratch / f"{key[0]}_{key[1]}")[0])
        best = {key: undisturbed(values) for key, values in times.items()}
        for (total, threads), seconds in best.items():
            print(f"  {total} integrations, {threads} thread(s): {seconds:.3f} s")
        growth = (best[LONG, 1] - best[MIDDLE, 1]) / (LONG - MIDDLE) / ((best[MIDDLE, 1] - best[SHORT, 1]) / (MIDDLE - SHORT))
        check(f"time of an integration from {MIDDLE} to {LONG} against that from {SHORT} to {MIDDLE}", growth, 1.3, False)
        check(f"two threads against one, {MIDDLE} integrations", best[MIDDLE, 1] / best[MIDDLE, 2], 1.7, True)
        if peer:
            wall, extraction = peer_run(pathlib.Path(peer), folders[MIDDLE], scratch / "peer", environment)
            table = subprocess.run([str(word) for word in runs[MIDDLE, 1] if word != "--quiet"], env=environment, cwd=scratch,
                                   capture_output=True, text=True).stdout
            check(f"against the peer, {MIDDLE} integrations", wall / best[MIDDLE, 1], 100.0, True)
            check("extract_1d against the peer's", extraction / step_seconds(table, "extract_1d"), 50.0, True)
        else:
            print("  the peer was not run: give its venv in PEER")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    for failure in failures:
        print("FAILED:", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
