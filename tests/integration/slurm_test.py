"""Batches of spec2 under the Slurm that scripts/slurm_test.sh started.

    slurm_test.py SPEC2 SOURCE_FOLDER SCRATCH_FOLDER
"""

import json
import math
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

program, source, scratch = (pathlib.Path(word) for word in sys.argv[1:])
sample = source / "data" / "nirspec_fs_sample"
crds = ["--crds-path", str(sample / "crds"), "--crds-context", "jwst_9001.pmap"]
UNFINISHED = 75


def run(*words, code=0):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if code is not None:
        assert done.returncode == code, f"{words}\nexit {done.returncode}, not {code}\n{done.stdout}{done.stderr}"
    return done


def association(folder, numbers):
    """An association of copies of the sample's exposure; gives the names of its products."""
    folder.mkdir(parents=True)
    names = [f"jw09001003001_02101_{number:05}_nrs2" for number in numbers]
    products = []
    for name in names:
        shutil.copy(next(sample.glob("*_rate.fits")), folder / f"{name}_rate.fits")
        products.append({"name": name, "members": [{"expname": f"{name}_rate.fits", "exptype": "science"}]})
    (folder / "asn.json").write_text(json.dumps({"asn_type": "spec2", "asn_id": "o003", "products": products}))
    return names


def dateless(folder):
    """Products by name, without their dates and what depends on these."""
    found = {}
    for path in folder.glob("*.fits"):
        data = path.read_bytes()
        date = data[data.find(b"DATE    = '") + 11 :][:23]
        data = data.replace(date, b" " * len(date))
        at = data.find(b"_fits_hash: '")
        if at >= 0:
            data = data[: at + 13] + b" " * 64 + data[at + 77 :]
        found[path.name] = data
    return found


class Status:
    def __init__(self, folder):
        done = run(program, "status", folder, "--format", "json", code=None)
        self.exit_code = done.returncode
        self.tree = json.loads(done.stdout)
        self.products = {one["name"]: one for one in self.tree["products"]}

    def state(self, name):
        return self.products[name]["state"]


def wait_for(folder, what, limit=90):
    """Looks until `what` says yes; gives the state, and all states that products were seen in."""
    seen, end = set(), time.monotonic() + limit
    while True:
        status = Status(folder)
        seen |= {one["state"] for one in status.tree["products"]}
        if what(status):
            return status, seen
        assert time.monotonic() < end, json.dumps(status.tree, indent=1) + run("squeue", "-a", code=None).stdout
        time.sleep(0.3)


def attempt(folder, number):
    return json.loads((folder / "spec2_batch" / "1" / f"attempt_{number}.json").read_text())


def products_of(tried):
    return sorted(product for task in tried["tasks"] for product in task["products"])


def process_of(status, name):
    return int(re.match(r"process (\d+) on ", status.products[name]["reason"])[1])


