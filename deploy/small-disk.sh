#!/usr/bin/env bash
# Runs a command with TMPDIR on a disk of its own, in memory, that deploy/faults.py may fill:
#
#   deploy/small-disk.sh deploy/postgres-for-tests.sh make …
#
# The disk is gone afterwards, and nobody outside the command sees it. Where this machine makes none, because that takes
# root and namespaces of mounts, the command runs without it and says what it left out.
set -euo pipefail

if [ "$(id -u)" -ne 0 ] || ! unshare --mount mount -t tmpfs none /mnt 2> /dev/null; then
    exec "$@"
fi
disk="$(mktemp -d "${TMPDIR:-/tmp}/ten-points-disk.XXXXXX")"
trap 'rmdir "$disk"' EXIT
# shellcheck disable=SC2016 # the inner shell reads them
unshare --mount bash -c 'mount -t tmpfs -o size=1500m,mode=1777 none "$1"; export TMPDIR="$1"; shift; "$@"' - "$disk" "$@"
