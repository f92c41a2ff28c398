/**
 * What a person is told, as data: a code and what varies in it. Remarks are compared by their codes, never by
 * sentences; the sentence is made where it is shown (ui/wording), which has one for every code in every language.
 */

/** Browsers by what differs for the person: how MIDI is allowed. */
export type BrowserFamily = "chromium" | "firefox" | "safari" | "other";

/** Every code, and what its sentence needs. */
export interface RemarkParameters {
  /** In words already: what only one room says, or a `Failure` that the server and the command line share. */
  sentence: { readonly sentence: string };
  /** Play was pressed; the first music is on its way. */
  "composing-first-bars": object;
  /** A slow machine: seconds composed a second, seconds gathered so far, and wanted. */
  gathering: {
    readonly realTimeFactor: number;
    readonly ahead: number;
    readonly aheadWanted: number;
  };
  /** A slow machine keeps what it has: seconds until a control is heard. */
  "heard-later": { readonly seconds: number };
  /** A slow machine allows less than a full band. */
  "band-thinned": object;
  /** These play without samples, of `of` instruments. */
  "plays-synthesised": {
    readonly instruments: readonly string[];
    readonly of: number;
    readonly reason: Remark;
  };
  "unknown-backend": { readonly name: string };
  "no-webgpu": object;
  "no-graphics-adapter": object;
  "webgpu-emulated": object;
  "no-simd": object;
  /** The graphics device was lost; `backend` plays on. */
  "device-replaced": { readonly backend: string };
  "device-lost": { readonly reason: Remark };
  /** A kept file of weights was broken and was fetched again. */
  "kept-copy-broken": { readonly file: string };
  /** The server does not answer; the model kept from before opens. */
  "kept-model": object;
  /** Nothing can go round or come back with the model of this name. */
  "nothing-given": { readonly id: string };
  "weights-not-kept": { readonly reason: string };
  "settings-not-kept": object;
  /** What the browser allows the page is used up. */
  "storage-full": object;
  "thread-broken": { readonly reason: string };
  "model-not-loaded": object;
  "no-web-audio": object;
  /** The browser does not say which outputs there are. */
  "outputs-unnamed": object;
  /** The system has suspended the audio while it was wanted. */
  "sound-taken-away": object;
  /** Asked to sound, the audio neither starts nor refuses. */
  "sound-hangs": object;
  /** Another tab of the page plays. */
  "plays-elsewhere": object;
  /** Another tab has begun to play, so this one has stopped. */
  "stage-taken": object;
  /** What was played before a new piece is kept as a track of this name. */
  "take-kept": { readonly name: string };
  /** A link's performance is composed once more. */
  "link-composing": object;
  /** That is done, and kept as a track of this name. */
  "link-composed": { readonly name: string };
  /** The same, but this machine made other notes of it. */
  "link-differs": { readonly name: string };
  /** In characters. */
  "link-too-long": { readonly length: number; readonly most: number };
  "link-unreadable": object;
  "tracks-not-kept": { readonly reason: string };
  "sound-refused": { readonly reason: string };
  "midi-missing": { readonly browser: BrowserFamily };
  "midi-insecure": object;
  "midi-forbidden": { readonly browser: BrowserFamily };
  /** The browser's question was closed without an answer. */
  "midi-dismissed": object;
  "midi-held": object;
  "midi-unsupported": object;
  "midi-failed": { readonly reason: string };
  "midi-port-lost": { readonly port: string };
  /** No microphone is there, or the browser has no way to one. */
  "microphone-missing": object;
  "microphone-insecure": object;
  "microphone-forbidden": object;
  /** Another program has it. */
  "microphone-held": object;
  "microphone-failed": { readonly reason: string };
  /** System exclusive messages were asked for, and are not allowed. */
  "sysex-refused": { readonly browser: BrowserFamily };
}

export type RemarkCode = keyof RemarkParameters;

/** See the header. Plain data: it crosses threads and is kept as JSON. */
export type Remark = {
  [Code in RemarkCode]: { readonly code: Code; readonly parameters: RemarkParameters[Code] };
}[RemarkCode];

/** A remark with its parameters. */
export const remark = <Code extends RemarkCode>(
  code: Code,
  parameters: RemarkParameters[Code],
): Remark => ({ code, parameters }) as Remark;

/** A remark that is in words already. */
export const sentence = (text: string): Remark => remark("sentence", { sentence: text });

/** The same for the same remarks, different for different ones. */
export const remarkKey = ({ code, parameters }: Remark): string =>
  `${code} ${JSON.stringify(parameters)}`;

/** Whether two remarks say the same. */
export const sameRemark = (a: Remark, b: Remark): boolean => remarkKey(a) === remarkKey(b);
