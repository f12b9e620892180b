/** Compares the gateway with a bare proxy and with others; see README.md. */
import { findSlow } from './check.ts';
import { Bench } from './measure/bench.ts';
import { type Results, sections } from './measure/sections.ts';
import { type Options, readOptions } from './options.ts';
import { readRecord, type Record, setupOf, writeReport } from './report/record.ts';
import { toTable } from './report/table.ts';

const options = readOptions(process.argv.slice(2));

if (options.check) {
  const slow = await findSlow();
  for (const line of slow) console.error(`Too slow: ${line}.`);
  if (slow.length > 0) process.exitCode = 1;
} else {
  const record = options.render ? readRecord() : await measure(options);
  console.log(`\n${toTable(record.results)}`);
  if (options.write || options.render) writeReport(record);
}

/** Measures the sections; those that are not measured stay as they were written. */
async function measure(options: Options): Promise<Record> {
  const setup = setupOf(options);
  const measured: Results = {};
  await using bench = await Bench.open();
  for (const name of options.only) {
    console.log(`\n== ${name}`);
    Object.assign(measured, { [name]: await sections[name](bench, options) });
  }
  const before = options.write ? readRecord() : null;
  return {
    setup: { ...before?.setup, ...Object.fromEntries(options.only.map((name) => [name, setup])) },
    results: { ...before?.results, ...measured },
  };
}
