#!/bin/sh
# The model that ships, from music to weights in one command on a GPU machine, in under 30 minutes:
#
#   training/jam.sh MUSIC OUT [MINUTES] [further options of cadenza_training.train]
#
# MUSIC is a folder of MIDI files, a folder that prepare-data wrote, or such a folder as .tar.xz.
# OUT gets the checkpoint, the curve (metrics.jsonl), export/ (F16), export-int8/, quantisation.json
# and evaluation.json. MINUTES (25) is for training; the rest takes a few. RUN names another file of
# runs/, PYTHON another Python (training/.venv, else python3). All GPUs of the machine are used.
# Started again, it goes on from the last checkpoint.
set -eu
if [ $# -lt 2 ]; then
  echo "usage: $0 MUSIC OUT [MINUTES] [options]; MUSIC is a folder of MIDI files or of prepared data, or a .tar.xz of the latter." >&2
  exit 2
fi
if [ ! -e "$1" ]; then
  echo "$1 does not exist; name a folder of MIDI files or of prepared data, or a .tar.xz of the latter." >&2
  exit 2
fi
training=$(cd "$(dirname "$0")" && pwd)
music=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
minutes=${3:-25}
shift 2
[ $# -eq 0 ] || shift
run=$(realpath "${RUN:-$training/runs/jam.json}")
if [ -z "${PYTHON:-}" ]; then
  PYTHON=$training/.venv/bin/python
  [ -x "$PYTHON" ] || PYTHON=python3
fi

if [ -f "$music" ]; then
  data=$out/data
  mkdir -p "$data"
  tar -C "$data" -xJf "$music"
elif [ -f "$music/train.bin" ]; then
  data=$music
else
  data=$out/data
  (cd "$training/.." && npm run --silent prepare-data -- --in "$music" --out "$data")
fi

cd "$training"
gpus=$("$PYTHON" -W ignore -c 'import torch; print(torch.cuda.device_count())')
if [ "$gpus" -gt 1 ]; then
  # The "--" keeps torchrun from reading the trainer's options as abbreviations of its own.
  set -- -m torch.distributed.run --standalone --nproc-per-node "$gpus" -m -- cadenza_training.train "$@"
else
  set -- -m cadenza_training.train "$@"
fi
"$PYTHON" -W ignore "$@" --run "$run" --data "$data" --out "$out" --minutes "$minutes"
"$PYTHON" -W ignore -m cadenza_training.export --checkpoint "$out" --out "$out/export-int8" --quantization int8
"$PYTHON" -W ignore -m cadenza_training.quantisation_cost --checkpoint "$out" --data "$data" | tee "$out/quantisation.json"
"$PYTHON" -W ignore -m cadenza_training.evaluate --model "$out/export" --data "$data" --split test | tee "$out/evaluation.json"
