import { parseArgs } from 'node:util';
import { type Scale, type Section, sections } from './measure/sections.ts';

export type Options = Scale & {
  check: boolean;
  /** Nothing is measured: what was written before is rendered anew. */
  render: boolean;
  write: boolean;
  only: Section[];
};

const names = Object.keys(sections) as Section[];

/** Throws a TypeError that says which option is wrong. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      check: { type: 'boolean', default: false },
      render: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      only: { type: 'string' },
      connections: { type: 'string', default: '16' },
      pairs: { type: 'string', default: '9' },
      seconds: { type: 'string', default: '1' },
      'warm-up': { type: 'string', default: '20' },
    },
  });
  const positive = (name: 'connections' | 'pairs' | 'seconds' | 'warm-up') => {
    const value = Number(values[name]);
    if (!(value > 0)) throw new TypeError(`--${name} must be a number above 0`);
    return value;
  };
  const only = values.only?.split(',') ?? names;
  for (const name of only)
    if (!names.includes(name as Section))
      throw new TypeError(`--only takes ${names.join(', ')}, separated by commas`);
  const pairs = positive('pairs');
  const seconds = positive('seconds');
  return {
    check: values.check,
    render: values.render,
    write: values.write,
    only: only as Section[],
    connections: positive('connections'),
    pairs,
    seconds,
    warmUpSeconds: positive('warm-up'),
    latencyRounds: Math.ceil(pairs / 2),
    latencySeconds: seconds * 4,
    starts: pairs,
  };
}
