/**
 * What a command is, and how its arguments are read: Node's own parser, with its complaints put in
 * one sentence that says what to do.
 */
import { parseArgs } from "node:util";
import { Failure } from "#base/failure.ts";

/** One option of a command. */
export interface CommandOption {
  readonly type: "string" | "boolean";
  /** One letter, without the dash. */
  readonly short?: string;
  /** What stands for its value in the help. */
  readonly value?: string;
  readonly help: string;
}

/** Values of options by name, none given twice. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

/** A command of the command line. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What follows the name: positionals, for the help. */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Does the work; results go to stdout, the rest to stderr. Throws `Failure`. */
  run(values: OptionValues, operands: readonly string[]): Promise<void>;
}

const HELP: CommandOption = { type: "boolean", short: "h", help: "shows this" };

/** Runs a command with its arguments, or shows its help. @throws Failure "usage" for misuse */
export async function runCommand(command: Command, args: readonly string[]): Promise<void> {
  const { values, positionals } = parse(command, args);
  if (values.help === true) {
    process.stdout.write(helpOf(command));
    return;
  }
  if (positionals.length !== command.operands.length) {
    const wanted = command.operands.join(" ");
    const problem =
      positionals.length > command.operands.length
        ? `${command.name} has no use for "${positionals[command.operands.length]}"`
        : `${command.name} needs ${wanted}`;
    throw misuse(command, problem);
  }
  await command.run(values, positionals);
}

function parse(command: Command, args: readonly string[]) {
  const options = { ...command.options, help: HELP };
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const values: Record<string, string | boolean> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    if (!Object.hasOwn(options, token.name)) {
      throw misuse(command, `${command.name} has no option ${token.rawName}`);
    }
    const known: CommandOption = options[token.name as keyof typeof options];
    if (Object.hasOwn(values, token.name)) {
      throw misuse(command, `${token.rawName} is given twice`);
    }
    if (known.type === "boolean" && token.value !== undefined) {
      throw misuse(command, `${token.rawName} takes no value`);
    }
    // A value that looks like an option was most likely forgotten; "--seed=-1" says it is meant.
    const forgotten =
      token.value === undefined || (!token.inlineValue && /^--?[a-z]/i.test(token.value));
    if (known.type === "string" && forgotten) {
      throw misuse(command, `${token.rawName} needs a value`);
    }
    values[token.name] = token.value ?? true;
  }
  return { values: values as OptionValues, positionals };
}

const misuse = (command: Command, problem: string): Failure =>
  new Failure("usage", `${problem}; see cadenza ${command.name} --help.`);

/** How a command is called, in full. */
function helpOf(command: Command): string {
  const rows = Object.entries({ ...command.options, help: HELP }).map(([name, option]) => {
    const short = option.short === undefined ? "    " : `-${option.short}, `;
    const left = `  ${short}--${name}${option.value === undefined ? "" : ` ${option.value}`}`;
    return `${left.padEnd(30)} ${option.help}`;
  });
  const usage = ["cadenza", command.name, ...command.operands, "[options]"].join(" ");
  return `${command.summary}\n\nUsage: ${usage}\n\nOptions:\n${rows.join("\n")}\n`;
}

/** A required text option. @throws Failure "usage" */
export function required(command: Command, values: OptionValues, name: string): string {
  const value = values[name];
  if (typeof value === "string") return value;
  const { value: placeholder = "VALUE" } = command.options[name];
  throw misuse(command, `${command.name} needs --${name} ${placeholder}`);
}

/** An optional text option. */
export function text(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}
