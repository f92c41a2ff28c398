/** Hands bytes to the browser as a file, the way every browser allows: a link that is clicked. */

/** Saves `content` under `name`. The object URL lives long enough for the browser to read it. */
export function downloadFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A Standard MIDI File as a blob of its own type. */
export const midiBlob = (bytes: Uint8Array): Blob =>
  new Blob([bytes.slice()], { type: "audio/midi" });
