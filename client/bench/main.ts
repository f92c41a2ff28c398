/**
 * `npm run bench [-- NAME ...]`: runs one benchmark, or all of them with what they do by default. Results go to
 * stdout, the last line as JSON; progress goes to stderr. Exit status 2 for misuse, 1 for a failure.
 */
import { describeError, Failure } from "#base/failure.ts";
import { BENCHMARKS } from "./benchmark-list.ts";

const report = (line: string) => process.stderr.write(`${line}\n`);

async function main([name, ...args]: readonly string[]): Promise<void> {
  const known = Object.keys(BENCHMARKS);
  if (name !== undefined && !Object.hasOwn(BENCHMARKS, name))
    throw new Failure(
      "usage",
      `There is no benchmark "${name}"; choose one of: ${known.join(", ")}.`,
    );
  for (const each of name === undefined ? known : [name]) {
    const benchmark = await BENCHMARKS[each]();
    const { table, json } = await benchmark.run(args, report);
    for (const line of table) console.log(line);
    console.log(JSON.stringify(json));
  }
}

try {
  await main(process.argv.slice(2));
  // Dawn keeps Node's event loop alive.
  process.exit(0);
} catch (error) {
  report(describeError(error));
  if (!(error instanceof Failure) && error instanceof Error && error.stack) report(error.stack);
  process.exit(error instanceof Failure && error.kind === "usage" ? 2 : 1);
}
