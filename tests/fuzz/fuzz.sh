#!/bin/sh
# fuzz.sh BUILD SECONDS [TARGET...]: runs the fuzz targets, each for so many seconds, from the corpora of the tree; what they find
# new lies under BUILD/fuzz. Limits: 64 MiB for what an input allocates, 1 s an input.
set -eu
build=$1 seconds=$2
shift 2
here=$(dirname "$0")
for target in ${*:-mapping configobj association asdf fits}; do
  mkdir -p "$build/fuzz/$target"
  echo "== $target"
  "$build/tests/fuzz/fuzz_$target" "$build/fuzz/$target" "$here/corpus/$target" -max_total_time="$seconds" -max_len=65536 \
    -timeout=1 -malloc_limit_mb=64 -rss_limit_mb=512 -artifact_prefix="$build/fuzz/$target-" -print_final_stats=1 -verbosity=0
done
