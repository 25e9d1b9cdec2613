#!/bin/sh
# Unpacks data/nirspec_fs_sample.tar.xz beside itself unless that was done already.
set -eu
cd "$(dirname "$0")/../data"
stamp=nirspec_fs_sample/.unpacked
if [ ! -e "$stamp" ] || [ nirspec_fs_sample.tar.xz -nt "$stamp" ]; then
  rm -rf nirspec_fs_sample
  tar -xJf nirspec_fs_sample.tar.xz
  touch "$stamp"
fi
