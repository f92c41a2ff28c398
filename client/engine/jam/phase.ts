/**
 * Where a session stands. `loading`: weights on their way. `ready`: Play would work.
 * `gathering`: Play was pressed and music is gathered ahead first. `playing`. `failed`: see `message`.
 */
export type Phase = "loading" | "ready" | "gathering" | "playing" | "failed";
