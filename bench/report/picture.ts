import type { Cost } from '../measure/cost.ts';
import { columns } from './table.ts';

const width = 760;
const labelWidth = 190;
const valueWidth = 60;
const barHeight = 18;
const barGap = 6;
const panelGap = 34;
const titleHeight = 26;

/** Bars of each operation's ratios, as SVG; each operation has its own scale, and shorter is better. */
export function toPicture(costs: readonly Cost[]): string {
  const parts: string[] = [];
  let y = 8;
  for (const operation of new Set(costs.map((cost) => cost.operation))) {
    const of = costs.filter((cost) => cost.operation === operation);
    const bars = columns.flatMap((name) => {
      if (name === 'bare proxy') return [{ name, ratio: 1 }];
      const cost = of.find(({ contender }) => contender === name);
      return cost === undefined ? [] : [{ name, ratio: cost.ratio }];
    });
    const greatest = Math.max(...bars.map(({ ratio }) => ratio));
    parts.push(text(0, y + 14, operation.replaceAll('`', ''), 'title'));
    y += titleHeight;
    for (const { name, ratio } of bars) {
      const length = ((width - labelWidth - valueWidth) * ratio) / greatest;
      const middle = y + barHeight - 5;
      parts.push(
        text(labelWidth - 8, middle, name, 'name'),
        `<rect class="${name === 'novu-graphql' ? 'ours' : 'other'}" x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>`,
        text(labelWidth + length + 6, middle, ratio.toFixed(ratio < 10 ? 2 : 1), 'value'),
      );
      y += barHeight + barGap;
    }
    y += panelGap - barGap;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" aria-label="CPU time of a request as a ratio to a bare proxy">
<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 } .name { text-anchor: end }
.ours { fill: #0969da } .other { fill: #afb8c1 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .ours { fill: #4493f8 } .other { fill: #57606a } }
</style>
${parts.join('\n')}
</svg>
`;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const text = (x: number, y: number, words: string, kind: string) =>
  `<text class="${kind}" x="${x.toFixed(1)}" y="${y}">${words.replaceAll(/[&<>]/g, (sign) => escapes[sign] ?? sign)}</text>`;
