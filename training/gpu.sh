#!/bin/sh
# A model from a GPU machine that only files of limited size reach, in a few calls:
#
#   training/gpu.sh pack DATA PARTS [MIB]             here: what prepare-data wrote as PARTS/part-aa, part-ab, ... of at most MIB (24) each
#   training/gpu.sh take PARTS KEPT                   there, once for each call that brings parts: keeps them in KEPT
#   training/gpu.sh train KEPT OUT RESULTS MINUTES [options of cadenza_training.train]
#                                                     there: unpacks, trains, and puts what is to come back into RESULTS
#
# MINUTES is the whole time to train. With SESSION_SECONDS set, training pauses in order when they are over, and the same
# call made again goes on. RESULTS gets the export (shards under 16 MiB), the curve and the figures of the test split: at most 8
# files. RUN names another file of runs/, PYTHON another Python (training/.venv, else python3).
set -eu
usage() {
  echo "usage: $0 pack DATA PARTS [MIB] | take PARTS KEPT | train KEPT OUT RESULTS MINUTES [options]; see the head of the script." >&2
  exit 2
}
[ $# -ge 3 ] || usage
training=$(cd "$(dirname "$0")" && pwd)
run=$(realpath "${RUN:-$training/runs/jam.json}")
if [ -z "${PYTHON:-}" ]; then
  PYTHON=$training/.venv/bin/python
  [ -x "$PYTHON" ] || PYTHON=python3
fi

case $1 in
  pack)
    data=$(realpath "$2")
    mkdir -p "$3"
    parts=$(realpath "$3")
    columns=$(mktemp -d)
    trap 'rm -rf "$columns"' EXIT
    (cd "$training" && "$PYTHON" -W ignore -m cadenza_training.columns --data "$data" --out "$columns")
    rm -f "$parts"/part-*
    tar -C "$columns" --sort=name -cf - . | xz -6 -T0 | split -b "${4:-24}m" - "$parts/part-"
    ls -l "$parts"
    ;;
  take)
    mkdir -p "$3"
    mv "$2"/part-* "$3"
    ls -l "$3"
    ;;
  train)
    [ $# -ge 5 ] || usage
    mkdir -p "$3" "$4"
    kept=$(realpath "$2") out=$(realpath "$3") results=$(realpath "$4") minutes=$5
    shift 5
    cd "$training"
    if [ ! -f "$kept/data/test.bin" ]; then
      mkdir -p "$kept/columns"
      cat "$kept"/part-* | tar -C "$kept/columns" -xJf -
      "$PYTHON" -W ignore -m cadenza_training.columns --back --data "$kept/columns" --out "$kept/data"
      rm -rf "$kept/columns"
    fi
    timeout --signal TERM --preserve-status "${SESSION_SECONDS:-0}" \
      "$PYTHON" -W ignore -m cadenza_training.train --run "$run" --data "$kept/data" --out "$out" --minutes "$minutes" "$@"
    [ ! -f "$out/metrics.jsonl" ] || cp "$out/metrics.jsonl" "$results"
    if [ -f "$out/export/manifest.json" ]; then
      cp "$out"/export/* "$results"
      "$PYTHON" -W ignore -m cadenza_training.evaluate --model "$out/export" --data "$kept/data" --split test | tee "$results/evaluation.json"
    fi
    ;;
  *) usage ;;
esac
