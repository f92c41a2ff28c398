/** What hardware may move: something with a range, a switch, an act, or a list to choose of. All named and read alike. */

/** See the header. */
export type Target = {
  /** Holds over reloads and in files: "control:tempo", "strip:3:level". */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Under which it is listed. */
  readonly group: string;
} & (
  | {
      readonly kind: "range";
      /** Where it stands, 0-1. */
      readonly share: () => number;
      readonly move: (share: number) => void;
    }
  | { readonly kind: "switch"; readonly isOn: () => boolean; readonly flip: () => void }
  | { readonly kind: "act"; readonly act: () => void; readonly isLit?: () => boolean }
  | {
      readonly kind: "list";
      readonly length: () => number;
      readonly choose: (index: number) => void;
    }
);

/** How it looks on a controller, 0-1; undefined for what has no place to be shown at. */
export function shownShare(target: Target): number | undefined {
  switch (target.kind) {
    case "range":
      return target.share();
    case "switch":
      return target.isOn() ? 1 : 0;
    case "act":
      return target.isLit === undefined ? undefined : Number(target.isLit());
    case "list":
      return undefined;
  }
}
