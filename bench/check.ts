/** The short run that says whether the gateway has become slower. */
import { guards } from './guards.ts';
import { Bench } from './measure/bench.ts';
import { measureCost } from './measure/cost.ts';
import { gateway } from './measure/programs.ts';
import { sayCost } from './measure/sections.ts';
import { measureSurvivors } from './measure/survivors.ts';
import { operations } from './requests/operations.ts';

const scale = { connections: 16, seconds: 0.5, pairs: 5, warmUpSeconds: 8 };

/** What exceeds its guard, one line each; nothing when all is well. */
export async function findSlow(): Promise<string[]> {
  await using bench = await Bench.open();
  const slow: string[] = [];
  const contender = await bench.run(gateway);
  for (const name of ['create', 'retrieve', 'list'] as const) {
    const guard = guards.ratio[name];
    let cost = await measureCost(bench, contender, operations[name], scale);
    // Once more, before a busy machine is taken for a slow gateway.
    if (cost !== null && cost.ratio > guard)
      cost = await measureCost(bench, contender, operations[name], scale);
    if (cost === null) continue;
    sayCost(cost);
    if (cost.ratio > guard)
      slow.push(
        `${cost.operation} costs ${cost.ratio.toFixed(2)} bare proxies, at most ${guard} are allowed`,
      );
  }
  for (const name of ['create', 'list'] as const) {
    const survivors = await measureSurvivors(bench, gateway, operations[name], { ...scale, seconds: 2 });
    if (survivors === null) continue;
    const promoted = Math.round(survivors.promoted);
    console.log(`${name}: ${promoted} bytes are promoted`);
    if (promoted > guards.promoted[name])
      slow.push(
        `${name} promotes ${promoted} bytes to the old generation, at most ${guards.promoted[name]} are allowed`,
      );
  }
  return slow;
}