def deaths_and_damage():
    """One killed, one cancelled, one killed with its whole job, one that takes too much memory, one damaged."""
    folder = scratch / "it's a % \"batch\""
    names = association(folder, range(1, 11))
    killed, cancelled, vanished, hungry, damaged = names[:5]
    member = folder / f"{damaged}_rate.fits"
    member.write_bytes(member.read_bytes()[:100000])
    out, flags = folder / "out", scratch / "flags"
    # The first time that one of the four comes to photom it waits to be killed, or takes memory; the second time it goes on.
    hook = scratch / "hook.sh"
    hook.write_text(f"""
        case $1 in *{killed}*|*{cancelled}*|*{vanished}*|*{hungry}*) ;; *) exit 0 ;; esac
        mkdir {flags}/$(basename "$1" | cut -c1-30) || exit 0
        case $1 in *{hungry}*) exec python3 -c "x = bytearray(200000000); import time; time.sleep(30)" ;; esac
        while [ -e {flags}/stay ]; do sleep 0.2; done
        """)
    flags.mkdir()
    (flags / "stay").touch()
    hooks = ["--allow-hooks", "--set", f"photom.pre_hooks='sh {hook} {{0}}',"]
    run(program, "submit", folder / "asn.json", "--engine", "slurm", "--output-dir", out, "--retry", 2, "--max-parallel", 5,
        "--time", 5, "--option=--nice=1", *crds, *hooks)

    tried = attempt(out, 0)
    job = tried["arrays"][0]["job"]
    plan = run(program, "plan", folder / "asn.json", "--product", names[-1], *crds).stdout
    peaks = re.findall(r"^  \w+ +[\d.]+ \w+ +([\d.]+) MiB", plan, re.M)
    data = math.ceil(max(float(peak) for peak in peaks))
    asked = data + data // 4 + 50
    assert {task["memory_mib"] for task in tried["tasks"]} == {asked}, (tried, peaks)
    in_queue = run("squeue", "--noheader", "--array", "--format=%m", f"--jobs={job}").stdout.split()
    assert set(in_queue) == {f"{asked}M"}, in_queue

    at_work = (killed, cancelled, vanished)
    status, seen = wait_for(out, lambda now: all(now.state(name) == "running" for name in at_work), 60)
    assert status.exit_code == UNFINISHED
    os.kill(process_of(status, killed), signal.SIGKILL)
    run("scancel", status.products[cancelled]["job"])
    worker = process_of(status, vanished)
    parent = int(pathlib.Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[1])
    for process in (parent, worker):
        os.kill(process, signal.SIGKILL)
    time.sleep(1)
    (flags / "stay").unlink()

    status, seen_later = wait_for(out, lambda now: now.exit_code != UNFINISHED and now.tree["batches"][0]["gathered"])
    assert {"waiting", "running", "done"} <= seen | seen_later, seen | seen_later
    assert status.exit_code == 3, status.tree
    for name in names:
        assert status.state(name) == ("failed" if name == damaged else "done"), json.dumps(status.products[name])
    assert "truncated" in status.products[damaged]["reason"], status.products[damaged]
    again = attempt(out, 1)
    assert products_of(again) == sorted([killed, cancelled, vanished, hungry]), again
    memory = {product: task["memory_mib"] for task in again["tasks"] for product in task["products"]}
    assert memory[killed] == memory[hungry] == 2 * asked, memory
    assert memory[cancelled] == asked, memory
    assert not (out / "spec2_batch" / "1" / "attempt_2.json").exists()
    gathered = json.loads((out / "spec2_batch" / "1" / "gathered.json").read_text())
    assert (gathered["done"], gathered["failed"], gathered["exit_code"]) == (9, 1, 3), gathered
    assert not list(out.glob(".*")), list(out.glob(".*"))

    # With the flags there, nothing waits: the same options, undisturbed and without a batch system.
    run(program, "run", folder / "asn.json", "--output-dir", folder / "alone", "--quiet", *crds, *hooks, code=3)
    made, alone = dateless(out), dateless(folder / "alone")
    assert made.keys() == alone.keys() and len(made) == 27, made.keys() ^ alone.keys()
    for name, data in alone.items():
        assert made[name] == data, name


def several_associations():
    """An array for each, several products a task; what is done is kept by the next submit."""
    names = association(scratch / "a", range(1, 6)) + association(scratch / "b", range(6, 9))
    out = scratch / "both"
    words = [program, "submit", scratch / "a" / "asn.json", scratch / "b" / "asn.json", "--engine", "slurm", "--output-dir", out,
             "--chunk", 2, "--threads", 2, *crds]
    run(*words)
    assert [len(attempt(out, 0)["tasks"]), len(os.listdir(out / "spec2_batch"))] == [3, 2]
    status, _ = wait_for(out, lambda now: all(one["gathered"] for one in now.tree["batches"]))
    assert status.exit_code == 0 and set(status.products) == set(names), status.tree
    written = {path: path.stat().st_mtime_ns for path in out.glob("*.fits")}
    assert len(written) == 24
    run(*words)
    status, _ = wait_for(out, lambda now: all(one["gathered"] for one in now.tree["batches"]))
    assert status.exit_code == 0 and len(status.tree["batches"]) == 4
    assert written == {path: path.stat().st_mtime_ns for path in out.glob("*.fits")}


for test in (deaths_and_damage, several_associations):
    begin = time.monotonic()
    try:
        test()
    except BaseException:
        for log in sorted(scratch.glob("**/spec2_batch/*/logs/*.log")):
            print(f"== {log.name}", *log.read_text(errors="replace").splitlines()[-12:], sep="\n", file=sys.stderr)
        raise
    print(f"slurm: {test.__name__}: passed in {time.monotonic() - begin:.0f} s", flush=True)
