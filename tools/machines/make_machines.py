"""Turns pymidiinstrumentdefs' verified definitions into presets/machines/*.json.

    pip install pymidiinstrumentdefs==0.4.1   (MIT, Copyright (c) 2026 Simon Holliday)
    python tools/machines/make_machines.py presets/machines

Every definition there is transcribed from a maker's manual and names it; what is marked unverified is left out. Kept of
each are the controllers it receives, the keys of a drum machine, whether it takes programs and MPE, and where that stands.
Facts alone are taken. The three presets that describe no machine (General MIDI, a channel each, MPE) are written here.
"""

import json
import pathlib
import re
import sys

import pymidiinstrumentdefs

CORPUS = "pymidiinstrumentdefs 0.4.1 (MIT), https://github.com/simonholliday/PyMidiInstrumentDefs"

# What a drum voice is, by its name in a definition; the first that matches counts.
DRUMS = [
    ("sidestick", r"^(rim|rs$|side)"),
    ("clap", r"^(hand_)?(clap|cp$|hc$)"),
    ("closed hat", r"^(ch$|cls?_hat|closed|hihat_1_closed)"),
    ("open hat", r"^(oh$|op_hat|open|hihat_1_open)"),
    ("kick", r"^(kick1?$|bd1?$|bass_drum(_1)?$)"),
    ("snare", r"^(snare1?$|snare_drum(_1)?$|sd$)"),
    ("low tom", r"^(tom_l$|lo(w)?_tom|lt$|tom_3|drum_1$)"),
    ("middle tom", r"^(mid_tom|mt$|tom_2)"),
    ("high tom", r"^(tom_h$|hi(gh)?_tom|ht$|tom_1|drum_2$)"),
    ("crash", r"^(crash|cc$|cymbal)"),
    ("ride", r"^(ride|rc$)"),
    ("cowbell", r"^(cow_?bell|cb$|agogo)"),
    ("tambourine", r"^tamb"),
    ("low conga", r"^(conga_l|lo(w)?_conga)"),
    ("high conga", r"^(conga_h|hi(gh)?_conga|mid_conga)"),
    ("maracas", r"^maracas"),
    ("cabasa", r"^cabasa"),
    ("claves", r"^claves"),
]

# The voices that may play a General MIDI percussion key, the best first.
GENERAL_MIDI = {
    35: ["kick"], 36: ["kick"], 37: ["sidestick", "clap", "snare"], 38: ["snare"], 39: ["clap", "snare"],
    40: ["snare"], 41: ["low tom", "middle tom"], 42: ["closed hat"], 43: ["low tom", "middle tom"],
    44: ["closed hat"], 45: ["middle tom", "low tom", "high tom"], 46: ["open hat", "closed hat"],
    47: ["middle tom", "high tom", "low tom"], 48: ["high tom", "middle tom"], 49: ["crash", "ride"],
    50: ["high tom", "middle tom"], 51: ["ride", "crash", "closed hat"], 52: ["crash", "ride"],
    53: ["ride", "cowbell", "crash"], 54: ["tambourine", "closed hat"], 55: ["crash", "ride"],
    56: ["cowbell"], 57: ["crash", "ride"], 59: ["ride", "crash", "closed hat"],
    60: ["high conga", "high tom"], 61: ["low conga", "low tom"], 62: ["high conga"], 63: ["high conga"],
    64: ["low conga"], 69: ["cabasa", "maracas", "closed hat"], 70: ["maracas", "cabasa"], 75: ["claves", "sidestick"],
    82: ["maracas", "cabasa", "closed hat"],
}  # fmt: skip


def drum_keys(voices):
    """The machine's key by General MIDI key, of voices by name; None where they are no drums that are known."""
    found = {}
    for name, key in voices.items():
        kind = next((kind for kind, pattern in DRUMS if re.search(pattern, name)), None)
        found.setdefault(kind, key)
    if "kick" not in found or "snare" not in found:
        return None
    chosen = {pitch: next((found[kind] for kind in kinds if kind in found), None) for pitch, kinds in GENERAL_MIDI.items()}
    return {str(pitch): key for pitch, key in chosen.items() if key is not None}


def machine(path):
    """One definition as a preset; None where nobody has checked it."""
    definition = pymidiinstrumentdefs.load(path)
    if definition.is_unverified:
        return None
    midi, voice = definition.midi, definition.voice
    voices = dict(voice.voices) if voice and voice.voices else {}
    for part in (definition.parts or {}).values():
        voices = voices or dict(part.voices)
    controllers = [
        {"name": control.label or control.name, "controller": control.cc}
        | ({"fine": control.lsb} if control.lsb is not None else {})
        | ({"part": definition.parts[control.part].label} if control.part else {})
        for control in definition.controls.values()
        if control.cc is not None and control.direction in ("both", "receives") and not control.panel_only
    ]
    sources = list(definition.sources.values())
    manuals = [source for source in sources if source.kind in ("manual", "midi_implementation")]
    program = midi.program_change if midi else None
    return {
        "name": definition.model.name,
        "manufacturer": definition.model.manufacturer,
        "firmware": definition.model.firmware,
        "source": {
            "collection": CORPUS,
            "definition": path,
            "documents": [f"{source.title}, {source.url or source.landing}" for source in manuals or sources],
            "where": re.split(r"\n\n", definition.source.strip())[0].split("\n")[0],
        },
        "program": bool(program and program.receives),
        "programs": (program.presets if program else None) or None,
        "mpe": bool(midi and midi.mpe),
        "pitches": list(voice.note_range) if voice and voice.note_range else None,
        "drumKeys": drum_keys(voices),
        "controllers": controllers,
    }


def plain(name, **facts):
    """A preset of no machine: what the MIDI standards say."""
    standard = {"collection": "MIDI Manufacturers Association", "definition": name, "documents": [facts.pop("document")]}
    return {
        "name": name, "manufacturer": "", "firmware": None, "source": standard, "program": True, "programs": None,
        "mpe": False, "pitches": None, "drumKeys": None, "controllers": [], **facts,
    }  # fmt: skip


def written(preset):
    """JSON with a line for each fact and each controller, so that a change shows as one."""
    lines = [f'  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}' for key, value in preset.items() if key != "controllers"]
    controllers = ",\n".join(f"    {json.dumps(each, ensure_ascii=False)}" for each in preset["controllers"])
    lines.append(f'  "controllers": [\n{controllers}\n  ]' if controllers else '  "controllers": []')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(folder):
    presets = {path.replace("/", "-").replace("_", "-"): machine(path) for path in sorted(pymidiinstrumentdefs.available())}
    general = [
        {"name": name, "controller": controller}
        for name, controller in [("Modulation", 1), ("Volume", 7), ("Pan", 10), ("Expression", 11), ("Sustain", 64)]
    ]
    presets["general-midi"] = plain("General MIDI", document="General MIDI System Level 1", controllers=general)
    presets["channel-each"] = plain("One channel each", document="MIDI 1.0", program=False)
    presets["mpe"] = plain("MPE", document="MIDI Polyphonic Expression 1.0", mpe=True, program=False)
    index = []
    for name, preset in sorted(presets.items()):
        if preset is None:
            continue
        (folder / f"{name}.json").write_text(written(preset), encoding="utf-8")
        index.append({"id": name, "name": f"{preset['manufacturer']} {preset['name']}".strip(), "drums": preset["drumKeys"] is not None})
    lines = ",\n".join(f"  {json.dumps(entry, ensure_ascii=False)}" for entry in index)
    (folder / "index.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(index)} machines, {sum(entry['drums'] for entry in index)} with drum keys")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
