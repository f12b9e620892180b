import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type GatewayProcess = AsyncDisposable & {
  /** Address of /graphql; rejects when the process ends before it names one. */
  readonly url: Promise<string>;
  /** Everything that it printed so far, on stdout and stderr. */
  output(): string;
  errorOutput(): string;
  kill(signal: NodeJS.Signals): void;
  readonly pid: number | undefined;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** The flags of the start script, so that what the tests start is what people start. */
function nodeFlags(): string[] {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { scripts } = JSON.parse(manifest) as { scripts: { start: string } };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

const project = fileURLToPath(new URL('../../', import.meta.url));
const source = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export type ProcessOptions = {
  /** What is run. @default the source */
  main?: string;
  /** A script of npm, instead. */
  npm?: string;
  args?: readonly string[];
  /** @default that of the tests */
  cwd?: string;
  /** Its output, as a file descriptor. @default a pipe that `output` reads */
  stdout?: 'pipe' | number;
};

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}

/** Runs the command as an operator does: a process of its own that knows nothing but these variables. */
export function startProcess(
  env: Record<string, string> = {},
  { main = source, npm, args = [], cwd, stdout = 'pipe' }: ProcessOptions = {},
): GatewayProcess {
  const [command, ...before] =
    npm === undefined
      ? ([process.execPath, ...nodeFlags(), main] as const)
      : (['npm', '--prefix', project, 'run', npm, '--'] as const);
  const child: ChildProcess = spawn(command, [...before, ...args], {
    env: { PATH: process.env['PATH'], PORT: '0', ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: ['ignore', stdout, 'pipe'],
    // What npm starts is ended with it, even where npm has left it behind.
    detached: npm !== undefined,
  });
  let output = '';
  let errorOutput = '';
  const found = Promise.withResolvers<string>();
  // Nobody may be waiting for it.
  found.promise.catch(() => undefined);
  const onText = (text: string) => {
    output += text;
    const url = /http:\/\/[^\s"]+\/graphql/.exec(output)?.[0];
    if (url !== undefined) found.resolve(url);
  };
  child.stdout?.setEncoding('utf8').on('data', onText);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errorOutput += text;
    onText(text);
  });
  // 'close' comes after the last of the output, 'exit' may come before.
  const exited = once(child, 'close').then(([code, signal]) => {
    found.reject(new Error(`ended with ${code ?? signal}: ${output}`));
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });

  return {
    url: found.promise,
    exited,
    pid: child.pid,
    output: () => output,
    errorOutput: () => errorOutput,
    kill: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      if (npm === undefined) child.kill('SIGKILL');
      else endGroup(child);
      await exited;
    },
  };
}
