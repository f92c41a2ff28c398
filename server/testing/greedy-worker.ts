/** A thread that holds more and more, until it is ended. */
const held: number[][] = [];
for (;;) held.push(new Array<number>(1_000_000).fill(0.5));
