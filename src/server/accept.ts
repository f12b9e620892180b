/** The two forms of an answer (GraphQL over HTTP, section "Media Types"). */
export type AnswerType =
  | 'application/json; charset=utf-8'
  | 'application/graphql-response+json; charset=utf-8';

const json: AnswerType = 'application/json; charset=utf-8';
const graphqlResponse: AnswerType = 'application/graphql-response+json; charset=utf-8';

/** What was made of each header so far; cleared when it is full, since a caller may send any. */
const verdicts = new Map<string, AnswerType | null>();
const maxVerdicts = 256;
const maxLength = 512;

/**
 * The form that an Accept header asks for, by the rule of graphql-yoga's use-result-processor.ts, which answers
 * everything else; null where it asks for neither.
 */
export function chooseAnswerType(accept: string | undefined): AnswerType | null {
  if (accept === undefined) return json;
  const known = verdicts.get(accept);
  if (known !== undefined) return known;
  const chosen = choose(accept);
  if (accept.length <= maxLength) {
    if (verdicts.size >= maxVerdicts) verdicts.clear();
    verdicts.set(accept, chosen);
  }
  return chosen;
}

function choose(accept: string): AnswerType | null {
  let chosen: AnswerType | null = null;
  for (const part of accept.replaceAll(/\s/g, '').toLowerCase().split(',').toReversed()) {
    const [type = '', ...parameters] = part.split(';');
    const charset = parameters.find((one) => one.includes('charset=')) ?? 'charset=utf-8';
    if (charset !== 'charset=utf-8') continue;
    if (matches(type, 'graphql-response+json')) chosen = graphqlResponse;
    if (matches(type, 'json')) chosen = json;
  }
  return chosen;
}

function matches(asked: string, subtype: string): boolean {
  const [major, minor] = asked.split('/');
  return (major === '*' || major === 'application') && (minor === '*' || minor === subtype);
}
