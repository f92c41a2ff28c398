/**
 * The chart ahead of an event as a table that a device can follow: from which step on which conditions hold, so that
 * events that are drawn there know theirs. `conditionsAt` (chart/conditions.ts) is the oracle; the program says the
 * same of every onset that the table reaches, which is any that the next event can have. Past it the last entry
 * holds on: whoever draws several events at once compares what each carries with the chart.
 */
import { assert } from "#base/assert.ts";
import type { ChartBars } from "#music/chart/chart.ts";
import { CONDITION_GROUPS, conditionsAt } from "#music/chart/conditions.ts";
import { type Bar, halfOf } from "#music/metre.ts";
import { MAX_DELTA } from "#music/tokens/vocabulary.ts";

/** Entries: halves of bars, and a bar has a step at least. */
const ENTRIES = MAX_DELTA + 1;

/** Steps that a table reaches where its entries suffice: some 32 bars, more than a draw of several events fills. */
const REACH = 1024;

/** Words of an entry: the step it holds from, where its bar begins, and all conditions but the phase, two a word. */
const ENTRY_WORDS = 2 + Math.ceil((CONDITION_GROUPS.length - 1) / 2);

/** Words of a table: which entry holds now, and the entries. */
export const TABLE_WORDS = 1 + ENTRIES * ENTRY_WORDS;

/** What no step reaches. */
const NEVER = 0xffffffff;

/** The table of a chart for onsets from `onset` on, (TABLE_WORDS). */
export function packChart(chart: ChartBars, onset: number): Uint32Array {
  const table = new Uint32Array(TABLE_WORDS);
  let entries = 0;
  let bar = chart.metres.barAt(onset);
  const add = (from: number, to: number) => {
    if (to <= onset || entries === ENTRIES) return;
    packEntry(table, 1 + entries * ENTRY_WORDS, chart, bar, from);
    entries++;
  };
  while (entries < ENTRIES && bar.start < onset + REACH) {
    const end = bar.start + bar.steps;
    const half = Math.min(end, bar.start + halfOf(bar));
    add(bar.start, half);
    if (half < end) add(half, end);
    bar = chart.metres.barAt(end);
  }
  for (let entry = entries; entry < ENTRIES; entry++) table[1 + entry * ENTRY_WORDS] = NEVER;
  return table;
}

function packEntry(table: Uint32Array, at: number, chart: ChartBars, bar: Bar, from: number): void {
  const [, ...ids] = conditionsAt(chart, from);
  table[at] = from;
  table[at + 1] = bar.start;
  ids.forEach((id, i) => {
    assert(id < 1 << 16, `condition ${id}: expected 16 bits`);
    table[at + 2 + (i >> 1)] |= id << (16 * (i & 1));
  });
}

/**
 * WGSL of `followChart()`, to be called once the onset moved on, and of `conditionRow(group)`, which `DrawRules` asks
 * for. @param table where the table begins in `state`. @param onset where the onset stands.
 */
export const chartProgram = (table: number, onset: number): string => /* wgsl */ `
fn entry(index: u32) -> u32 { return ${table + 1}u + index * ${ENTRY_WORDS}u; }

fn followChart() {
  var index = state[${table}u];
  while (index < ${ENTRIES - 1}u && state[entry(index + 1u)] <= state[${onset}u]) { index++; }
  state[${table}u] = index;
}

fn conditionRow(group: u32) -> u32 {
  let at = entry(state[${table}u]);
  // The phase comes first among the groups, its row 0 saying nothing; later phases share the last row.
  if (group == 0u) { return 1u + min(state[${onset}u] - state[at + 1u], ${CONDITION_GROUPS[0].rows - 2}u); }
  let two = state[at + 2u + (group - 1u) / 2u];
  return (two >> (16u * ((group - 1u) & 1u))) & 0xffffu;
}
`;
