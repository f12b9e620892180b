import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { verify } from '../load/send.ts';
import type { Operation } from '../requests/exchange.ts';
import { operations, rest } from '../requests/operations.ts';
import { type Running, start, type StartOptions } from './process.ts';
import { composeHive, hiveEndpoint, hiveGateway, type Program, stub } from './programs.ts';

/** The processes of a run: the stand-in for Novu, and what was started beside it. Ended together. */
export class Bench implements AsyncDisposable {
  readonly stub: Running;
  readonly #running = new Map<Program, Running>();
  readonly #folder: string;
  #supergraph: string | null = null;

  private constructor(stub: Running, folder: string) {
    this.stub = stub;
    this.#folder = folder;
  }

  static async open(): Promise<Bench> {
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    return new Bench(await start(stub, { probe: rest.list }), folder);
  }

  /** Every process, those that are idle included. */
  get processes(): readonly Running[] {
    return [this.stub, ...this.#running.values()];
  }

  /** The one process of a program for all measurements that do not need a new one; it has proved to answer right. */
  async run(program: Program): Promise<Running> {
    const known = this.#running.get(program);
    if (known !== undefined) return known;
    const running = await this.startNew(program);
    this.#running.set(program, running);
    for (const operation of Object.values(operations)) await this.verify(running, operation);
    return running;
  }

  /** Throws when the answer differs in any field from what it must be. */
  async verify({ program, url }: Running, operation: Operation): Promise<void> {
    const exchange = program.exchange(operation);
    if (exchange === undefined) return;
    await verify(url, exchange).catch((error: unknown) => {
      throw new Error(`${program.name}, ${operation.name}`, { cause: error });
    });
  }

  /** A process of its own, which the caller stops. */
  async startNew(program: Program, options: Partial<StartOptions> = {}): Promise<Running> {
    const probe = program.exchange(operations.retrieve);
    if (probe === undefined) throw new TypeError(`${program.name} can't retrieve`);
    const env = { ...(program === hiveGateway && { SUPERGRAPH: await this.#compose() }), ...options.env };
    return start(program, { probe, novuUrl: this.stub.url, ...options, env });
  }

  /** A folder that goes with the run. */
  folder(name: string): string {
    return join(this.#folder, name);
  }

  async #compose(): Promise<string> {
    if (this.#supergraph !== null) return this.#supergraph;
    const target = this.folder('supergraph.graphql');
    const source = process.env['NOVU_OPENAPI'] ?? '';
    await promisify(execFile)(process.execPath, [
      composeHive.pathname,
      source,
      hiveEndpoint(this.stub.url),
      target,
    ]);
    return (this.#supergraph = target);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.processes.map((one) => one.end()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}
