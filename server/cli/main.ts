/** The command line: picks the command, and turns what was thrown into one sentence and a status. */
import { describeError, Failure } from "#base/failure.ts";
import { type Command, runCommand } from "./command.ts";
import { composeCommand } from "./compose.ts";
import { inspectCommand } from "./inspect.ts";
import { renderCommand } from "./render.ts";
import { detokenizeCommand, tokenizeCommand } from "./tokenize.ts";

const COMMANDS: readonly Command[] = [
  composeCommand,
  renderCommand,
  tokenizeCommand,
  detokenizeCommand,
  inspectCommand,
];

const HELP = `Cadenza composes for a band of twelve instruments.

Usage: cadenza COMMAND [options]

Commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`).join("\n")}

cadenza COMMAND --help says more.
`;

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(HELP);
    return;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const problem = name === undefined ? "No command is given" : `There is no command "${name}"`;
    const names = COMMANDS.map((candidate) => candidate.name).join(", ");
    throw new Failure("usage", `${problem}; choose one of ${names}, or see cadenza --help.`);
  }
  await runCommand(command, args);
}

// A reader that has seen enough (head, less) closes the pipe; that is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

main(process.argv.slice(2)).catch((error: unknown) => {
  const bug = !(error instanceof Failure);
  process.stderr.write(`${bug && error instanceof Error ? error.stack : describeError(error)}\n`);
  process.exitCode = !bug && error.kind === "usage" ? 2 : 1;
});
