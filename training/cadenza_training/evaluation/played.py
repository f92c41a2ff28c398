"""What the instrument makes of a model, as `npm run bench -- music` measured it: stuck or not, who leads, how far the chart is obeyed."""

from __future__ import annotations

import json
from pathlib import Path

from ..architecture import ConfigurationError

# Shares of bars of 507 files of real music (client/bench/music/stuck-measures.ts).
REAL = {"inRuns": 0.012, "hammered": 0.014, "runsOfEight": 0.018, "notesABar": 42.7, "pitchesABar": 10.2}
NEEDED = (*REAL, "pieces", "leads", "leadsHalf", "natural", "inChord", "obedience")


def read_played(path: Path) -> dict:
    """The last line of what the benchmark printed. Raises ConfigurationError where it is none of its."""
    try:
        played = json.loads(path.read_text().strip().splitlines()[-1])
        if not isinstance(played, dict) or played.get("benchmark") != "music" or any(name not in played for name in NEEDED):
            raise ValueError("no line of that benchmark")
    except (OSError, ValueError, IndexError) as error:
        raise ConfigurationError(f"{path} holds no figures of music ({error}); give what `npm run bench -- music` printed") from error
    return played


def played_section(played: dict) -> str:
    """A table, the model's figures beside those of real music where there are any."""
    obedience, chord = played["obedience"], played["inChord"]
    rows = [
        ("bars in runs of four like the bar before", _percent(played["inRuns"]), _percent(REAL["inRuns"])),
        ("bars of twelve notes and more on three pitches or fewer", _percent(played["hammered"]), _percent(REAL["hammered"])),
        ("pieces with a run of eight like bars", _percent(played["runsOfEight"]), _percent(REAL["runsOfEight"])),
        ("notes a bar", f"{played['notesABar']:.1f}", f"{REAL['notesABar']:.1f}"),
        ("different pitches a bar", f"{played['pitchesABar']:.1f}", f"{REAL['pitchesABar']:.1f}"),
        ("overlap with the bars of real music, mean of twenty features", f"{played['natural']:.3f}", ""),
        ("bars that the chosen lead leads (holds the skyline)", _percent(played["leads"]), ""),
        ("pieces of which it leads half or more", _percent(played["leadsHalf"]), ""),
        ("melodic sounding time on strong beats in chord tones", _percent(chord["strongBeats"]), ""),
        ("bars in which exactly those play who should", _percent(obedience["players"]), ""),
        *(
            (f"rank correlation of {name} asked and played", f"{obedience[key]:.2f}", "")
            for key, name in (("density", "density"), ("drumDensity", "density of drums"), ("energy", "energy"))
        ),
    ]
    table = "\n".join(f"| {name} | {value} | {real} |" for name, value, real in rows)
    return (
        f"{played['pieces']} pieces without end at default controls, with drums, as the arranger writes their charts (`npm run bench -- "
        f"music`, {played.get('model', '')} {played.get('version', '')}). The instrument's rules are part of this: chords, players, levels, rests and "
        "the lead are held by masks.\n\n| | the instrument | real music |\n|---|---|---|\n" + table
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
