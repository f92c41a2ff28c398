"""The report as Markdown: what was measured, beside what, and where the model falls short."""

from __future__ import annotations

from dataclasses import dataclass

from .comparison import MODEL, MUCH_SHARED, NGRAM, PRODUCT, TEST, TRAIN, UNIGRAM, UNTRAINED
from .generate import PRODUCT_DEFAULTS
from .lstm_result import lstm_section
from .musegan import MELODIC, PAIRS, PAPER, PAPER_SOURCE, TRACKS
from .played import played_section
from .samples import Recipe

SOURCES = (TRAIN, MODEL, PRODUCT, NGRAM, UNIGRAM, UNTRAINED)


@dataclass(frozen=True)
class Pictures:
    """Names of files that lie beside the page; `curve` only where a training's log was given."""

    places: str
    measures: str
    ranges: str
    rolls: tuple[tuple[Recipe, str], ...]
    curve: str | None


def render_page(
    identifier: str, results: dict, pictures: Pictures, bars: int, played: dict | None = None, lstm: dict | None = None, heard: int = 0
) -> str:
    """The whole page; `results` as `compare` gives them, `played` and `lstm` as `read_played` and `read_lstm` do, `heard` the model's tokens."""
    parts = [
        f"# What {identifier} knows and plays",
        _introduction(results),
        "## Held-out loss",
        _losses(results["losses"]),
        f"![loss by place in the window]({pictures.places})",
        *(["## An LSTM in its place", lstm_section(lstm, identifier, heard)] if lstm else []),
        *(["## Training", f"![loss curve]({pictures.curve})"] if pictures.curve else []),
        *(["## The instrument with it", played_section(played)] if played else []),
        "## The music of the model alone, against the test set",
        _music(results),
        f"![histograms of the measures]({pictures.measures})",
        "### Pitch range of each instrument",
        _table(results["music"]["ranges"]),
        f"![histograms of the ranges]({pictures.ranges})",
        "### MuseGAN's measures",
        _musegan(results["musegan"]),
        "## Copying",
        _copying(results["copying"]),
        _loss_by_copying(results),
        "## Ten samples",
        _samples(pictures, bars),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _introduction(results: dict) -> str:
    sizes = results["sizes"]
    return (
        "Made by `python -m cadenza_training.report --model FOLDER --data DIR` (from `training/`), never by hand; "
        "all numbers stand in [evaluation.json](evaluation.json).\n\n"
        f"Losses are on {sizes['windows']} windows of the test split, spread evenly. The music is the first "
        f"{sizes['notes']} notes of pieces: {sizes['testOpenings']} of the test split, {sizes['openings']} of the training "
        f"split, and {sizes['openings']} from each model ({sizes['untrained']} from the untrained one), whose headings "
        f"(drums, lead) are those of test pieces; seed {sizes['seed']}.\n\n"
        "- **training data**: other pieces of the same kind. What lies as near as this cannot be told from the test set.\n"
        "- **model**: its own distribution (temperature 1). **model, default sampling**: with the instrument's default temperature "
        f"({PRODUCT_DEFAULTS.temperature:g}) and top-p ({PRODUCT_DEFAULTS.top_p:g}); the instrument's constraints (longest rests, "
        "natural ranges, runs of drum strokes) are not applied.\n"
        f"- **6-gram**: Witten-Bell, counted on {sizes['ngramTokensCounted']:,} training tokens, escapes fitted to the validation split. "
        "**token frequencies**: the same cut to no context. **untrained model**: the same architecture at its start. "
        "All draw under the same grammar as the model, so none can play what is no music on paper."
    )


def _losses(losses: dict) -> str:
    rows = [
        "| | nats a note | loss | accuracy | time | duration+velocity | instrument+pitch | bits a note | bits a second |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, entry in losses.items():
        kinds = " | ".join(f"{kind['loss']:.3f} / {kind['accuracy']:.3f}" for kind in entry["kinds"].values())
        rows.append(
            f"| {name} ({entry['tokens']:,} tokens) | **{_number(entry['note'], 4)}** | {entry['loss']:.3f} | {entry['accuracy']:.3f} | {kinds} | "
            f"{entry['bits']['perNote']:.2f} | {entry['bits']['perSecond']:.1f} |"
        )
    verdict = "beats" if losses[MODEL]["loss"] < losses[NGRAM]["loss"] else "does **not** beat"
    return (
        "Nats a note, of its three tokens together, and nats per token, by kind loss / accuracy; of the ids of the kind that may come "
        "next. A model that reads a chart has it open but for the place in the bar, where nothing else is said. A note's bits are those of its three tokens; seconds are at 120 beats "
        "a minute (tempo is free, so 16 steps of a 1/32 note are called a second).\n\n" + "\n".join(rows)
        + f"\n\nOn loss the model {verdict} the 6-gram."
    )


def _music(results: dict) -> str:
    music = results["music"]
    lines = [
        f"- {of} than **{name}** in {entry['nearer']} of {entry['of']}"
        + (f"; not in {', '.join(entry['not'])}" if entry["not"] else "")
        for of, others in music["wins"].items()
        for name, entry in others.items()
    ]
    return (
        "Overlap of the histograms (1 is equal), and the distance in brackets: Wasserstein-1 in the measure's unit, for the "
        "instruments' shares Jensen-Shannon. Definitions: `evaluation/measures.py`.\n\n" + _table(music["measures"])
        + "\n\nNearer to the test set, by distance, lies the\n\n" + "\n".join(lines)
        + "\n\nGroove consistency is high for music that hardly sounds, too: two empty steps are alike. Repetition is an exact "
        "one, by step, instrument and pitch."
    )


def _table(rows: list[dict]) -> str:
    sources = [name for name in SOURCES if name in rows[0]["sources"]]
    result = ["| | test mean | " + " | ".join(sources) + " |", "|---|---|" + "---|" * len(sources)]
    for row in rows:
        cells = [_cell(row["sources"][name]) for name in sources]
        result.append(f"| {row['name']} ({row['unit']}) | {_number(row['test']['mean'])} | " + " | ".join(cells) + " |")
    return "\n".join(result)


def _cell(entry: dict) -> str:
    if entry["distance"] is None:
        return "never"
    return f"{entry['overlap']:.2f} ({_number(entry['distance'])})"


def _number(value: float | None, digits: int = 3) -> str:
    return "none" if value is None else f"{value:.{digits}g}"


def _musegan(measured: dict) -> str:
    names = [name for name in (TEST, *SOURCES) if name in measured]
    columns = [*(measured[name] for name in names), *PAPER.values()]
    # The grid's shortest note is the shortest that qualifies.
    qualified = [*({track: 1.0 for track in MELODIC} for _ in names), *(column["qualifiedNotes"] for column in PAPER.values())]
    rows = [
        *((f"empty bars: {track}", [column["emptyBars"][track] for column in columns]) for track in TRACKS),
        *((f"pitch classes a bar: {track}", [column["pitchClasses"][track] for column in columns]) for track in MELODIC),
        *((f"qualified notes: {track}", [column[track] for column in qualified]) for track in MELODIC),
        ("strokes on sixteenths: drums", [column["drumPattern"] for column in columns]),
        *(
            (f"tonal distance: {first} and {second}", [column["tonalDistance"][f"{first}-{second}"] for column in columns])
            for first, second in PAIRS
        ),
    ]
    lines = [f"| {label} | " + " | ".join(_number(value) for value in values) + " |" for label, values in rows]
    return (
        "Means by the definitions of Dong et al. (AAAI 2018), of five of our instruments. The last columns are the paper's own, of its training "
        f"data and of its three models that compose from nothing (tables 1 and 2 of {PAPER_SOURCE}). They may not be held against ours, "
        "only each model against its own music. Theirs are four-bar phrases of rock in five tracks, from a corpus that was made to have all "
        "five, on 24 steps a beat. An empty bar is there one in which a track does not sound, here one in which it strikes nothing. The code "
        "that was published with the paper takes the tonal distance of beats, not of whole bars, counts a stroke beside a sixteenth as .3 of "
        "one, and makes a class of seven neighbouring pitches, not of octaves; whether the tables were made so is not known. No note of ours is "
        "shorter than a qualified one, so that row says nothing of ours.\n\n| | "
        + " | ".join((*names, *PAPER)) + " |\n|---|" + "---|" * len(columns) + "\n" + "\n".join(lines)
    )


def _copying(copying: dict) -> str:
    rows = [
        "| | longest shared run: median | 95 % | most | notes in runs of 16 | openings with over half in such runs |",
        "|---|---|---|---|---|---|",
    ]
    for name in (TEST, *SOURCES):
        if name in copying:
            entry = copying[name]
            longest, share = entry["longest"], entry["share"]
            rows.append(
                f"| {name} | {longest['median']:.0f} | {longest['p95']:.0f} | {longest['most']} | "
                f"{100 * share['mean']:.1f} % | {100 * share['overHalf']:.1f} % |"
            )
    return (
        "Runs of notes within one instrument's part (drums left out) that stand in the training split too, by "
        "rhythm and intervals, whatever the key and the instrument; runs of too few different moves are not counted; "
        "lengths are known to an eighth. The first line is what held-out music itself shares with the training "
        "split: common figures, and pieces that stand in both in other versions.\n\n" + "\n".join(rows)
    )


def _loss_by_copying(results: dict) -> str:
    found = results["lossByCopying"]
    rows = ["| | other windows: loss | accuracy | windows that share much: loss | accuracy |", "|---|---|---|---|---|"]
    for name in (MODEL, NGRAM):
        cells = [
            "none | none" if part["loss"] is None else f"{part['loss']:.3f} | {part['accuracy']:.3f}"
            for part in (found[name]["own"], found[name]["shared"])
        ]
        rows.append(f"| {name} | {cells[0]} | {cells[1]} |")
    return (
        f"Of the windows that the losses are measured on, {found['windows']} share much with the training split (over "
        f"{100 * MUCH_SHARED:.0f} % of their notes in runs of 16). What the losses are on either side:\n\n" + "\n".join(rows)
    )


def _samples(pictures: Pictures, bars: int) -> str:
    parts = [
        f"Ten pieces of {bars} bars by `npm run cadenza -- compose` with its defaults, leads and seeds fixed beforehand, "
        "none chosen."
    ]
    for recipe, picture in pictures.rolls:
        drums = " with drums" if recipe.drums else ""
        parts.append(
            f"**{recipe.lead}{drums}, seed {recipe.seed}**: [{recipe.name}.mp3]({recipe.name}.mp3), "
            f"[{recipe.name}.mid]({recipe.name}.mid)\n\n![piano roll of {recipe.name}]({picture})"
        )
    return "\n\n".join(parts)
