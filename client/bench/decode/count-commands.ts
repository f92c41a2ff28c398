/** Counts what a piece of work asks of WebGPU, by standing in for the calls of the whole realm meanwhile. */

/** Dispatches and submits of a piece of work. */
export interface CommandCount {
  readonly dispatches: number;
  readonly submits: number;
}

/** Runs `work` and counts. Not re-entrant. */
export async function countCommands(work: () => Promise<unknown>): Promise<CommandCount> {
  const count = { dispatches: 0, submits: 0 };
  const encoder = GPUComputePassEncoder.prototype;
  const queue = GPUQueue.prototype;
  const { dispatchWorkgroups } = encoder;
  const { submit } = queue;
  encoder.dispatchWorkgroups = function (...args) {
    count.dispatches++;
    dispatchWorkgroups.apply(this, args);
  };
  queue.submit = function (buffers) {
    count.submits++;
    submit.call(this, buffers);
  };
  try {
    await work();
  } finally {
    encoder.dispatchWorkgroups = dispatchWorkgroups;
    queue.submit = submit;
  }
  return count;
}
