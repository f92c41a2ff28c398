/** Closes a dialog when it is clicked outside of what it shows: a click on its backdrop hits the dialog and no child. */
export function closeOutside(event: Event): void {
  if (event.target === event.currentTarget) (event.currentTarget as HTMLDialogElement).close();
}
