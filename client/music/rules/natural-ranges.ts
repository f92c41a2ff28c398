/** The melodic ranges in which each instrument sounds natural (MIDI pitches, inclusive), by its id. */
export const NATURAL_RANGES: readonly (readonly [lowest: number, highest: number])[] = [
  [21, 108], // Piano
  [36, 90], // Guitar
  [23, 67], // Bass
  [43, 105], // Violin
  [28, 84], // Cello
  [23, 103], // Harp
  [28, 96], // Trumpet (with trombone, tuba)
  [34, 93], // Sax (with clarinet, oboe, bassoon)
  [52, 105], // Flute
  [27, 87], // Drums: the keys of the GM2 percussion map
  [36, 88], // Choir
  [24, 103], // Organ
];
